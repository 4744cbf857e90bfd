import { pipeline, Readable } from 'node:stream';
import { createGunzip, crc32 } from 'node:zlib';
import { messageOf } from '@quotebridge/platform/core';
import { fromRandomAccessReader, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { FileProblem } from '../formats/parsed';
import { isSftpFailed } from '../remote/sftp-failed';
import type { FileLimits } from '../settings';

/** Bytes that can be read from anywhere. */
export interface ByteSource {
  readonly bytes: number;
  read(from: number, to: number): AsyncIterable<Buffer>;
}

class SourceReader extends RandomAccessReader {
  constructor(private readonly source: ByteSource) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.source.read(start, end), { objectMode: false });
  }
}

// By shape, not by class: errors of streams may come from another realm.
const wordOf = (thrown: unknown, name: 'code' | 'name'): string =>
  typeof thrown === 'object' && thrown !== null && name in thrown
    ? String((thrown as Record<string, unknown>)[name])
    : '';

/** What is thrown while a zip file is read and is no failure of the server or an abort says that the file is broken. */
const zipProblem = (thrown: unknown): unknown =>
  thrown instanceof FileProblem || isSftpFailed(thrown) || wordOf(thrown, 'name') === 'AbortError'
    ? thrown
    : new FileProblem('partial', `The zip file is broken or not whole: ${messageOf(thrown)}`);

const openZip = (source: ByteSource): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    fromRandomAccessReader(
      new SourceReader(source),
      source.bytes,
      { lazyEntries: true, autoClose: false },
      (error, zip) => (error === null ? resolve(zip) : reject(error)),
    );
  });

const onlyEntry = async (zip: ZipFile): Promise<Entry> => {
  let found: Entry | undefined;
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    if (found !== undefined) throw new FileProblem('refused', 'The zip file holds more than one file');
    found = entry;
  }
  if (found === undefined) throw new FileProblem('refused', 'The zip file holds no file');
  if (found.isEncrypted()) throw new FileProblem('refused', 'The file in the zip file is encrypted');
  return found;
};

async function* zipBytes(source: ByteSource, limits: FileLimits): AsyncGenerator<Buffer> {
  try {
    const zip = await openZip(source);
    const entry = await onlyEntry(zip);
    if (entry.uncompressedSize > limits.expandedBytes)
      throw new FileProblem(
        'refused',
        `The file in the zip file has ${entry.uncompressedSize} bytes, more than ${limits.expandedBytes}`,
      );
    let sum = 0;
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      sum = crc32(chunk, sum);
      yield chunk;
    }
    if (sum !== entry.crc32)
      throw new FileProblem('partial', 'The file in the zip file does not match its checksum');
  } catch (thrown) {
    throw zipProblem(thrown);
  }
}

async function* gzipBytes(source: ByteSource): AsyncGenerator<Buffer> {
  const packed = Readable.from(source.read(0, source.bytes), { objectMode: false });
  const unpacked = pipeline(packed, createGunzip(), () => undefined);
  try {
    yield* unpacked as AsyncIterable<Buffer>;
  } catch (thrown) {
    const code = wordOf(thrown, 'code');
    if (code === 'Z_BUF_ERROR') throw new FileProblem('partial', 'The gzip file ends too early');
    if (code.startsWith('Z_'))
      throw new FileProblem('refused', `The gzip file is broken: ${messageOf(thrown)}`);
    throw thrown;
  }
}

/** What stands in packed files cannot be known before it is unpacked; so it is watched while that happens. */
async function* within(
  chunks: AsyncIterable<Buffer>,
  packedBytes: number,
  { expandedBytes, ratio }: FileLimits,
): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > expandedBytes)
      throw new FileProblem('refused', `The file has more than ${expandedBytes} bytes after unpacking`);
    // Small files may well be packed by such a factor.
    if (size > ratio * packedBytes && size > 1024 * 1024)
      throw new FileProblem(
        'refused',
        `The file grows to more than ${ratio} times its size when it is unpacked`,
      );
    yield chunk;
  }
}

const beginning = async (source: ByteSource): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of source.read(0, Math.min(4, source.bytes))) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** The bytes of a file as they were before packing: gzip and zip are recognised by how they begin, not by name. */
export async function* unpacked(source: ByteSource, limits: FileLimits): AsyncGenerator<Buffer> {
  const head = await beginning(source);
  if (head.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b])))
    yield* within(gzipBytes(source), source.bytes, limits);
  else if (head.subarray(0, 2).toString('latin1') === 'PK')
    yield* within(zipBytes(source, limits), source.bytes, limits);
  else yield* source.read(0, source.bytes);
}
