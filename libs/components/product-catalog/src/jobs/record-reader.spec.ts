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
        ([name]) => name !== '' && name !== '__proto__' && !name.includes('\0'),
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
      yield { json: '[{"name":"a"},', ndjson: '{"name":"a"}\n', csv: 'name\na\n' }[format];
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
    ['csv', '\uFEFFname,description\na,"x\ny"\nb,c,d\nc,\n', [2, 4, 5], [4]],
  ] as const)('of %s is reported in its place and the others are read', async (format, file, all, wrong) => {
    const records = await readAll(file, format);
    expect(records.map(({ line }) => line).sort()).toEqual(all);
    expect(records.filter((record) => 'error' in record).map(({ line }) => line)).toEqual(wrong);
  });

  it.each([
    ['a name with a NUL', '{"x":{"a\\u0000b":1}}', 'NUL'],
    ['a number that would be rounded', '{"x":12345678901234567890}', 'exactly'],
    ['half a surrogate pair', '{"name":"\\ud800"}', 'surrogate'],
    ['a name that is a prototype', '{"x":{"__proto__":{"y":1}}}', '__proto__'],
    ['more levels than are kept', `${'{"a":'.repeat(81)}1${'}'.repeat(81)}`, 'deeper'],
  ])('is refused as the body of a POST is: %s', async (_what, broken, reason) => {
    const good = '{"name":"good"}';
    const asLines = await readAll(`${broken}\n${good}\n`, 'ndjson');
    const asItems = await readAll(`[${broken},${good}]`, 'json');
    for (const records of [asLines, asItems])
      expect(records).toEqual([
        { line: 1, error: expect.stringContaining(reason) },
        { line: 2, value: { name: 'good' } },
      ]);
  });

  it.each(FORMATS)('in other bytes than UTF-8 is refused in %s, not stored damaged', async (format) => {
    const file = {
      ndjson: '{"name":"Pumpe \u20ac \u{1F600} \uFFFD"}\n{"name":"Gr\u00f6\u00dfe"}\n{"name":"b"}',
      json: '[{"name":"Pumpe \u20ac \u{1F600} \uFFFD"},{"name":"Gr\u00f6\u00dfe"},{"name":"b"}]',
      csv: 'name\nPumpe \u20ac \u{1F600} \uFFFD\nGr\u00f6\u00dfe\nb\n',
    }[format];
    const start = Buffer.from(file).indexOf('Gr');
    const broken = Buffer.concat([
      Buffer.from(file).subarray(0, start),
      Buffer.from('Gr\u00f6\u00dfe', 'latin1'),
      Buffer.from(file).subarray(start + Buffer.byteLength('Gr\u00f6\u00dfe')),
    ]);
    for (const size of [1, 2, 3, 5, 7]) {
      const whole = await readAll(Buffer.from(file), format, size);
      expect(whole.map((record) => 'value' in record && record.value['name'])).toEqual([
        'Pumpe \u20ac \u{1F600} \uFFFD',
        'Gr\u00f6\u00dfe',
        'b',
      ]);
      const read = await readAll(broken, format, size);
      expect(read.filter((record) => 'error' in record)).toEqual([
        { line: format === 'csv' ? 3 : 2, error: expect.stringContaining('no UTF-8') },
      ]);
    }
  });

  it.each([
    ['id,name,id\n1,a,2\n', '"id" twice'],
    ['id;name\n1;a\n', 'no comma'],
    ['id,x.a\0b\n1,2\n', 'no attribute can have'],
  ])('is not to blame when the first line cannot be meant: %j', async (file, reason) => {
    await expect(readAll(file, 'csv')).rejects.toThrow(reason);
  });

  it.each([
    ['in the middle of a value', 'name,description\na,5" pipe\nb,x\n'],
    ['at the start of a value, never closed', 'name,description\na,"x\nb,y\nc,z\n'],
    ['at the start of a value, closed by a later record', 'name,description\na,"x\nb,y\nc,"z"\n'],
    ['before the end of a value', 'name,description\na,"x"y\nb,z\n'],
  ])('of CSV with a stray quote %s spoils no other', async (_where, file) => {
    for (const size of [1, 3, 7, 1_000]) {
      const [broken, ...others] = await readAll(Buffer.from(file), 'csv', size);
      expect(broken).toEqual({ line: 2, error: expect.stringMatching(/^is not CSV: it has /) });
      const lines = file.trim().split('\n').slice(2);
      expect(others).toEqual(
        lines.map((line, index) => {
          const [name, description] = line.replaceAll('"', '').split(',');
          return { line: index + 3, value: { name, description } };
        }),
      );
    }
  });

  it('of CSV lends no line of its own text to another record', async () => {
    const file = 'id,name,description\n1,a,"one\ntwo, 2\nthree "x" four",5\n2,b,c\n';
    const records = await readAll(file, 'csv');
    expect(records.map((record) => ('value' in record ? record.value : record.line))).toEqual([
      2,
      3,
      4,
      { id: 2, name: 'b', description: 'c' },
    ]);
  });

  it('of CSV in the first line is said of the file', async () => {
    await expect(readAll('name,"a"b\nx,y\n', 'csv')).rejects.toThrow('The first line is not CSV');
  });

  it('of CSV with a value below no name is refused; an empty last column is not', async () => {
    expect(await readAll('name,\na,\nb,c\n', 'csv')).toEqual([
      { line: 2, value: { name: 'a' } },
      { line: 3, error: expect.stringContaining('column 2') },
    ]);
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
