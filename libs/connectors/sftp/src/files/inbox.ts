import { messageOf, type Clock } from '@quotebridge/platform/core';
import { FileProblem } from '../formats/parsed';
import { isSame, type RemoteFile, type RemoteFiles } from '../remote/remote-files';
import type { PgpKeys } from '../pgp/keys';
import type { Drop, SftpSettings } from '../settings';
import { filesOf, sidecarOf } from './names';
import type { KnownFile, Ledger } from './ledger';
import { lookThrough } from './look-through';
import { mismatch, readChecksum, readManifest, type Expected } from './manifest';

/** What is to be done with a file in the inbox. */
export type Finding =
  | { readonly kind: 'ready'; readonly file: KnownFile }
  | { readonly kind: 'duplicate'; readonly file: KnownFile; readonly of: string; readonly at: string }
  /** Everything is read; only the move into the archive is still to be done. */
  | { readonly kind: 'read'; readonly file: KnownFile }
  | { readonly kind: 'waiting'; readonly name: string; readonly reason: string }
  | { readonly kind: 'refused'; readonly file: RemoteFile; readonly reason: string };

/** What looking into the inbox needs. */
export interface InboxDeps {
  readonly remote: Pick<RemoteFiles, 'list' | 'stat' | 'text' | 'read'>;
  readonly ledger: Ledger;
  readonly settings: SftpSettings;
  readonly keys: PgpKeys;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** When the run began: the time part of the places of what it finds. */
  readonly startedAt: string;
  /** Nothing is noted. */
  readonly dryRun: boolean;
  readonly sleep: (ms: number) => Promise<void>;
}

const MOST_SIDECAR_BYTES = 16 * 1024 * 1024;

/** Finds out, file by file and oldest first, what lies in the inbox for a drop. */
export async function* findings(drop: Drop, deps: InboxDeps): AsyncGenerator<Finding> {
  for (const [order, file] of (await listing(drop, deps)).entries()) {
    deps.signal.throwIfAborted();
    if ('waiting' in file) yield { kind: 'waiting', name: file.waiting, reason: 'it is still growing' };
    else yield await examine(drop, file, order, deps);
  }
}

type Listed = RemoteFile | { readonly waiting: string };

const listing = async (drop: Drop, deps: InboxDeps): Promise<readonly Listed[]> => {
  const { remote, settings, ledger, sleep } = deps;
  const ofDrop = async (): Promise<readonly RemoteFile[]> => {
    const all = await remote.list(settings.inbox);
    const wanted = new Set(
      filesOf(
        all.map(({ name }) => name),
        drop.files,
        drop.complete,
      ),
    );
    return all
      .filter(({ name }) => wanted.has(name))
      .sort((left, right) => left.modified - right.modified || (left.name < right.name ? -1 : 1));
  };
  const files = await ofDrop();
  if (drop.complete.kind !== 'stable' || drop.complete.seconds === 0) return files;
  const known = await Promise.all(files.map((file) => ledger.file(drop.name, file)));
  if (known.every((file) => file !== undefined)) return files;
  await sleep(drop.complete.seconds * 1000);
  const later = new Map((await ofDrop()).map((file) => [file.name, file]));
  return files.map((file) => (isSame(later.get(file.name), file) ? file : { waiting: file.name }));
};

const announced = async (
  drop: Drop,
  file: RemoteFile,
  { remote, settings }: InboxDeps,
): Promise<Expected | { readonly missing: string } | { readonly unclear: string }> => {
  const { complete } = drop;
  const sidecar = sidecarOf(complete, file.name);
  if (sidecar === undefined) return {};
  const path = `${settings.inbox}/${sidecar}`;
  if (complete.kind === 'doneFile')
    return (await remote.stat(path)) === undefined ? { missing: `there is no ${sidecar} yet` } : {};
  const text = await remote.text(path, MOST_SIDECAR_BYTES);
  if (text === undefined) return { missing: `there is no ${sidecar} yet` };
  const read = complete.kind === 'manifest' ? readManifest(text, complete, file.name) : readChecksum(text);
  return read.ok ? read.value : { unclear: read.error };
};

const examine = async (drop: Drop, file: RemoteFile, order: number, deps: InboxDeps): Promise<Finding> => {
  const known = await deps.ledger.file(drop.name, file);
  if (known !== undefined) return knownFinding(drop, known, deps);
  const { name } = file;
  const expected = await announced(drop, file, deps);
  if ('missing' in expected) {
    // What tells about a refused file goes before it: somebody may have been stopped in between.
    const refusing = await deps.ledger.refusing(drop.name, file);
    return refusing === undefined
      ? { kind: 'waiting', name, reason: expected.missing }
      : { kind: 'refused', file, reason: refusing.reason };
  }
  if ('unclear' in expected) return patience(drop, file, expected.unclear, deps);
  if (expected.bytes !== undefined && expected.bytes !== file.bytes)
    return patience(drop, file, `it has ${file.bytes} bytes instead of ${expected.bytes}`, deps);
  const { remote, settings, ledger, startedAt, dryRun } = deps;
  const path = `${settings.inbox}/${name}`;
  let content: Awaited<ReturnType<typeof lookThrough>>;
  try {
    content = await lookThrough({ ...deps, path, file, drop, limits: settings.limits });
  } catch (thrown) {
    if (!(thrown instanceof FileProblem)) throw thrown;
    if (!isSame(await remote.stat(path), file))
      return { kind: 'waiting', name, reason: 'it is still growing' };
    if (thrown.kind === 'partial') return patience(drop, file, messageOf(thrown), deps);
    return { kind: 'refused', file, reason: thrown.message };
  }
  if (!isSame(await remote.stat(path), file)) return { kind: 'waiting', name, reason: 'it is still growing' };
  const wrong = mismatch(expected, { ...content, bytes: file.bytes });
  if (wrong !== undefined) return patience(drop, file, wrong, deps);
  const found: KnownFile = { ...file, ...content, foundAt: startedAt, order };
  if (!dryRun) await ledger.putFile(drop.name, found);
  return knownFinding(drop, found, deps);
};

const knownFinding = async (drop: Drop, file: KnownFile, { ledger }: InboxDeps): Promise<Finding> => {
  const content = await ledger.content(drop.name, file.sha256);
  if (content === undefined) return { kind: 'ready', file };
  if (!content.archived && content.foundAt === file.foundAt) return { kind: 'read', file };
  // Under its name something else was read since: what it says counts again.
  const latest = content.name === file.name ? await ledger.latest(drop.name, file.name) : undefined;
  if (latest !== undefined && latest !== file.sha256) return { kind: 'ready', file };
  return { kind: 'duplicate', file, of: content.name, at: content.at };
};

/** A file that is not whole may still become so; not for ever. */
const patience = async (drop: Drop, file: RemoteFile, reason: string, deps: InboxDeps): Promise<Finding> => {
  const waited = await deps.ledger.troubledFor(drop.name, file, deps.clock.now(), !deps.dryRun);
  const minutes = deps.settings.patienceMinutes;
  return waited < minutes * 60_000
    ? { kind: 'waiting', name: file.name, reason }
    : { kind: 'refused', file, reason: `${reason}, for ${minutes} minutes` };
};
