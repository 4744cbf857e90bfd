import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { askPrometheus, rulesIn, startHelm, type Helm } from './support';

const ROOT = path.resolve(__dirname, '../..');
const ALERTS = ['--set', 'monitoring.alerts.enabled=true'];
const ALL_ALERTS = ['--set', 'global.monitoring.alerts.enabled=true'];

/** Charts with values under which their rules differ. */
const CHARTS: readonly (readonly [string, readonly string[]])[] = [
  ['quotebridge', ALL_ALERTS],
  ['quotebridge', [...ALL_ALERTS, '--set', 'operator.watchNamespace=qb']],
  ['quotebridge', [...ALL_ALERTS, '--set', 'operator.enabled=false']],
  ['quotebridge-operator', ALERTS],
  ...readdirSync(path.join(ROOT, 'charts'))
    .filter((name) => /^quotebridge-(?!lib$|operator$)/.test(name))
    .map((name): [string, string[]] => [name, ALERTS]),
];

/** What Prometheus has to say against each expression; empty where it takes it. */
const faultsOf = (expressions: readonly string[]): readonly string[] =>
  askPrometheus(expressions.map((expr) => ({ expr }))).map(({ fault = '' }) => fault);

/** The expressions that Prometheus refuses, each with its reason. */
const refused = (expressions: readonly string[]): readonly (readonly string[])[] => {
  expect(expressions.length).toBeGreaterThan(0);
  const faults = faultsOf(expressions);
  return expressions.map((one, i) => [one, faults[i] ?? '']).filter(([, fault]) => fault !== '');
};

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

describe('Prometheus takes', () => {
  let helm: Helm;
  // Charts are rendered without a cluster.
  beforeAll(() => {
    helm = startHelm({ url: 'https://127.0.0.1:1' });
  });
  afterAll(() => helm?.remove());

  it.each(CHARTS)('the rules of %s with %j', (chart, values) => {
    const objects = helm.render(chart, 'qb', ...values, '--api-versions', 'monitoring.coreos.com/v1');
    const rules = rulesIn(objects);
    expect(refused(rules.map(({ expr }) => expr))).toEqual([]);
    for (const rule of rules) {
      expect(rule.for ?? '1m').toMatch(/^\d+[smh]$/);
      // A message names only labels that its result still has.
      const grouped = [...rule.expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) =>
        names.split(', '),
      );
      const named = [...JSON.stringify(rule.annotations).matchAll(/\$labels\.(\w+)/g)].map(
        ([, name]) => name,
      );
      expect([rule.alert, named.filter((name) => !grouped.includes(name ?? ''))]).toEqual([rule.alert, []]);
    }
  });

  it('what the dashboard asks, its variables included', () => {
    const dashboard = read('charts/quotebridge/dashboards/quotebridge.json');
    const texts = (name: string): string[] =>
      [...dashboard.matchAll(new RegExp(`"${name}": ("(?:[^"\\\\]|\\\\.)*")`, 'g'))].map(
        ([, text = '']) => JSON.parse(text) as string,
      );
    const variables = texts('query').flatMap((query) => /^label_values\((.*), \w+\)$/.exec(query)?.[1] ?? []);
    expect(variables.length).toBeGreaterThan(0);
    expect(refused([...texts('expr'), ...variables])).toEqual([]);
  });

  it('the queries that the guides show', () => {
    const guides = readdirSync(path.join(ROOT, 'docs/guides'));
    const queries = guides.flatMap((guide) =>
      [...read(`docs/guides/${guide}`).matchAll(/^ *```promql\n([^]*?)^ *```$/gm)]
        .flatMap(([, block = '']) => block.split('\n').map((line) => line.trim()))
        .filter((line) => /\b(?:quotebridge|http_server|process|nodejs)_[a-z_]+/.test(line)),
    );
    expect(refused(queries)).toEqual([]);
  });

  it('the query by which the guide lets replicas follow the lag, and counts each consumer once', () => {
    const [, block = ''] = /^```yaml\n(rules:\n[^]*?)^```$/m.exec(read('docs/guides/cloud.md')) ?? [];
    const { rules } = parse(block) as { rules: { external: readonly { metricsQuery: string }[] } };
    const name = 'quotebridge_consumer_lag_messages';
    const queries = rules.external.map(({ metricsQuery }) =>
      metricsQuery.replace('<<.Series>>', name).replace('<<.LabelMatchers>>', 'service="quote"'),
    );
    const of = (labels: string, waiting: number): string => `${name}{${labels}} ${waiting}+0x5`;
    const series = [
      of('service="quote",consumer="a",pod="1"', 5),
      of('service="quote",consumer="a",pod="2"', 7),
      of('service="quote",consumer="b",pod="1"', 3),
      of('service="sales",consumer="c",pod="1"', 100),
    ].join('\n');
    const cases = queries.map((query) => ({ expr: `${query} == 10`, series, minutes: 5 }));
    expect(askPrometheus(cases)).toMatchObject([{ firing: [expect.anything()] }]);
  });

  it('nothing that is wrong', () => {
    const wrong = [
      'sum(rate(quotebridge_relay_published_total[5m])',
      'rate(quotebridge_relay_published_total)',
      'max by (service (quotebridge_relay_lag_seconds)',
      'quotebridge_relay_lag_seconds{service=x}',
      'incrase(quotebridge_dead_letters_total[15m]) > 0',
      'histogram_quantile(quotebridge_relay_lag_seconds)',
      'quotebridge_relay_lag_seconds > 60 for 5m',
    ];
    expect(refused(wrong).map(([expression]) => expression)).toEqual(wrong);
  });
});
