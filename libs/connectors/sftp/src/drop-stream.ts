import {
  recordMapper,
  valueAt,
  type ConnectorContext,
  type Cursor,
  type ReadProgress,
  type RecordMapper,
  type SettledRecord,
  type Stream,
} from '@quotebridge/connectors/sdk';
import { isJsonObject, type Fault, type JsonObject } from '@quotebridge/platform/core';
import { FileChanged } from './files/block-sums';
import { findings, type Finding, type InboxDeps } from './files/inbox';
import { Ledger, type KnownFile, type Rejected } from './files/ledger';
import { readRecords } from './files/look-through';
import { archive, finishFile, putAside, putAwayDuplicate, type PutAwayDeps } from './files/put-away';
import type { PgpKeys } from './pgp/keys';
import { RemoteFiles } from './remote/remote-files';
import type { Drop, DropStream, SftpSettings } from './settings';

/** A record as it goes through the engine; kept in the quarantine as it is. */
interface FileRecord extends JsonObject {
  readonly file: string;
  readonly sha256: string;
  readonly number: number;
  readonly line: number;
  readonly foundAt: string;
  readonly order: number;
  readonly data: JsonObject;
  readonly problem?: string;
}

/** Tells the quarantine about a file as a whole: why it was refused, or that nothing is wrong with it any more. */
interface FileNews extends JsonObject {
  readonly file: string;
  readonly refused?: string;
}

const isRecord = (raw: JsonObject): raw is FileRecord =>
  isJsonObject(raw['data']) && typeof raw['number'] === 'number';

const isWholeFile = (raw: JsonObject): boolean => typeof raw['file'] === 'string' && !isRecord(raw);

/** A record that somebody typed: what stands in the file, or all of it as the quarantine shows it. */
const asRead = (given: JsonObject, instead?: JsonObject): FileRecord | undefined => {
  if (instead !== undefined && isWholeFile(instead)) return undefined;
  if (isRecord(given) && typeof given['sha256'] === 'string') return withoutProblem(given);
  const place = instead !== undefined && isRecord(instead) ? instead : sampleOf(given, 0);
  return { ...withoutProblem(place), data: given };
};

const withoutProblem = ({ problem: _problem, ...record }: FileRecord): FileRecord => record;

const padded = (number: number, digits: number): string => String(number).padStart(digits, '0');

/** Places of one run: files in the order in which it found them, records in the order of the file. */
const placeOf = ({ order, file, number }: Pick<FileRecord, 'order' | 'file' | 'number'>): string =>
  `${padded(order, 6)}/${file}#${padded(number, 12)}`;

/** Number of the last record of the file that the checkpoint has passed. */
const passedOf = (file: KnownFile, checkpoint: Cursor | undefined): number => {
  if (checkpoint === undefined || Date.parse(checkpoint.at) !== Date.parse(file.foundAt)) return 0;
  const [, order, name, digits] = /^(\d{6})\/(.*)#(\d{12})$/s.exec(checkpoint.id) ?? [];
  return Number(order) === file.order && name === file.name ? Number(digits) : 0;
};

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
};

const reasonsOf = (
  { externalId, raw, faults }: SettledRecord & { raw: FileRecord },
  stream: string,
  mapper: RecordMapper,
): readonly Rejected[] =>
  faults.map(({ path, message }) => {
    const own = path.replace(/^\//, '').replaceAll('~1', '/').replaceAll('~0', '~');
    const field = Object.hasOwn(raw.data, own) ? own : (mapper.fieldBehind(path) ?? own.replaceAll('/', '.'));
    return {
      line: raw.line,
      record: externalId,
      stream,
      path: field,
      value: shown(valueAt(raw.data, field)),
      reason: message,
    };
  });

/** A page of large records has fewer of them: memory holds several pages. */
const MOST_PAGE_BYTES = 8 * 1024 * 1024;
/** Records that come together are about equally large. */
const bytesOf = (data: JsonObject | undefined): number =>
  data === undefined ? 0 : JSON.stringify(data).length;

/** Reads the files of a drop for one of its streams. */
class DropReader {
  private readonly ledger: Ledger;

  constructor(
    private readonly drop: Drop,
    private readonly stream: DropStream,
    private readonly settings: SftpSettings,
    private readonly context: Pick<ConnectorContext, 'secrets' | 'policy' | 'clock' | 'notes'>,
    private readonly keys: PgpKeys,
    private readonly mapper: RecordMapper,
  ) {
    this.ledger = new Ledger(context.notes);
  }

  async *read(
    signal: AbortSignal,
    progress: ReadProgress,
  ): AsyncGenerator<readonly (FileRecord | FileNews)[]> {
    const { settings, context, ledger, drop, stream, keys } = this;
    const { clock } = context;
    const remote = new RemoteFiles({ ...context, settings });
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    const { startedAt, dryRun } = progress;
    const deps = { remote, ledger, settings, keys, clock, signal, startedAt, dryRun, sleep };
    try {
      for await (const finding of findings(drop, deps)) {
        if (finding.kind === 'waiting') continue;
        if (finding.kind === 'refused') yield [{ file: finding.file.name, refused: finding.reason }];
        if (finding.kind === 'ready' && !(await ledger.isRead(finding.file, stream.name)))
          yield* this.readFile(finding.file, deps, progress);
        if (dryRun) continue;
        await progress.settled();
        await this.putAway(finding, deps);
      }
    } finally {
      await remote.close();
    }
  }

  /** What is to be done with a file when the fate of all its records is known. */
  private async putAway(finding: Exclude<Finding, { kind: 'waiting' }>, deps: PutAwayDeps): Promise<void> {
    const { drop, ledger, stream } = this;
    if (finding.kind === 'refused') return putAside(finding.file, finding.reason, drop, deps);
    if (finding.kind === 'duplicate') return putAwayDuplicate(finding.file, finding, drop, deps);
    if (finding.kind === 'read') return archive(finding.file, drop, deps);
    await ledger.markRead(finding.file, stream.name);
    const read = await Promise.all(drop.streams.map(({ name }) => ledger.isRead(finding.file, name)));
    return read.every(Boolean) ? finishFile(finding.file, drop, deps) : undefined;
  }

  async settled(records: readonly SettledRecord[]): Promise<void> {
    const entries = records.flatMap((record) => {
      const { raw, faults } = record;
      if (!isRecord(raw) || faults.length === 0) return [];
      return [
        {
          sha256: raw.sha256,
          number: raw.number,
          reasons: reasonsOf({ ...record, raw }, this.stream.name, this.mapper),
        },
      ];
    });
    for (const sha256 of new Set(entries.map((entry) => entry.sha256)))
      await this.ledger.putRejected(
        { sha256 },
        this.stream.name,
        entries.filter((entry) => entry.sha256 === sha256),
      );
  }

  private async *readFile(
    file: KnownFile,
    deps: InboxDeps,
    progress: ReadProgress,
  ): AsyncGenerator<readonly (FileRecord | FileNews)[]> {
    const { settings, drop, ledger, stream } = this;
    const passed = passedOf(file, progress.checkpoint);
    if (!progress.dryRun) await ledger.forgetRejectedBehind(file, stream.name, passed);
    if (await ledger.wasRefused(drop.name, file.name)) yield [{ file: file.name }];
    const path = `${settings.inbox}/${file.name}`;
    const reading = { ...deps, path, file, drop, limits: settings.limits };
    let page: FileRecord[] = [];
    let held = 0;
    for await (const records of this.unchanged(readRecords(reading, file), file)) {
      const about = bytesOf(records[0]?.data);
      for (const record of records) {
        if (record.number <= passed) continue;
        held += about;
        page.push({
          file: file.name,
          sha256: file.sha256,
          foundAt: file.foundAt,
          order: file.order,
          ...record,
        });
        if (page.length < settings.pageSize && held < MOST_PAGE_BYTES) continue;
        yield page;
        page = [];
        held = 0;
      }
    }
    if (page.length > 0) yield page;
  }

  /** Records that were looked through; when the file has become another one, that one is looked through next time. */
  private async *unchanged<T>(records: AsyncGenerator<T>, file: KnownFile): AsyncGenerator<T> {
    try {
      yield* records;
    } catch (thrown) {
      if (thrown instanceof FileChanged) await this.ledger.forgetFile(this.drop.name, file);
      throw thrown;
    }
  }
}

const FORMAT_FAULT = (message: string): Fault => ({ path: '', message, code: 'format' });

const sampleOf = (data: JsonObject, index: number): FileRecord => ({
  file: 'sample',
  sha256: '',
  number: index + 1,
  line: index + 1,
  foundAt: '1970-01-01T00:00:00.000Z',
  order: 0,
  data,
});

/** A stream of the records of a drop. */
export const dropStream = (
  drop: Drop,
  stream: DropStream,
  settings: SftpSettings,
  context: ConnectorContext,
  keys: PgpKeys,
): Stream => {
  const mapper = recordMapper(context.instance, stream);
  const reader = new DropReader(drop, stream, settings, context, keys, mapper);
  return {
    name: stream.name,
    title: stream.title ?? stream.name,
    entity: drop.files,
    resource: stream.resource,
    // Places are offsets in files: nothing is committed late behind them.
    overlapMs: 0,
    ownedThere: mapper.attributes,
    ...mapper.sharing,
    ...(stream.samples === undefined ? {} : { samples: stream.samples.map(sampleOf) }),
    asRead,
    asGiven: (raw) => (isRecord(raw) ? raw.data : raw),
    identity: (raw) => (isRecord(raw) ? mapper.identity(raw.data) : `file/${String(raw['file'])}`),
    position: (raw) => (isRecord(raw) ? { at: raw.foundAt, id: placeOf(raw) } : undefined),
    read: (_from, signal, progress) => reader.read(signal, progress),
    settled: (records) => reader.settled(records),
    ends: (raw) => isRecord(raw) && mapper.ends(raw.data),
    map: (raw) => {
      if (!isRecord(raw)) {
        const refused = raw['refused'];
        return typeof refused === 'string' ? { faults: [{ path: '', message: refused, code: 'file' }] } : [];
      }
      if (raw.problem !== undefined) return { faults: [FORMAT_FAULT(raw.problem)] };
      return mapper.map(raw.data);
    },
  };
};
