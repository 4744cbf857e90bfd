import type { ConnectorStores, RunRecord } from '@quotebridge/connectors/sdk';

/** What the history of a stream tells of it. */
export interface LatestRuns {
  /** The newest that has begun. */
  readonly last?: RunRecord | undefined;
  /** The newest that tells whether the stream can be read. */
  readonly decided?: RunRecord | undefined;
  /** The newest that succeeded. */
  readonly good?: RunRecord | undefined;
}

// A replay reads the quarantine, not the outside system.
const decides = ({ state, trigger }: RunRecord): boolean =>
  trigger !== 'replay' && (state === 'succeeded' || state === 'failed');

/** Asks the history of a stream, for what one answer says not once more: mostly the newest run tells it all. */
export const latestRuns = async (
  runs: Pick<ConnectorStores['runs'], 'list' | 'lastSuccess'>,
  stream: string,
): Promise<LatestRuns> => {
  const [last] = (await runs.list({ stream, limit: 1, only: 'begun' })).items;
  if (last === undefined) return {};
  const [decided] = decides(last) ? [last] : (await runs.list({ stream, limit: 1, only: 'decided' })).items;
  return { last, decided, good: last.state === 'succeeded' ? last : await runs.lastSuccess(stream) };
};
