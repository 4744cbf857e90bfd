import { stringify } from 'csv-stringify/sync';
import { isoNow, type Clock, type JsonObject } from '@quotebridge/platform/core';
import type { PgpKeys } from '../pgp/keys';
import { sealed } from '../pgp/sealed';
import { isSame, type RemoteFile, type RemoteFiles } from '../remote/remote-files';
import type { Drop, SftpSettings } from '../settings';
import type { KnownContent, KnownFile, Ledger, Rejected } from './ledger';
import { filesOf, sidecarOf } from './names';

/** What putting files away needs. */
export interface PutAwayDeps {
  readonly remote: Pick<RemoteFiles, 'list' | 'stat' | 'write' | 'move' | 'remove'>;
  readonly ledger: Ledger;
  readonly settings: SftpSettings;
  readonly keys: PgpKeys;
  readonly clock: Clock;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

const COLUMNS: readonly (keyof Rejected)[] = ['line', 'record', 'stream', 'path', 'value', 'reason'];

// A spreadsheet must show what a record holds, not calculate it.
const csv = (rows: readonly Rejected[], header: boolean): string =>
  stringify([...rows], { header, columns: [...COLUMNS], escape_formulas: true });

async function* rejectionLines(file: KnownFile, drop: Drop, ledger: Ledger): AsyncGenerator<string> {
  yield csv([], true);
  for (const { name } of drop.streams)
    for await (const page of ledger.rejected(file, name)) {
      const rows = page.flat();
      if (rows.length > 0) yield csv(rows, false);
    }
}

const rejectedRecords = async (file: KnownFile, stream: string, ledger: Ledger): Promise<number> => {
  let count = 0;
  for await (const page of ledger.rejected(file, stream))
    count += page.filter((reasons) => reasons.length > 0).length;
  return count;
};

const short = ({ sha256 }: KnownFile): string => sha256.slice(0, 8);

/** Tells the answers to a reading from those to earlier ones of the same content; the same when it is finished again after a crash. */
const markOf = (file: KnownFile, content: KnownContent | undefined): string => {
  if (content === undefined) return short(file);
  if (content.foundAt === file.foundAt) return content.mark ?? short(file);
  return `${short(file)}.${Date.parse(file.foundAt)}`;
};

/** Writes a file for others, protected as the settings ask. */
const writeOut = async (path: string, text: AsyncIterable<string>, deps: PutAwayDeps): Promise<void> => {
  const { remote, keys, clock } = deps;
  const sealing = await keys.sealing();
  await (sealing === undefined
    ? remote.write(path, text)
    : remote.write(`${path}.pgp`, sealed(text, sealing, clock.now())));
};

const writeResult = (path: string, result: JsonObject, deps: PutAwayDeps): Promise<void> =>
  writeOut(path, once(`${JSON.stringify(result, null, 2)}\n`), deps);

/** A path that is not taken: the wanted one, else one with the file's mark. */
const freePath = async (
  folder: string,
  name: string,
  mark: string,
  remote: PutAwayDeps['remote'],
): Promise<string> => {
  const wanted = `${folder}/${name}`;
  if ((await remote.stat(wanted)) === undefined) return wanted;
  const marked = `${folder}/${name}.${mark}`;
  await remote.remove(marked);
  return marked;
};

/** Moves what told about a file, unless another file of the drop needs it. */
const moveSidecar = async (
  name: string,
  folder: string,
  mark: string,
  drop: Drop,
  { remote, settings }: PutAwayDeps,
): Promise<void> => {
  const sidecar = sidecarOf(drop.complete, name);
  if (sidecar === undefined) return;
  const left = (await remote.list(settings.inbox)).map((entry) => entry.name);
  const isNeeded = filesOf(left, drop.files, drop.complete).some(
    (other) => other !== name && sidecarOf(drop.complete, other) === sidecar,
  );
  if (isNeeded || !left.includes(sidecar)) return;
  await remote.move(`${settings.inbox}/${sidecar}`, await freePath(folder, sidecar, mark, remote));
};

/**
 * Moves a file as it was found. One that was dropped in its place meanwhile stays, to be read by itself. What told about
 * the file goes first: if it were left behind, the next file of that name would be taken for whole while it is written.
 */
const moveAway = async (
  file: RemoteFile,
  folder: string,
  mark: string,
  drop: Drop,
  deps: PutAwayDeps,
): Promise<void> => {
  const { remote, settings } = deps;
  const from = `${settings.inbox}/${file.name}`;
  const there = await remote.stat(from);
  if (there !== undefined && !isSame(there, file)) return;
  await moveSidecar(file.name, folder, mark, drop, deps);
  if (there !== undefined) await remote.move(from, await freePath(folder, file.name, mark, remote));
};

const archiveOf = (settings: SftpSettings, at: string): string => `${settings.archive}/${at.slice(0, 10)}`;

/** Writes the result of a file that every stream has read, and archives it. May be done again after a crash. */
export const finishFile = async (file: KnownFile, drop: Drop, deps: PutAwayDeps): Promise<void> => {
  const { ledger, settings, clock } = deps;
  const at = isoNow(clock);
  const streams = await Promise.all(
    drop.streams.map(async ({ name, resource }) => {
      const rejected = await rejectedRecords(file, name, ledger);
      return { stream: name, resource, records: file.records, accepted: file.records - rejected, rejected };
    }),
  );
  const mark = markOf(file, await ledger.content(drop.name, file.sha256));
  const base = `${settings.results}/${file.name}.${mark}`;
  const hasRejected = streams.some(({ rejected }) => rejected > 0);
  if (hasRejected) await writeOut(`${base}.rejected.csv`, rejectionLines(file, drop, ledger), deps);
  await writeResult(
    `${base}.result.json`,
    {
      file: file.name,
      state: hasRejected ? 'acceptedInPart' : 'accepted',
      bytes: file.bytes,
      sha256: file.sha256,
      records: file.records,
      streams,
      found: file.foundAt,
      finished: at,
    },
    deps,
  );
  const content = { name: file.name, at, foundAt: file.foundAt, mark };
  await ledger.putContent(drop.name, file.sha256, { ...content, archived: false });
  await archive(file, drop, deps);
};

/** Archives a file whose result is written. */
export const archive = async (file: KnownFile, drop: Drop, deps: PutAwayDeps): Promise<void> => {
  const { ledger, settings } = deps;
  const content = await ledger.content(drop.name, file.sha256);
  const at = content?.at ?? isoNow(deps.clock);
  await ledger.putLatest(drop.name, file);
  const mark = markOf(file, content);
  await moveAway(file, archiveOf(settings, at), mark, drop, deps);
  // The next one of that name may be as long, and as old where the server keeps no times.
  await ledger.forgetFile(drop.name, file);
  await ledger.putContent(drop.name, file.sha256, {
    name: file.name,
    foundAt: file.foundAt,
    mark,
    at,
    archived: true,
  });
  for (const { name } of drop.streams) await ledger.clearRejected(file, name);
};

/** A content that was read before has no effect; who dropped it again is told. */
export const putAwayDuplicate = async (
  file: KnownFile,
  original: { readonly of: string; readonly at: string },
  drop: Drop,
  deps: PutAwayDeps,
): Promise<void> => {
  const at = isoNow(deps.clock);
  await writeResult(
    `${deps.settings.results}/${file.name}.${short(file)}.duplicate.json`,
    {
      file: file.name,
      state: 'duplicate',
      sha256: file.sha256,
      of: original.of,
      readAt: original.at,
      found: at,
    },
    deps,
  );
  await moveAway(file, archiveOf(deps.settings, at), `${short(file)}.${Date.parse(at)}`, drop, deps);
  await deps.ledger.forgetFile(drop.name, file);
};

/** A file that cannot be read is put aside with the reason. May be done again after a crash. */
export const putAside = async (
  file: RemoteFile,
  reason: string,
  drop: Drop,
  deps: PutAwayDeps,
): Promise<void> => {
  const { ledger, settings, clock } = deps;
  const { at } = (await ledger.refusing(drop.name, file)) ?? { at: isoNow(clock) };
  const mark = String(Date.parse(at));
  const { name } = file;
  await ledger.noteRefused(drop.name, file, { reason, at });
  await writeResult(
    `${settings.results}/${name}.${mark}.refused.json`,
    { file: name, state: 'refused', reason, found: at },
    deps,
  );
  await moveAway(file, settings.refused, mark, drop, deps);
  // The next one of that name may be as long, and as old where the server keeps no times.
  await ledger.noteRefused(drop.name, file);
};
