import { createHash } from 'node:crypto';
import type { Clock } from '@quotebridge/platform/core';
import { recordsOf } from '../formats/records';
import type { ParsedRecord } from '../formats/parsed';
import { FileProblem } from '../formats/parsed';
import type { RemoteFile, RemoteFiles } from '../remote/remote-files';
import type { PgpKeys } from '../pgp/keys';
import { opened } from '../pgp/opened';
import type { Drop, FileLimits } from '../settings';
import { blockLength, BlockSums, checkedSource, type Blocks } from './block-sums';
import { decoded } from './decode';
import type { ByteSource } from './byte-source';
import { unpacked, unpackedStream, within } from './unpack';

/** A file and how to read it. */
export interface FileReading {
  readonly remote: Pick<RemoteFiles, 'read'>;
  readonly path: string;
  readonly file: RemoteFile;
  readonly drop: Pick<Drop, 'format' | 'encoding' | 'pgp'>;
  readonly limits: FileLimits;
  readonly keys: PgpKeys;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const sourceOf = (
  { remote, path, file, signal }: FileReading,
  see: (chunk: Buffer, at: number) => void = () => undefined,
): ByteSource => ({
  bytes: file.bytes,
  async *read(from, to) {
    let at = from;
    for await (const chunk of remote.read({ path, from, to }, signal)) {
      see(chunk, at);
      at += chunk.length;
      yield chunk;
    }
  },
});

const plain = async (reading: FileReading, source: ByteSource): Promise<AsyncIterable<Buffer>> => {
  const { drop, keys, limits, clock } = reading;
  const opening = await keys.opening(drop.pgp);
  return opening === undefined
    ? unpacked(source, limits)
    : unpackedStream(opened(source.read(0, source.bytes), opening, clock.now()), source.bytes, limits);
};

async function* records(reading: FileReading, source: ByteSource): AsyncGenerator<readonly ParsedRecord[]> {
  const { drop, limits } = reading;
  yield* recordsOf(drop.format, limits, decoded(await plain(reading, source), drop.encoding));
}

/**
 * The records of a file that was looked through: of exactly those bytes, or it throws `FileChanged`. Throws `SftpFailed`
 * when the server is away.
 */
export const readRecords = (
  reading: FileReading,
  { blocks }: Pick<Content, 'blocks'>,
): AsyncGenerator<readonly ParsedRecord[]> => records(reading, checkedSource(sourceOf(reading), blocks));

/** What is wrong inside of a protected file says nothing when somebody has changed it: then that is its problem. */
const whollyOpened = async (reading: FileReading): Promise<void> => {
  const { drop, keys, clock, limits } = reading;
  const opening = await keys.opening(drop.pgp);
  if (opening === undefined) return;
  const source = sourceOf(reading);
  const stream = opened(source.read(0, source.bytes), opening, clock.now());
  for await (const chunk of within(stream, source.bytes, limits)) void chunk;
};

/** What a file holds. */
export interface Content {
  readonly records: number;
  readonly sha256: string;
  readonly blocks: Blocks;
}

/**
 * Reads a file to its end without taking anything of it, so that nothing of a broken, unfinished or forged file takes
 * effect. Checksums are over the bytes as they lie on the server.
 */
export const lookThrough = async (reading: FileReading): Promise<Content> => {
  const { file, limits } = reading;
  if (file.bytes > limits.fileBytes)
    throw new FileProblem('refused', `The file has ${file.bytes} bytes, more than ${limits.fileBytes}`);
  const hash = createHash('sha256');
  const blocks = new BlockSums(blockLength(file.bytes));
  let hashed = 0;
  const source = sourceOf(reading, (chunk, at) => {
    // Packed files are read in parts and not always to the end; only what comes in order counts.
    const fresh = chunk.subarray(Math.min(chunk.length, Math.max(0, hashed - at)));
    if (at > hashed || fresh.length === 0) return;
    hash.update(fresh);
    blocks.add(fresh);
    hashed += fresh.length;
  });
  let count = 0;
  try {
    for await (const page of records(reading, source)) count += page.length;
  } catch (thrown) {
    if (thrown instanceof FileProblem) await whollyOpened(reading);
    throw thrown;
  }
  for await (const chunk of source.read(hashed, file.bytes)) void chunk;
  return { records: count, sha256: hash.digest('hex'), blocks: blocks.end() };
};
