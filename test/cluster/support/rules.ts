import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { KubeObject } from '@quotebridge/kubernetes/client';

const ROOT = path.resolve(__dirname, '../../..');

/** A rule of Prometheus that alerts. */
export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The rules among rendered objects. */
export const rulesIn = (objects: readonly KubeObject[]): readonly Rule[] =>
  objects
    .filter(({ kind }) => kind === 'PrometheusRule')
    .flatMap(({ spec }) => {
      const { groups = [] } = spec as unknown as { groups?: readonly { readonly rules: Rule[] }[] };
      return groups.flatMap(({ rules }) => rules);
    });

/** Asks a tool of tools/cluster: JSON in, JSON out. */
export const askTool = (tool: 'promql' | 'alerts', input: object): unknown => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(ROOT, `tools/cluster/${tool}.mjs`)],
    { encoding: 'utf8', input: JSON.stringify(input) },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as unknown;
};
