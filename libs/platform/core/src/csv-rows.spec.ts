import * as fc from 'fast-check';
import { CsvRows, type CsvDialect, type CsvRow } from './csv-rows';

const DIALECT: CsvDialect = { delimiter: ',', quote: '"', maxRecord: 200 };

const read = (text: string, size = text.length + 1, dialect = DIALECT): CsvRow[] => {
  const reader = new CsvRows(dialect);
  const rows: CsvRow[] = [];
  for (let at = 0; at < text.length; at += size) rows.push(...reader.push(text.slice(at, at + size)));
  return [...rows, ...reader.end()];
};

const cellsOf = (rows: readonly CsvRow[]): (readonly string[] | string)[] =>
  rows.map((row) => ('cells' in row ? row.cells : `${row.line} ${row.kind}`));

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

it('gives back what was written, wherever the pieces are cut', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ';', ' ', '\u20ac'), maxLength: 6 });
  const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
  const end = fc.constantFrom('\n', '\r\n');
  fc.assert(
    fc.property(rows, end, fc.integer({ min: 1, max: 9 }), (written, lineEnd, size) => {
      const text = written.map((row) => row.map(quoted).join(',') + lineEnd).join('');
      const found = read(text, size);
      expect(cellsOf(found)).toEqual(written);
      expect(found.every((row) => 'cells' in row && !row.isSuspect)).toBe(true);
    }),
  );
});

it.each([
  ['a column without quotes', 'a,b\n', [['a', 'b']]],
  [
    'empty columns',
    ',\n,,',
    [
      ['', ''],
      ['', '', ''],
    ],
  ],
  ['empty lines, which are none', 'a\n\n\r\nb', [['a'], ['b']]],
  ['a last line without an end', 'a\nb', [['a'], ['b']]],
  ['a quote in the middle', 'a"b,c\nd,e', ['1 quote', ['d', 'e']]],
  ['text behind a quote', '"a"b\nc', ['1 quote', ['c']]],
  [
    'a quote that a later record closes',
    'a,"b\nc,d\ne,"f"\ng,h',
    ['1 quote', ['c', 'd'], ['e', 'f'], ['g', 'h']],
  ],
  ['a quote that nothing closes', 'a,"b\nc,d\ne,f', ['1 unclosed', ['c', 'd'], ['e', 'f']]],
  ['two of them', 'a,"b\nc,"d\ne,f', ['1 quote', '2 unclosed', ['e', 'f']]],
  ['one in the last line', 'a,b\nc,"d', [['a', 'b'], '2 unclosed']],
  ['a line that is too long', `a\n${'x'.repeat(201)}\nb`, [['a'], '2 tooLong', ['b']]],
  ['a line that is too long inside of quotes', `"a\n${'x'.repeat(201)}\nb`, ['1 quote', '2 tooLong', ['b']]],
] as const)('%s', (_what, text, rows) => {
  for (const size of [1, 2, 5, 1_000]) expect(cellsOf(read(text, size))).toEqual(rows);
});

it('reports a record that grows too long by a stray quote, and reads on behind its first line', () => {
  const lines = Array.from({ length: 60 }, (_, index) => `r${index},x`);
  expect(cellsOf(read(`a,"b\n${lines.join('\n')}\n`, 7))).toEqual([
    '1 quote',
    ...lines.map((line) => line.split(',')),
  ]);
});

it('marks the lines that may be part of a broken record, and no others', () => {
  const suspects = read('a,"b\nc,d\ne,"f"\ng,h').map((row) => 'cells' in row && row.isSuspect);
  expect(suspects).toEqual([false, true, true, false]);
});

it('leaves out the lines before the header', () => {
  expect(cellsOf(read('"x\ny\na,b', 3, { ...DIALECT, skipLines: 2 }))).toEqual([['a', 'b']]);
});

it('of any text finds every line once: as a record, as a part of one, or as a problem', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n'), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), (written, size) => {
      const rows = read(written, size);
      expect(rows).toEqual(read(written));
      const starts = rows.map(({ line }) => line);
      expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
      const broken = written.split('\n').flatMap((line, index) => (line === '' ? [] : [index + 1]));
      const covered = rows.flatMap((row, index) => {
        const last = (rows[index + 1]?.line ?? Number.MAX_SAFE_INTEGER) - 1;
        return broken.filter((line) => line >= row.line && line <= last);
      });
      expect(covered).toEqual(broken);
    }),
  );
});

it('looks at each line once, also of a record of very many lines: a client says how many there are', () => {
  const cell = 'he said ""yes"" twice, and\n'.repeat(200_000);
  const [row, ...others] = read(`1,"${cell}"\n`, 65_536, { ...DIALECT, maxRecord: 16 * 1024 * 1024 });
  expect(others).toEqual([]);
  expect(row).toMatchObject({ line: 1, cells: ['1', cell.replaceAll('""', '"')] });
});
