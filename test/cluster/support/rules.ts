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

/** An expression to be read, or to be evaluated on series. */
export interface PrometheusCase {
  readonly expr: string;
  /** How long it must hold to fire; at once when empty. */
  readonly for?: string;
  /** In the notation of Prometheus, one a line, a value a minute. */
  readonly series?: string;
  readonly minutes?: number;
}

/** What Prometheus has to say against a case, and the labels of each alert that fires. */
export interface PrometheusAnswer {
  readonly fault?: string;
  readonly firing: readonly string[];
}

const TOOL = path.join(ROOT, 'tools/cluster/prometheus.mjs');

/** Asks Prometheus itself, as tools/cluster builds it. */
export const askPrometheus = (cases: readonly PrometheusCase[]): readonly PrometheusAnswer[] => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [TOOL], {
    encoding: 'utf8',
    input: JSON.stringify(cases),
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as PrometheusAnswer[];
};
