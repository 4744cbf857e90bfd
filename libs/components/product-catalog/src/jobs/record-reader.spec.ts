import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { FileWriter } from './file-writer';
import type { Format } from './format';
import { readRecords, type FileRecord } from './record-reader';

const FORMATS: readonly Format[] = ['ndjson', 'json', 'csv'];
const isText = (path: string): boolean => path === 'name' || path === 'description';

async function* inPieces(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < content.length; from += size) yield content.subarray(from, from + size);
}

const readAll = async (content: string | Uint8Array, format: Format, size = 7): Promise<FileRecord[]> => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const records: FileRecord[] = [];
  for await (const record of readRecords(inPieces(bytes, size), format, isText)) records.push(record);
  return records;
};

const anyText = fc.string({ unit: 'binary', maxLength: 12 });
const tricky = fc.constantFrom(
  '',
  '0123',
  '12',
  'true',
  'null',
  '"quoted"',
  '"',
  '[1]',
  '{',
  'a,b',
  'a\r\nb',
  '\r',
  ' 7',
  '#',
);
const text = fc.oneof(anyText, tricky);
// JSON has one zero and no undefined.
const value = fc.jsonValue({ maxDepth: 3 }).map((it) => JSON.parse(JSON.stringify(it)) as JsonObject[string]);
const resource = fc.record({ name: text, description: text }, { requiredKeys: ['name'] }).chain((texts) =>
  fc
    .dictionary(
      fc.oneof(anyText, fc.constantFrom('a.b', '\\', '__proto__', 'x\\.y')),
      fc.oneof(text, value),
      { maxKeys: 4 },
    )
    .map((more): JsonObject => {
      const all = Object.entries({ ...more, ...texts }).filter(
        ([name]) => name !== '' && name !== '__proto__',
      );
      return Object.fromEntries(all);
    }),
);

describe.each(FORMATS)('%s', (format) => {
  it('that was written is read back to equal resources, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(resource, { maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        async (resources, size) => {
          const columns = [...new Set(resources.flatMap((one) => Object.keys(one)))];
          const writer = new FileWriter(format, columns, isText);
          const file = writer.start() + resources.map((one) => writer.record(one)).join('') + writer.end();
          const read = await readAll(file, format, size);
          expect(read.map((record) => ('value' in record ? record.value : record.error))).toEqual(resources);
        },
      ),
    );
  });

  it('that is broken anywhere ends with records, errors of records or one error of the file', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.string({ maxLength: 80 }).map((it) => Buffer.from(it)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        const records = await readAll(content, format).catch((thrown: unknown) => {
          expect(thrown).toBeInstanceOf(Error);
          return [];
        });
        for (const record of records) expect('value' in record || record.error !== '').toBe(true);
      }),
    );
  });

  it('fails with the reason of a source that breaks off', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield format === 'json' ? '[{"name":"a"},' : '{"name":"a"}\n';
      throw new Error('the line went dead');
    }
    const read = async (): Promise<void> => {
      for await (const _record of readRecords(broken(), format, isText));
    };
    await expect(read()).rejects.toThrow('the line went dead');
  });
});

describe('a broken record', () => {
  it.each([
    ['ndjson', '\uFEFF{"name":"a"}\n{"name":\n\n[1]\n{"name":"b"}', [1, 2, 4, 5], [2, 4]],
    ['json', '\uFEFF[{"name":"a"}, {"name"}, 7, {"name":"b,]"}]', [1, 2, 3, 4], [2, 3]],
    ['csv', '\uFEFFname,description\na,"x\ny"\nb,c,d\nc,\n', [3, 4, 5], [4]],
  ] as const)('of %s is reported in its place and the others are read', async (format, file, all, wrong) => {
    const records = await readAll(file, format);
    expect(records.map(({ line }) => line).sort()).toEqual(all);
    expect(records.filter((record) => 'error' in record).map(({ line }) => line)).toEqual(wrong);
  });

  it.each([
    ['{"a":{"name":"x"}}', 'not a JSON array'],
    ['[{"name":"x"}', 'not complete'],
    ['[{"name":"x', 'not complete'],
    ['', 'empty'],
    ['[] []', 'more text'],
  ])('is not to blame when %j is no JSON array', async (file, reason) => {
    await expect(readAll(file, 'json')).rejects.toThrow(reason);
  });

  it('that is longer than the store holds is skipped without being kept', async () => {
    async function* endless(): AsyncGenerator<string> {
      for (let n = 0; n < 40; n += 1) yield 'x'.repeat(1024 * 1024);
      yield '\n{"name":"b"}\n';
    }
    const records: FileRecord[] = [];
    for await (const record of readRecords(endless(), 'ndjson', isText)) records.push(record);
    expect(records).toEqual([
      { line: 1, error: expect.stringContaining('longer') },
      { line: 2, value: { name: 'b' } },
    ]);
  });
});
