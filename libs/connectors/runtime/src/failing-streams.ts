import type { ConnectorStores, RunRecord } from '@quotebridge/connectors/sdk';
import type { Metrics } from '@quotebridge/platform/telemetry';

const NOTES = 'engine-failing';
/** Each round whose tries are used up is noted anew; runs, by which a note ends, are kept longer. */
const KEEP_MS = 60 * 24 * 3_600_000;
/** More than the tries of a round: behind a success there are at most so many failures before the next note. */
const LATEST = 20;

/** Notes that the tries of a stream are used up. */
export const noteFailing = (
  notes: Pick<ConnectorStores['notes'], 'put'>,
  { stream, startedAt }: Pick<RunRecord, 'stream' | 'startedAt'>,
): Promise<void> =>
  notes.put(NOTES, [{ key: stream, value: { startedAt } }], Date.parse(startedAt) + KEEP_MS);

/** What is asked about a stream. */
export interface FailingStores {
  readonly notes: Pick<ConnectorStores['notes'], 'get'>;
  readonly runs: Pick<ConnectorStores['runs'], 'list'>;
}

/** Whether a stream was given up and has not been read since. */
const isFailing = async ({ notes, runs }: FailingStores, stream: string): Promise<boolean> => {
  const since = (await notes.get(NOTES, stream))?.['startedAt'];
  if (typeof since !== 'string') return false;
  const { items } = await runs.list({ stream, limit: LATEST, only: 'decided' });
  return !items.some(({ state, startedAt }) => state === 'succeeded' && startedAt > since);
};

/**
 * Shows which streams keep failing. Read from what all processes of an instance share: another one may read the stream next, and
 * one that was restarted has seen nothing.
 */
export const failingGauge = (metrics: Metrics, streams: readonly string[], stores: FailingStores): void => {
  metrics.gauge(
    {
      name: 'quotebridge_connector_stream_failing',
      help: '1 while a stream keeps failing although its run was tried again.',
      labels: ['stream'],
    },
    async (gauge) => {
      for (const stream of streams) {
        // A store that is away must not take the other metrics along.
        const failing = await isFailing(stores, stream).catch(() => undefined);
        if (failing !== undefined) gauge.set({ stream }, failing ? 1 : 0);
      }
    },
  );
};
