import { isoNow, type Clock } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import { whileHolding } from './holding';
import type { ConnectorStores } from './ports';

/** What is needed to find runs whose process ended without a word. */
interface LeftRunsOptions {
  readonly stores: Pick<ConnectorStores, 'runs' | 'lease'>;
  /** Name of this process in the records of its runs. */
  readonly process: string;
  readonly clock: Clock;
  /** How long a process may be silent. */
  readonly leaseMs: number;
}

const leaseOf = ({ stores, process, leaseMs }: LeftRunsOptions, other: string) =>
  stores.lease(`process/${other}`, process, leaseMs);

/** Marks runs as interrupted, queued ones too, whose process no longer holds the lease on its own name. */
export const interruptLeft = async (options: LeftRunsOptions): Promise<void> => {
  const { stores, process, clock, leaseMs } = options;
  for (const other of await stores.runs.openProcesses()) {
    if (other === process) continue;
    await whileHolding(leaseOf(options, other), leaseMs, () => stores.runs.interruptOf(other, isoNow(clock)));
  }
};

/** Says that this process is alive until it stops, and looks after runs of others that are not. */
export const watchLeftRuns = async (options: LeftRunsOptions): Promise<Running> => {
  const own = leaseOf(options, options.process);
  const look = async (): Promise<void> => {
    await own.acquire();
    await interruptLeft(options);
  };
  await look();
  let looking: Promise<unknown> = Promise.resolve();
  // A store that is away is looked into the next time.
  const timer = setInterval(() => {
    looking = look().catch(() => undefined);
  }, options.leaseMs / 3);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      await own.release().catch(() => undefined);
    },
  };
};
