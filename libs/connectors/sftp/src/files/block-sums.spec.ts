import * as fc from 'fast-check';
import { BlockSums, checkedSource, FileChanged } from './block-sums';
import type { ByteSource } from './byte-source';

const sourceOf = (content: Buffer, pieceBytes: number): ByteSource => ({
  bytes: content.length,
  async *read(from, to) {
    for (let at = from; at < to; at += pieceBytes) yield content.subarray(at, Math.min(to, at + pieceBytes));
  },
});

const blocksOf = (content: Buffer, length: number, pieceBytes: number) => {
  const sums = new BlockSums(length);
  for (let at = 0; at < content.length; at += pieceBytes) sums.add(content.subarray(at, at + pieceBytes));
  return sums.end();
};

const given = async (source: ByteSource, from: number, to: number) => {
  const chunks: Buffer[] = [];
  let thrown: unknown;
  try {
    for await (const chunk of source.read(from, to)) chunks.push(Buffer.from(chunk));
  } catch (error) {
    thrown = error;
  }
  return { bytes: Buffer.concat(chunks), thrown };
};

const content = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const size = fc.integer({ min: 1, max: 70 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('a file that was looked through', () => {
  it('is given as it was, any range of it, wherever pieces and blocks are cut', async () => {
    await fc.assert(
      fc.asyncProperty(content, size, size, size, share, share, async (bytes, length, one, other, a, b) => {
        const [from = 0, to = 0] = [a, b]
          .map((part) => Math.round(part * bytes.length))
          .sort((x, y) => x - y);
        const source = checkedSource(sourceOf(bytes, other), blocksOf(bytes, length, one));
        expect(await given(source, from, to)).toEqual({ bytes: bytes.subarray(from, to), thrown: undefined });
      }),
    );
  });

  it('gives nothing of a block in which a byte has changed, nor of what follows', async () => {
    await fc.assert(
      fc.asyncProperty(
        content.filter(({ length }) => length > 0),
        size,
        size,
        share,
        async (bytes, length, pieces, where) => {
          const changed = Buffer.from(bytes);
          const at = Math.min(bytes.length - 1, Math.floor(where * bytes.length));
          changed[at] = (changed[at] ?? 0) ^ 1;
          const source = checkedSource(sourceOf(changed, pieces), blocksOf(bytes, length, pieces));
          const { bytes: got, thrown } = await given(source, 0, bytes.length);
          expect(thrown).toBeInstanceOf(FileChanged);
          expect(got).toEqual(bytes.subarray(0, Math.floor(at / length) * length));
        },
      ),
    );
  });

  it('is not given when its end is missing', async () => {
    const bytes = Buffer.alloc(100, 'x');
    const source = checkedSource(
      { ...sourceOf(bytes.subarray(0, 95), 10), bytes: 100 },
      blocksOf(bytes, 30, 10),
    );
    expect(await given(source, 0, 95)).toMatchObject({
      bytes: bytes.subarray(0, 90),
      thrown: { message: expect.stringContaining('bytes 90 to 95') as string },
    });
  });
});
