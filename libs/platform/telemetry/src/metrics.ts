import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Values of a metric's labels, by label name. */
export type Labels<L extends string> = Readonly<Record<L, string>>;

/** What a metric is called and which labels it has. Names follow Prometheus: unit last, `_total` on counters. */
export interface MetricSpec<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly L[];
  /** Most label combinations; further ones are counted together under `other`. Default 200. */
  readonly maxSeries?: number;
}

/** Counts things that happened. */
export interface CounterMetric<L extends string> {
  add(labels: Labels<L>, by?: number): void;
}

/** Shows how much there is of something. */
export interface GaugeMetric<L extends string> {
  set(labels: Labels<L>, value: number): void;
}

/** Shows how values are spread, for example durations in seconds. */
export interface HistogramMetric<L extends string> {
  observe(labels: Labels<L>, value: number): void;
}

/** All metrics of one process. */
export interface Metrics {
  counter<L extends string>(spec: MetricSpec<L>): CounterMetric<L>;
  /** `collect` is called at each scrape and may set the gauge then. */
  gauge<L extends string>(
    spec: MetricSpec<L>,
    collect?: (gauge: GaugeMetric<L>) => void | Promise<void>,
  ): GaugeMetric<L>;
  /** `buckets` are upper bounds in the metric's unit; 5 ms to 10 s unless given. */
  histogram<L extends string>(
    spec: MetricSpec<L> & { readonly buckets?: readonly number[] },
  ): HistogramMetric<L>;
  /** The Prometheus text of all of them. */
  text(): Promise<string>;
  readonly contentType: string;
}

const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10];
const MAX_SERIES = 200;

/**
 * Keeps a metric from growing without end when a label's value comes from outside: after `max` combinations every
 * new one is folded into `other`.
 */
const bounded = <L extends string>({ labels, maxSeries = MAX_SERIES }: MetricSpec<L>) => {
  const seen = new Set<string>();
  const other = Object.fromEntries(labels.map((label) => [label, 'other'])) as Record<L, string>;
  return (values: Labels<L>): Record<L, string> => {
    let key = '';
    for (const label of labels) key += `${values[label]}\n`;
    if (seen.has(key)) return values;
    if (seen.size >= maxSeries) return other;
    seen.add(key);
    return values;
  };
};

/** Metrics of a process, with those of Node.js itself (CPU, memory, event loop) when `processMetrics` is on. */
export const createMetrics = ({
  service,
  processMetrics = true,
}: {
  service: string;
  processMetrics?: boolean;
}): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const config = <L extends string>(spec: MetricSpec<L>) => ({
    name: spec.name,
    help: spec.help,
    labelNames: [...spec.labels],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    counter: (spec) => {
      const counter = new Counter(config(spec));
      const fold = bounded(spec);
      return { add: (labels, by = 1) => counter.inc(fold(labels), by) };
    },
    gauge: (spec, collect) => {
      const fold = bounded(spec);
      const gauge: Gauge = new Gauge({
        ...config(spec),
        ...(collect ? { collect: () => collect(wrapped) } : {}),
      });
      const wrapped = {
        set: (labels: Labels<(typeof spec.labels)[number]>, value: number) => gauge.set(fold(labels), value),
      };
      return wrapped;
    },
    histogram: (spec) => {
      const histogram = new Histogram({ ...config(spec), buckets: [...(spec.buckets ?? DEFAULT_BUCKETS)] });
      const fold = bounded(spec);
      return { observe: (labels, value) => histogram.observe(fold(labels), value) };
    },
  };
};
