import { createHash } from 'node:crypto';
import { recordsOf } from '../formats/records';
import type { ParsedRecord } from '../formats/parsed';
import { FileProblem } from '../formats/parsed';
import type { RemoteFile, RemoteFiles } from '../remote/remote-files';
import type { Drop, FileLimits } from '../settings';
import { decoded } from './decode';
import { unpacked, type ByteSource } from './unpack';

/** A file and how to read it. */
export interface FileReading {
  readonly remote: RemoteFiles;
  readonly path: string;
  readonly file: RemoteFile;
  readonly drop: Pick<Drop, 'format' | 'encoding'>;
  readonly limits: FileLimits;
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

const records = (reading: FileReading, source: ByteSource): AsyncGenerator<readonly ParsedRecord[]> =>
  recordsOf(
    reading.drop.format,
    reading.limits,
    decoded(unpacked(source, reading.limits), reading.drop.encoding),
  );

/** The records of a file, as they stand in it. Throws `FileProblem`, or `SftpFailed` when the server is away. */
export const readRecords = (reading: FileReading): AsyncGenerator<readonly ParsedRecord[]> =>
  records(reading, sourceOf(reading));

/** What a file holds. */
export interface Content {
  readonly records: number;
  readonly sha256: string;
}

/**
 * Reads a file to its end without taking anything of it, so that nothing of a broken or unfinished file takes effect.
 * The checksum is over the bytes as they lie on the server.
 */
export const lookThrough = async (reading: FileReading): Promise<Content> => {
  const { file, limits } = reading;
  if (file.bytes > limits.fileBytes)
    throw new FileProblem('refused', `The file has ${file.bytes} bytes, more than ${limits.fileBytes}`);
  const hash = createHash('sha256');
  let hashed = 0;
  const source = sourceOf(reading, (chunk, at) => {
    // Packed files are read in parts and not always to the end; only what comes in order counts.
    const fresh = chunk.subarray(Math.min(chunk.length, Math.max(0, hashed - at)));
    if (at > hashed || fresh.length === 0) return;
    hash.update(fresh);
    hashed += fresh.length;
  });
  let count = 0;
  for await (const page of records(reading, source)) count += page.length;
  for await (const chunk of source.read(hashed, file.bytes)) void chunk;
  return { records: count, sha256: hash.digest('hex') };
};
