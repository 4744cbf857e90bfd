import type { Notes } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import type { RemoteFile } from '../remote/remote-files';
import type { Blocks } from './block-sums';

/** What is known about a file that lies in the inbox. */
export interface KnownFile {
  readonly name: string;
  readonly bytes: number;
  readonly modified: number;
  readonly sha256: string;
  readonly records: number;
  /** Checksums of its blocks, so that what is read is what was looked through. */
  readonly blocks: Blocks;
  /** When the run began that found it whole (date-time): the time part of its records' places. */
  readonly foundAt: string;
  /** Its place among the files of that run. */
  readonly order: number;
}

/** What became of a content. */
export interface KnownContent {
  readonly name: string;
  readonly at: string;
  /** False while its file is still to be archived. */
  readonly archived: boolean;
  readonly foundAt: string;
  /** What the names of its answers have behind that of the file; those of an earlier version have the beginning of its checksum. */
  readonly mark?: string;
}

/** One reason why a record was not accepted. */
export interface Rejected {
  readonly line: number;
  readonly record: string;
  readonly stream: string;
  readonly path: string;
  readonly value: string;
  readonly reason: string;
}

/** When a file was first seen as it is, without being whole. */
interface Trouble {
  readonly bytes: number;
  readonly modified: number;
  readonly since: number;
}

/** Why a file is put aside, noted before it is: its done file may be away already when the process dies. */
export interface Refusing {
  readonly reason: string;
  readonly at: string;
}

const numbered = (number: number): string => String(number).padStart(12, '0');

/** What the connector remembers about files: by name while they lie in the inbox, by content for ever. */
export class Ledger {
  constructor(private readonly notes: Notes) {}

  /** The file's note, when the file has not changed since it was written. */
  async file(drop: string, { name, bytes, modified }: RemoteFile): Promise<KnownFile | undefined> {
    const note = (await this.notes.get('file', `${drop}/${name}`)) as KnownFile | undefined;
    return note?.bytes === bytes && note.modified === modified ? note : undefined;
  }

  /** The file is to be looked through again. */
  async forgetFile(drop: string, { name }: Pick<KnownFile, 'name'>): Promise<void> {
    await this.notes.put('file', [{ key: `${drop}/${name}`, value: {} }]);
  }

  async putFile(drop: string, file: KnownFile): Promise<void> {
    await this.notes.put('file', [
      { key: `${drop}/${file.name}`, value: { ...file, blocks: { ...file.blocks } } },
    ]);
  }

  async content(drop: string, sha256: string): Promise<KnownContent | undefined> {
    return (await this.notes.get('content', `${drop}/${sha256}`)) as KnownContent | undefined;
  }

  async putContent(drop: string, sha256: string, content: KnownContent): Promise<void> {
    await this.notes.put('content', [{ key: `${drop}/${sha256}`, value: { ...content } }]);
  }

  /** True when the stream has read the file to its end. */
  async isRead(file: KnownFile, stream: string): Promise<boolean> {
    const note = await this.notes.get('read', `${file.sha256}/${stream}`);
    return note?.['foundAt'] === file.foundAt;
  }

  async markRead(file: KnownFile, stream: string): Promise<void> {
    await this.notes.put('read', [{ key: `${file.sha256}/${stream}`, value: { foundAt: file.foundAt } }]);
  }

  /** How long (ms) the file has been as it is now without being whole. */
  async troubledFor(
    drop: string,
    { name, bytes, modified }: RemoteFile,
    now: number,
    notes: boolean,
  ): Promise<number> {
    const key = `${drop}/${name}`;
    const note = (await this.notes.get('trouble', key)) as unknown as Trouble | undefined;
    if (note?.bytes === bytes && note.modified === modified) return now - note.since;
    if (notes) await this.notes.put('trouble', [{ key, value: { bytes, modified, since: now } }]);
    return 0;
  }

  /** The content that was read last under this name. */
  async latest(drop: string, name: string): Promise<string | undefined> {
    const sha256 = (await this.notes.get('latest', `${drop}/${name}`))?.['sha256'];
    return typeof sha256 === 'string' ? sha256 : undefined;
  }

  async putLatest(drop: string, { name, sha256 }: Pick<KnownFile, 'name' | 'sha256'>): Promise<void> {
    await this.notes.put('latest', [{ key: `${drop}/${name}`, value: { sha256 } }]);
  }

  /** Remembers that a file of this name stands in the quarantine; while it is being put aside, which one and why. */
  async noteRefused(drop: string, { name, bytes, modified }: RemoteFile, refusing?: Refusing): Promise<void> {
    const value = refusing === undefined ? {} : { bytes, modified, ...refusing };
    await this.notes.put('refused', [{ key: `${drop}/${name}`, value }]);
  }

  /** Why this file, as it is, was being put aside when the process ended. */
  async refusing(drop: string, { name, bytes, modified }: RemoteFile): Promise<Refusing | undefined> {
    const note = await this.notes.get('refused', `${drop}/${name}`);
    const isIt = note?.['bytes'] === bytes && note['modified'] === modified;
    return isIt ? { reason: String(note['reason']), at: String(note['at']) } : undefined;
  }

  async wasRefused(drop: string, name: string): Promise<boolean> {
    return (await this.notes.get('refused', `${drop}/${name}`)) !== undefined;
  }

  async putRejected(
    file: Pick<KnownFile, 'sha256'>,
    stream: string,
    entries: readonly { readonly number: number; readonly reasons: readonly Rejected[] }[],
  ): Promise<void> {
    await this.notes.put(
      `rejected/${file.sha256}/${stream}`,
      entries.map(({ number, reasons }) => ({
        key: numbered(number),
        value: { reasons: reasons.map((reason): JsonObject => ({ ...reason })) },
      })),
    );
  }

  /** Reasons by record, in the order of the file, page by page. */
  async *rejected(file: Pick<KnownFile, 'sha256'>, stream: string): AsyncGenerator<readonly Rejected[][]> {
    for await (const page of this.notes.pages(`rejected/${file.sha256}/${stream}`, 500))
      yield page.map(({ value }) => value['reasons'] as unknown as Rejected[]);
  }

  /** Takes back what was noted about records behind a place: they are read again. */
  async forgetRejectedBehind(file: Pick<KnownFile, 'sha256'>, stream: string, number: number): Promise<void> {
    const kind = `rejected/${file.sha256}/${stream}`;
    for await (const page of this.notes.pages(kind, 500)) {
      const stale = page.filter(({ key }) => key > numbered(number));
      await this.notes.put(
        kind,
        stale.map(({ key }) => ({ key, value: { reasons: [] } })),
      );
    }
  }

  async clearRejected(file: Pick<KnownFile, 'sha256'>, stream: string): Promise<void> {
    await this.notes.clear(`rejected/${file.sha256}/${stream}`);
  }
}
