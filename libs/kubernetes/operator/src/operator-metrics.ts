import type { Metrics } from '@quotebridge/platform/telemetry';

/** What the operator tells about itself. */
export interface OperatorMetrics {
  reconciled(seconds: number, failed: boolean): void;
  restarted(): void;
  watchTrouble(kind: string): void;
}

/** Declares the operator's metrics; the gauges are read at each scrape. */
export const operatorMetrics = (
  metrics: Metrics,
  look: {
    depth(): number;
    leading(): boolean;
    /** Milliseconds since each kind was last heard of. */
    ages(): readonly (readonly [kind: string, ms: number])[];
    phases(): ReadonlyMap<string, number>;
  },
): OperatorMetrics => {
  const seconds = metrics.histogram({
    name: 'quotebridge_operator_reconcile_seconds',
    help: 'Time of one reconcile, by result',
    labels: ['result'],
  });
  const errors = metrics.counter({
    name: 'quotebridge_operator_reconcile_errors_total',
    help: 'Reconciles that failed and are tried again',
    labels: [],
  });
  const restarts = metrics.counter({
    name: 'quotebridge_operator_restarts_total',
    help: 'Restarts that were ordered because a connector kept failing',
    labels: [],
  });
  const troubles = metrics.counter({
    name: 'quotebridge_operator_watch_errors_total',
    help: 'Lists and watches that ended with an error, by kind',
    labels: ['kind'],
  });
  metrics.gauge(
    { name: 'quotebridge_operator_queue_depth', help: 'Connectors that wait to be reconciled', labels: [] },
    (gauge) => gauge.set({}, look.depth()),
  );
  metrics.gauge(
    { name: 'quotebridge_operator_leader', help: '1 on the replica that leads', labels: [] },
    (gauge) => gauge.set({}, look.leading() ? 1 : 0),
  );
  metrics.gauge(
    {
      name: 'quotebridge_operator_watch_age_seconds',
      help: 'Time since the API server was last heard of, by kind; over two minutes a watch is dead',
      labels: ['kind'],
    },
    (gauge) => look.ages().forEach(([kind, ms]) => gauge.set({ kind }, ms / 1000)),
  );
  const seen = new Set<string>();
  metrics.gauge(
    { name: 'quotebridge_operator_connectors', help: 'Connectors by phase', labels: ['phase'] },
    (gauge) => {
      const phases = look.phases();
      for (const phase of phases.keys()) seen.add(phase);
      for (const phase of seen) gauge.set({ phase }, phases.get(phase) ?? 0);
    },
  );
  return {
    reconciled: (took, failed) => {
      seconds.observe({ result: failed ? 'error' : 'done' }, took);
      if (failed) errors.add({});
    },
    restarted: () => restarts.add({}),
    watchTrouble: (kind) => troubles.add({ kind }),
  };
};
