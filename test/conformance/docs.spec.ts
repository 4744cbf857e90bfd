import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

const filesOf = (...patterns: string[]): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && existsSync(path.join(ROOT, file)));

const pages = filesOf('*.md');
const matchesOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found]) => found ?? '');
const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** Headings of a page as GitHub turns them into anchors. */
const anchorsOf = (page: string): string[] =>
  matchesOf(read(page), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('what the documentation says', () => {
  it.each(pages)('%s: every link leads to a file and a heading that exist', (page) => {
    const links = matchesOf(read(page), /\]\(([^)\s]+)\)/g).filter((link) => !/^[a-z]+:/.test(link));
    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      if (!existsSync(path.join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('every npm script that a page names exists', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) => matchesOf(read(page), /npm run ([a-z][a-z:]*)/g));
    expect(sorted(named).filter((name) => !(name in scripts))).toEqual([]);
  });

  it('the README is short, and each guarantee in it names tests that carry its number', () => {
    const readme = read('README.md');
    expect(readme.split('\n').length).toBeLessThan(150);
    const rows = [...readme.matchAll(/^\| (\d) .*$/gm)].map(([row, number]) => ({ row, number }));
    expect(rows.map(({ number }) => number)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    for (const { row, number } of rows) {
      const tests = matchesOf(row, /`([^`]+\.(?:e2e-)?spec\.ts)`/g);
      expect(tests).not.toEqual([]);
      const named = tests.map(read).filter((text) => text.includes(`guarantee ${number}`));
      if (!row.includes('not yet named')) expect(named).toHaveLength(tests.length);
    }
  });

  it("the operators' guide lists the metrics of the code, all and no others", () => {
    const name = /['`]((?:quotebridge|http_server)_[a-z_]+)['`]/g;
    const sources = filesOf('libs/*.ts', 'apps/*.ts').filter((file) => !file.includes('.spec.'));
    const inCode = sources.flatMap((file) =>
      matchesOf(read(file), /name: '((?:quotebridge|http_server)_[a-z_]+)'/g),
    );
    expect(sorted(matchesOf(read('docs/guides/operate.md'), name))).toEqual(sorted(inCode));
  });

  it('the settings and streams that the guides name exist', () => {
    const known = `${read('docs/guides/settings.md')}${read('libs/platform/events/src/topology.ts')}`;
    const named = ['integrate', 'operate'].flatMap((guide) =>
      matchesOf(read(`docs/guides/${guide}.md`), /`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`/g),
    );
    expect(named.length).toBeGreaterThan(15);
    expect(sorted(named).filter((name) => !known.includes(name))).toEqual([]);
  });
});
