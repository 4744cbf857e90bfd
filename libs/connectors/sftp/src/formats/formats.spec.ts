import * as fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import type { JsonObject } from '@quotebridge/platform/core';
import type { FileFormat } from '../settings';
import { FileProblem, type ParsedRecord, type ParserLimits } from './parsed';
import { recordsOf } from './records';

const LIMITS: ParserLimits = { recordBytes: 10_000, depth: 10 };
const CSV: FileFormat = { kind: 'csv', delimiter: ';', quote: '"', skipLines: 0 };

async function* pieces(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  let at = 0;
  for (let index = 0; at < text.length; index += 1) {
    const size = sizes[index % Math.max(1, sizes.length)] ?? 7;
    yield text.slice(at, at + size);
    at += size;
  }
}

const read = async (
  format: FileFormat,
  text: string,
  sizes: readonly number[] = [7],
  limits = LIMITS,
): Promise<ParsedRecord[]> => {
  const all: ParsedRecord[] = [];
  for await (const page of recordsOf(format, limits, pieces(text, sizes))) all.push(...page);
  return all;
};

const problemOf = async (format: FileFormat, text: string, limits = LIMITS): Promise<FileProblem> => {
  const thrown = await read(format, text, [5], limits).catch((error: unknown) => error);
  if (!(thrown instanceof FileProblem)) throw new Error(`no problem but ${JSON.stringify(thrown)}`);
  return thrown;
};

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const noControl = fc
  .string({ unit: 'grapheme' })
  .map((text) => text.replace(/[\u0000-\u001f\u007f\ud800-\udfff\ufffe\uffff]/g, ''));
const data = (records: readonly ParsedRecord[]): JsonObject[] => records.map((record) => record.data);

describe('every format gives back what was written, wherever the pieces are cut', () => {
  it('CSV with quotes, delimiters and line breaks inside of fields', async () => {
    const row = fc.record({
      part: fc.stringMatching(/^[A-Z]{1,5}$/),
      text: fc.string(),
      note: fc.constantFrom('a;b', 'c\nd', 'e"f', ''),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 8 }), sizes, async (rows, cut) => {
        const clean = rows.map((one) => ({
          ...one,
          text: one.text.replaceAll('\r', '').replace(/^\uFEFF/, ''),
        }));
        const text = `part;text;note\n${stringify(clean, { delimiter: ';', quoted: true, columns: ['part', 'text', 'note'] })}`;
        expect(data(await read(CSV, text, cut))).toEqual(clean);
      }),
    );
  });

  const object = fc
    .dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))
    .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

  it('NDJSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(object, { maxLength: 6 }), sizes, async (rows, cut) => {
        const text = rows.map((row) => JSON.stringify(row)).join('\n');
        expect(data(await read({ kind: 'ndjson' }, text, cut))).toEqual(rows);
      }),
    );
  });

  it('JSON with the records at any path, other things around them', async () => {
    const spaces = fc.constantFrom(undefined, 1, '\t');
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { maxLength: 5 }),
        fc.jsonValue({ maxDepth: 2 }),
        spaces,
        sizes,
        async (rows, other, space, cut) => {
          const document = {
            before: other,
            data: { other: other, items: rows, more: [{ items: [1] }] },
            items: [other],
          };
          const text = JSON.stringify(document, null, space);
          expect(data(await read({ kind: 'json', records: 'data.items' }, text, cut))).toEqual(rows);
          expect(data(await read({ kind: 'json' }, JSON.stringify(rows, null, space), cut))).toEqual(rows);
        },
      ),
    );
  });

  it('JSON and NDJSON whose ids are longer than a number can be: none becomes another one', async () => {
    const rows = [{ id: '9007199254740993' }, { id: '9007199254740995' }];
    const text = rows.map(({ id }) => `{"id":${id}}`);
    expect(data(await read({ kind: 'ndjson' }, text.join('\n'), [7]))).toEqual(rows);
    expect(data(await read({ kind: 'json' }, `[${text.join(',')}]`, [7]))).toEqual(rows);
  });

  it('XML with attributes, repeated elements and escaped text', async () => {
    const part = fc.record({
      id: fc.stringMatching(/^[A-Z]{1,5}$/),
      text: noControl,
      tags: fc.array(noControl, { minLength: 2, maxLength: 3 }),
    });
    const escape = (text: string): string =>
      text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), sizes, async (parts, cut) => {
        const xml = parts.map(
          ({ id, text, tags }) =>
            `<Part id="${id}"><Text>${escape(text)}</Text>${tags.map((tag) => `<Tag>${escape(tag)}</Tag>`).join('')}</Part>`,
        );
        const text = `<?xml version="1.0"?><Catalog><Head><Part>no</Part></Head><Parts>${xml.join('\n')}</Parts></Catalog>`;
        expect(data(await read({ kind: 'xml', record: 'Catalog/Parts/Part' }, text, cut))).toEqual(
          parts.map(({ id, text: words, tags }) => ({
            '@id': id,
            Text: words.trim(),
            Tag: tags.map((tag) => tag.trim()),
          })),
        );
      }),
    );
  });
});

describe('records know their place', () => {
  it('by number and by line', async () => {
    const places = (records: readonly ParsedRecord[]): unknown =>
      records.map(({ number, line }) => [number, line]);
    expect(places(await read(CSV, 'a;b\n1;2\n"3\n4";5\n6;7\n'))).toEqual([
      [1, 2],
      [2, 3],
      [3, 5],
    ]);
    expect(places(await read({ kind: 'ndjson' }, '{}\n\n{}\n'))).toEqual([
      [1, 1],
      [2, 3],
    ]);
    expect(places(await read({ kind: 'json' }, '[\n{},\n\n{}]'))).toEqual([
      [1, 2],
      [2, 4],
    ]);
    expect(places(await read({ kind: 'xml', record: 'a/b' }, '<a>\n<b/>\n<b/></a>'))).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  it('a record that cannot be read has its reason, and the file goes on', async () => {
    expect((await read(CSV, 'a;b\n1\n2;3;4\n5;6\n')).map(({ problem }) => problem)).toEqual([
      'has 1 fields instead of 2',
      'has 3 fields instead of 2',
      undefined,
    ]);
    expect((await read({ kind: 'ndjson' }, '{"a":1\n[1]\n{}')).map(({ problem }) => problem)).toEqual([
      'is no JSON',
      'is no object',
      undefined,
    ]);
  });
});

describe('a stray quote of CSV spoils its own record only', () => {
  it.each([
    ['in the middle of a field', 'a;b\n1;5" pipe\n2;x\n3;y\n'],
    ['at the start of a field', 'a;b\n1;"x\n2;x\n3;y\n'],
    ['at the start of a field that a later record closes', 'a;b\n1;"x\n2;x\n3;"y"\n'],
    ['behind a field', 'a;b\n1;"x"y\n2;x\n3;y'],
  ])('%s', async (_where, text) => {
    const records = await read(CSV, text);
    expect(records.map(({ line, problem }) => [line, problem?.slice(0, 10)])).toEqual([
      [2, 'is no CSV:'],
      [3, undefined],
      [4, undefined],
    ]);
    expect(data(records.slice(1))).toEqual([
      { a: '2', b: 'x' },
      { a: '3', b: 'y' },
    ]);
  });
});

describe('what ends too early is partial, what is wrong is refused', () => {
  const xml: FileFormat = { kind: 'xml', record: 'a/b' };
  it.each<[string, FileFormat, string, 'partial' | 'refused']>([
    ['CSV in the middle of a field', CSV, 'a;b\n1;"2', 'partial'],
    ['an empty CSV file', CSV, '', 'partial'],
    ['CSV with two columns of one name', CSV, 'a;a\n1;2', 'refused'],
    ['CSV that ends in a field of several lines', CSV, 'a;b\n1;"2\nand\nmo', 'partial'],
    ['CSV with text behind a quote in its header', CSV, '"a"x;b\n1;2\n', 'refused'],
    ['NDJSON in the middle of a record', { kind: 'ndjson' }, '{"a":1}\n{"a":"x', 'partial'],
    ['JSON in the middle of a record', { kind: 'json' }, '[{"a":1},{"a"', 'partial'],
    ['JSON in the middle of its list', { kind: 'json' }, '[{"a":1},', 'partial'],
    ['JSON without the list', { kind: 'json', records: 'x' }, '{"a":[]}', 'refused'],
    ['JSON that goes on', { kind: 'json' }, '[{}] {}', 'refused'],
    ['JSON with a broken record', { kind: 'json' }, '[{"a":}]', 'refused'],
    ['no JSON at all', { kind: 'json' }, 'part;price', 'refused'],
    ['XML in the middle of a record', xml, '<a><b>1</b><b>2', 'partial'],
    ['an empty XML file', xml, '', 'partial'],
    ['XML that is not well formed', xml, '<a><b></a></b>', 'refused'],
  ])('%s', async (_name, format, text, kind) => {
    expect((await problemOf(format, text)).kind).toBe(kind);
  });
});

describe('bombs are refused with a reason', () => {
  const long = 'x'.repeat(20_000);
  it.each<[string, FileFormat, string, string]>([
    ['a huge CSV line', CSV, `a;b\n1;${long}`, 'larger than 10000'],
    ['a huge NDJSON line', { kind: 'ndjson' }, `{"a":"${long}"}`, 'larger than 10000'],
    ['a huge JSON record', { kind: 'json' }, `[{"a":"${long}"}]`, 'larger than 10000'],
    ['a huge XML text', { kind: 'xml', record: 'a/b' }, `<a><b>${long}</b></a>`, 'larger than 10000'],
    ['a huge XML attribute', { kind: 'xml', record: 'a/b' }, `<a><b c="${long}"/></a>`, 'larger than 10000'],
    ['nested JSON', { kind: 'json' }, `[${'['.repeat(50)}${']'.repeat(50)}]`, 'deeper than 10'],
    [
      'nested JSON outside of the records',
      { kind: 'json', records: 'b' },
      `{"a":${'['.repeat(50)}${']'.repeat(50)}}`,
      'deeper than 10',
    ],
    [
      'nested XML',
      { kind: 'xml', record: 'a/b' },
      `${'<a>'.repeat(50)}${'</a>'.repeat(50)}`,
      'deeper than 10',
    ],
    [
      'XML with entities',
      { kind: 'xml', record: 'a/b' },
      '<!DOCTYPE a [<!ENTITY x "y">]><a><b>&x;</b></a>',
      'document type',
    ],
  ])('%s', async (_name, format, text, reason) => {
    const problem = await problemOf(format, text);
    expect(problem.kind).toBe('refused');
    expect(problem.message).toContain(reason);
  });
});
