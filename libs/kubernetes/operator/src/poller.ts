import type { Clock } from '@quotebridge/platform/core';
import { WorkQueue } from '@quotebridge/kubernetes/client';
import type { ConnectorApi } from './connector-api';
import type { Connector } from './connector';
import { coarseAge } from './lag';
import type { ReportFact } from './report';

/** What polling needs. */
export interface PollerOptions {
  readonly api: Pick<ConnectorApi, 'report'>;
  /** The Connector to ask, or undefined when there is nobody to ask: gone, stopped, or no process ready. */
  target(key: string): Connector | undefined;
  /** Told when a report says something that the one before did not. */
  changed(key: string): void;
  readonly everyMs: number;
  readonly workers: number;
  readonly random: () => number;
  readonly clock: Clock;
}

// What of a report may end up in the status; the lag as coarse as there, or every report would be news.
const essenceOf = (fact: ReportFact, now: number): string =>
  fact.ok
    ? JSON.stringify([
        fact.report,
        fact.report.streams.map(({ lastSuccessAt }) =>
          lastSuccessAt === undefined ? '' : coarseAge(now - Date.parse(lastSuccessAt)),
        ),
      ])
    : fact.message;

/** Asks connector processes how they are, apart from reconciling: one that does not answer must hold up nobody. */
export class Poller {
  private readonly reports = new Map<string, ReportFact>();
  private readonly essences = new Map<string, string>();
  private readonly queue: WorkQueue;

  constructor(private readonly options: PollerOptions) {
    this.queue = new WorkQueue({
      workers: options.workers,
      backoff: { baseMs: 1_000, maxMs: options.everyMs },
      random: options.random,
      clock: options.clock,
      failed: () => undefined,
      work: (key) => this.ask(key),
    });
  }

  start(): void {
    this.queue.start();
  }

  stop(): Promise<void> {
    return this.queue.stop();
  }

  /** There is news of this connector: ask soon. */
  add(key: string): void {
    this.queue.add(key);
  }

  reportOf(key: string): ReportFact | undefined {
    return this.reports.get(key);
  }

  private async ask(key: string): Promise<{ afterMs?: number }> {
    const { api, target, changed, everyMs, random, clock } = this.options;
    const connector = target(key);
    if (connector === undefined) {
      if (this.reports.delete(key)) changed(key);
      this.essences.delete(key);
      return {};
    }
    let fact = await api.report(connector);
    // An operator that has just begun is busy with all of them at once: that its first question gets no answer in time says little.
    if (!fact.ok && !this.reports.has(key)) fact = await api.report(connector);
    const essence = essenceOf(fact, clock.now());
    this.reports.set(key, fact);
    if (this.essences.get(key) !== essence) {
      this.essences.set(key, essence);
      changed(key);
    }
    // Spread, so that a thousand connectors are not asked at the same moment.
    return { afterMs: everyMs * (0.8 + 0.4 * random()) };
  }
}
