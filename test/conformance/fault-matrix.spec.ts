import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const page = readFileSync(path.join(ROOT, 'docs/guides/faults.md'), 'utf8');
const rows = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\| *(-|Fault|Number)/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
const [matrix = '', list = ''] = page.split('## The tests of their own');
const tests = rows(list);

describe('the table of faults', () => {
  it('has a test, the contract or a dash for each connector, and no test that nobody needs', () => {
    const cells = rows(matrix).flatMap(([, ...connectors]) => connectors);
    expect(cells.length).toBeGreaterThanOrEqual(5 * 15);
    const named = cells.flatMap((cell) => cell.split(', ')).filter((word) => !['C', '–'].includes(word));
    expect([...new Set(named)].sort()).toEqual(tests.map(([number = '']) => number).sort());
  });

  it.each(tests)('%s: %s has the test "%s"', (_number, cell, title) => {
    const file = path.join(ROOT, cell.replaceAll('`', ''));
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain(title);
  });
});
