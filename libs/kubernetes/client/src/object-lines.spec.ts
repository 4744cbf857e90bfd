import fc from 'fast-check';
import { objectLines } from './object-lines';

async function* chunked(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const all = async (chunks: AsyncIterable<Uint8Array>): Promise<unknown[]> => {
  const found: unknown[] = [];
  for await (const value of objectLines(chunks)) found.push(value);
  return found;
};

describe('objectLines', () => {
  it('gives the same objects however the stream is cut, also inside a letter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), { maxLength: 10 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        async (objects, sizes) => {
          const expected: unknown = JSON.parse(JSON.stringify(objects));
          const bytes = Buffer.from(objects.map((one) => `${JSON.stringify(one)}\n`).join(''));
          expect(await all(chunked(bytes, sizes))).toEqual(expected);
        },
      ),
    );
  });

  it('drops a last line that was cut off', async () => {
    expect(await all(chunked(Buffer.from('{"a":1}\n{"b":'), [100]))).toEqual([{ a: 1 }]);
  });
});
