import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

const header = (signature: number, fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer => {
  const buffer = Buffer.alloc(4 + fields.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = buffer.writeUInt32LE(signature, 0);
  for (const [bytes, value] of fields)
    at = bytes === 2 ? buffer.writeUInt16LE(value, at) : buffer.writeUInt32LE(value, at);
  return buffer;
};

const UTF8_WITH_DESCRIPTOR = 0x0808;

/** A zip file with one file in it (APPNOTE 6.3.3), written as it comes: sizes and checksum stand behind the data. */
export async function* zipped(name: string, text: Iterable<string>): AsyncGenerator<Buffer> {
  const label = Buffer.from(name);
  let sum = 0;
  let size = 0;
  let packed = 0;
  const counted = function* (): Generator<Buffer> {
    for (const piece of text) {
      const bytes = Buffer.from(piece);
      sum = crc32(bytes, sum);
      size += bytes.length;
      yield bytes;
    }
  };
  const start = Buffer.concat([
    header(0x04034b50, [
      [2, 20],
      [2, UTF8_WITH_DESCRIPTOR],
      [2, 8],
      [4, 0],
      [4, 0],
      [4, 0],
      [4, 0],
      [2, label.length],
      [2, 0],
    ]),
    label,
  ]);
  yield start;
  const deflated = pipeline(Readable.from(counted()), createDeflateRaw(), () => undefined);
  for await (const chunk of deflated as AsyncIterable<Buffer>) {
    packed += chunk.length;
    yield chunk;
  }
  const descriptor = header(0x08074b50, [
    [4, sum],
    [4, packed],
    [4, size],
  ]);
  yield descriptor;
  const directory = Buffer.concat([
    header(0x02014b50, [
      [2, 20],
      [2, 20],
      [2, UTF8_WITH_DESCRIPTOR],
      [2, 8],
      [4, 0],
      [4, sum],
      [4, packed],
      [4, size],
      [2, label.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, 0],
    ]),
    label,
  ]);
  yield directory;
  const at = start.length + packed + descriptor.length;
  yield header(0x06054b50, [
    [2, 0],
    [2, 0],
    [2, 1],
    [2, 1],
    [4, directory.length],
    [4, at],
    [2, 0],
  ]);
}
