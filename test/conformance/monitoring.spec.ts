import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** Labels of a metric, each with its values where the guide lists them. */
type Labels = ReadonlyMap<string, readonly string[]>;

// What Prometheus and its discovery add to every metric.
const EVERYWHERE = ['service', 'namespace', 'le'];

/** Metrics of Node.js, and of cert-manager where it makes the certificates. */
const OTHERS: readonly (readonly [string, Labels])[] = [
  ...['process_start_time_seconds', 'process_resident_memory_bytes', 'process_cpu_seconds_total'],
  'nodejs_eventloop_lag_p99_seconds',
].map((name): [string, Labels] => [name, new Map()]);
const CERTIFICATES: readonly [string, Labels] = [
  'certmanager_certificate_expiration_timestamp_seconds',
  new Map([
    ['name', []],
    ['exported_namespace', []],
  ]),
];

const [, section = ''] = read('docs/guides/operate.md').split(/^## Metrics$|^## Logs and traces$/m);

/** The table of metrics in the operators' guide; docs.spec.ts compares its names with the code. */
const known: ReadonlyMap<string, Labels> = new Map([
  ...[...section.matchAll(/^\| `([a-z_]+)`\s+\|([^|]*)\|/gm)].map(
    ([, name = '', cell = '']): [string, Labels] => [
      name,
      new Map(
        [...cell.matchAll(/`([a-z_]+)`(?: \(([^)]*)\))?/g)].map(([, label = '', values = '']) => [
          label,
          [...values.matchAll(/`([^`]+)`/g)].map(([, value = '']) => value),
        ]),
      ),
    ],
  ),
  ...OTHERS,
  CERTIFICATES,
]);

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
    path.join(folder, file),
  );
const templates = filesBelow('charts').filter((file) => /templates\/.*\.(tpl|yaml)$/.test(file));

// What helm fills in is a matcher, a comma behind it, or nothing.
const plain = (text: string): string => text.replace(/\{\{.*?\}\}/g, ' ');

interface Rule {
  readonly name: string;
  readonly expr: string;
}

const rulesIn = (file: string): readonly Rule[] =>
  [...read(file).matchAll(/- alert: (\w+)\n\s+expr: (?:\|-\n)?([^]*?)\n\s+(?:for|labels):/g)].map(
    ([, name = '', expr = '']) => ({ name, expr: plain(expr) }),
  );
const rules = templates.flatMap(rulesIn);

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}
const dashboard = JSON.parse(read('charts/quotebridge/dashboards/quotebridge.json')) as Dashboard;
const shown = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }) => ({ name: title, expr, legendFormat })),
);

const METRIC = /\b(?:quotebridge|http_server|process|nodejs|certmanager)_[a-z0-9_]+/g;
const baseOf = (name: string): string => (known.has(name) ? name : name.replace(/_(bucket|count|sum)$/, ''));
const metricsIn = (expr: string): readonly string[] =>
  [...expr.matchAll(METRIC)].map(([name]) => baseOf(name));

const wordsOf = (text: string): readonly string[] => text.match(/[a-z_]+/g) ?? [];
const labelsKnownTo = (expr: string): readonly string[] => [
  ...EVERYWHERE,
  ...metricsIn(expr).flatMap((name) => [...(known.get(name)?.keys() ?? [])]),
];

/** Labels and values of an expression that its metrics do not have. */
const strangersIn = (expr: string): readonly string[] => {
  const matched = [...expr.matchAll(/([a-z0-9_]+)\{([^}]*)\}/g)].flatMap(([, metric = '', matchers = '']) => {
    const labels = known.get(baseOf(metric));
    return [...matchers.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)].flatMap(
      ([, label = '', value = '']) => {
        if (EVERYWHERE.includes(label)) return [];
        const values = labels?.get(label);
        if (values === undefined) return [`${metric}{${label}}`];
        const unknown = value.split('|').filter((one) => values.length > 0 && !values.includes(one));
        return unknown.map((one) => `${metric}{${label}="${one}"}`);
      },
    );
  });
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => wordsOf(names));
  return [...matched, ...grouped.filter((name) => !labelsKnownTo(expr).includes(name))];
};

/** Whether each bracket is closed, in the order in which they were opened. */
const isBalanced = (expr: string): boolean => {
  const open: string[] = [];
  const pairs: Readonly<Record<string, string>> = { ')': '(', '}': '{', ']': '[' };
  for (const sign of expr.replace(/"[^"]*"/g, '').match(/[(){}[\]]/g) ?? []) {
    if (pairs[sign] === undefined) open.push(sign);
    else if (open.pop() !== pairs[sign]) return false;
  }
  return open.length === 0;
};

/** Queries that a guide shows, one a line. */
const asked = ['docs/guides/traces.md', 'docs/guides/cloud.md'].flatMap((guide) =>
  [...read(guide).matchAll(/^ *```\w*\n([^]*?)^ *```$/gm)]
    .flatMap(([, block = '']) => block.split('\n').map((line) => line.trim()))
    .filter((line) => metricsIn(line).length > 0)
    .map((expr) => ({ name: `${guide}: ${expr}`, expr })),
);

describe('what rules, dashboard and guides look at', () => {
  it.each([...rules, ...shown, ...asked].map(({ name, expr }) => [name, expr]))(
    '%s: has metrics, labels and values that there are',
    (_name, expr) => {
      expect(metricsIn(expr)).not.toEqual([]);
      expect(metricsIn(expr).filter((name) => !known.has(name))).toEqual([]);
      expect(strangersIn(expr)).toEqual([]);
      expect(isBalanced(expr)).toBe(true);
    },
  );

  it('a wrong name, label or value would be found', () => {
    expect(metricsIn('rate(quotebridge_relay_lag_secs[5m])').filter((name) => !known.has(name))).toHaveLength(
      1,
    );
    expect(strangersIn('sum by (topic) (quotebridge_relay_lag_seconds{queue="a"})')).toHaveLength(2);
    expect(strangersIn('quotebridge_connector_runs_total{state="done"}')).toHaveLength(1);
    expect(isBalanced('sum(a{b="("}[5m]')).toBe(false);
  });

  it('every metric of the product is in a rule or on the dashboard, or is named here', () => {
    const used = new Set([...rules, ...shown].flatMap(({ expr }) => metricsIn(expr)));
    // Parts of what others show.
    const unused = ['quotebridge_relay_publish_lag_seconds', 'quotebridge_connector_questions_total'];
    const operator = ['admissions_total', 'queue_depth', 'restarts_total', 'watch_errors_total'].map(
      (name) => `quotebridge_operator_${name}`,
    );
    expect([...known.keys()].filter((name) => !used.has(name)).sort()).toEqual(
      [...unused, ...operator].sort(),
    );
  });

  it('no rule, panel or question takes a status for a failure: 501 is the doing of a client', () => {
    const byStatus = [...rules, ...shown, ...asked].filter(({ expr }) => /status_code=~"5/.test(expr));
    expect(byStatus).toEqual([]);
    expect([...rules, ...shown, ...asked].filter(({ expr }) => expr.includes('error_type=~'))).not.toEqual(
      [],
    );
  });

  it('legends name labels that the result has', () => {
    const wrong = shown.filter(({ expr, legendFormat }) =>
      [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].some(
        ([, label = '']) => !new RegExp(`by \\([^)]*\\b${label}\\b`).test(expr),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('panels have ids of their own, and variables that the dashboard has', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const variables = dashboard.templating.list.map(({ name }) => name);
    const named = [...JSON.stringify(dashboard).matchAll(/\$\{?([a-z]\w*)/g)].map(([, name = '']) => name);
    expect([...new Set(named)].filter((name) => !variables.includes(name))).toEqual([]);
  });

  it('the guide lists the alerts, all and no others', () => {
    const listed = [...read('docs/guides/kubernetes.md').matchAll(/^\| `(QuoteBridge\w+)`/gm)].map(
      ([, name]) => name,
    );
    expect([...listed].sort()).toEqual(rules.map(({ name }) => name).sort());
  });
});
