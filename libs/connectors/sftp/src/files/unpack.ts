import { pipeline, Readable } from 'node:stream';
import { createGunzip, crc32 } from 'node:zlib';
import { messageOf } from '@quotebridge/platform/core';
import { fromRandomAccessReader, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { FileProblem } from '../formats/parsed';
import { FileChanged } from './block-sums';
import type { ByteSource } from './byte-source';
import { peeked } from './peeked';
import { isSftpFailed } from '../remote/sftp-failed';
import type { FileLimits } from '../settings';

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
  thrown instanceof FileProblem ||
  thrown instanceof FileChanged ||
  isSftpFailed(thrown) ||
  wordOf(thrown, 'name') === 'AbortError'
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

async function* gunzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const packed = Readable.from(chunks, { objectMode: false });
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
export async function* within(
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

const isGzip = (head: Buffer): boolean => head.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]));
const isZip = (head: Buffer): boolean => head.subarray(0, 2).toString('latin1') === 'PK';
const HEAD = 4;

/** The bytes of a file as they were before packing: gzip and zip are recognised by how they begin, not by name. */
export async function* unpacked(source: ByteSource, limits: FileLimits): AsyncGenerator<Buffer> {
  const { head, chunks, close } = await peeked(source.read(0, source.bytes), HEAD);
  if (isZip(head)) {
    // It is read from its end.
    await close();
    yield* within(zipBytes(source, limits), source.bytes, limits);
  } else yield* isGzip(head) ? within(gunzipped(chunks), source.bytes, limits) : chunks;
}

/** The same for what comes out of an encrypted file of `packedBytes`, which can only be read from its beginning. */
export async function* unpackedStream(
  stream: AsyncIterable<Buffer>,
  packedBytes: number,
  limits: FileLimits,
): AsyncGenerator<Buffer> {
  // Encryption packs, too.
  const { head, chunks, close } = await peeked(within(stream, packedBytes, limits), HEAD);
  if (isZip(head)) {
    await close();
    throw new FileProblem(
      'refused',
      'There is a zip file in the encrypted file, which cannot be read; encryption packs by itself, or use gzip',
    );
  }
  yield* isGzip(head) ? within(gunzipped(chunks), packedBytes, limits) : chunks;
}
