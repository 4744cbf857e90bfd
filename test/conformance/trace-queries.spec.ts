import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parser as logql } from '@grafana/lezer-logql';
import { parser as traceql } from '@grafana/lezer-traceql';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const guide = read('docs/guides/traces.md');

// The grammars that Grafana's own editors of these languages use.
const PARSERS = { traceql, logql } as const;
type Language = keyof typeof PARSERS;

interface Part {
  readonly kind: string;
  readonly text: string;
}

const partsOf = (language: Language, query: string): readonly Part[] => {
  const parts: Part[] = [];
  PARSERS[language].parse(query).iterate({
    enter: ({ name, type, from, to }) => {
      parts.push({ kind: type.isError ? 'error' : name, text: query.slice(from, to) });
    },
  });
  return parts;
};

const isTaken = (language: Language, query: string): boolean =>
  partsOf(language, query).every(({ kind }) => kind !== 'error');

const queriesOf = (language: Language): readonly string[] =>
  [...guide.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([^]*?)^ *\`\`\`$`, 'gm'))].map(
    ([, , block = '']) => block.trim(),
  );

const textsOf = (language: Language, kind: string): readonly string[] =>
  queriesOf(language).flatMap((query) =>
    partsOf(language, query)
      .filter((part) => part.kind === kind)
      .map(({ text }) => text),
  );

/** What stands in code quotes below a heading. */
const namesBelow = (page: string, heading: string): readonly string[] => {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
};

describe('the queries for traces and logs that the guide shows', () => {
  it.each([
    ['traceql', 4],
    ['logql', 2],
  ] as const)('are %s', (language, most) => {
    const queries = queriesOf(language);
    expect(queries.length).toBeGreaterThanOrEqual(most);
    expect(queries.filter((query) => !isTaken(language, query))).toEqual([]);
  });

  it.each([
    ['traceql', '{ resource.service.name == "connector-erp" }'],
    ['traceql', '{ span.quotebridge.resource = "productOrder/ID"'],
    ['traceql', '{ status = error } | choose(span.error.type)'],
    ['logql', '{namespace="$NS"} | jsn | level =~ "error|warn"'],
    ['logql', '{namespace=$NS} | json'],
  ] as const)('would not be %s as %s', (language, query) => {
    expect(isTaken(language, query)).toBe(false);
  });

  it('ask for attributes that spans and processes have', () => {
    const deployed =
      read('charts/quotebridge-lib/templates/_deployment.tpl').match(/\bk8s\.[a-z.]+(?==)/g) ?? [];
    const ofProcesses = ['service.name', 'service.namespace', 'service.instance.id', ...deployed];
    const known = [
      ...namesBelow(guide, 'What there is to look at').map((name) => `span.${name}`),
      ...ofProcesses.map((name) => `resource.${name}`),
    ];
    const asked = textsOf('traceql', 'AttributeField');
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('ask for members that lines of the log have', () => {
    const known = namesBelow(read('docs/guides/operate.md'), 'Logs and traces');
    const asked = queriesOf('logql').flatMap((query) =>
      [...query.matchAll(/\| (\w+) =~? "/g)].map(([, name = '']) => name),
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((name) => !known.includes(name))).toEqual([]);
  });
});
