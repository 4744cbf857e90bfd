import { type ConnectorStores, type RunRecord } from '@quotebridge/connectors/sdk';
import { latestRuns } from './latest-runs';

const run = (
  id: string,
  state: RunRecord['state'],
  trigger: RunRecord['trigger'] = 'schedule',
): RunRecord => ({
  _id: id,
  instance: 'i',
  stream: 's',
  trigger,
  mode: 'delta',
  state,
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 0,
  counts: { read: 0, created: 0, updated: 0, unchanged: 0, deleted: 0, rejected: 0, missing: 0 },
});

const FAILED = run('failed', 'failed');
const GOOD = run('good', 'succeeded');
const RUNNING = run('running', 'running');
const REPLAY = run('replay', 'succeeded', 'replay');

/** A history, newest first, that counts how often it is asked. */
const history = (...records: RunRecord[]) => {
  const asked: string[] = [];
  const decided = records.find(
    ({ state, trigger }) => trigger !== 'replay' && (state === 'succeeded' || state === 'failed'),
  );
  const runs: Pick<ConnectorStores['runs'], 'list' | 'lastSuccess'> = {
    list: async ({ only }) => {
      asked.push(only ?? 'all');
      const found = only === 'decided' ? decided : records[0];
      return { items: found === undefined ? [] : [found] };
    },
    lastSuccess: async () => {
      asked.push('success');
      return records.find(({ state }) => state === 'succeeded');
    },
  };
  return { runs, asked };
};

it.each<[string, RunRecord[], (RunRecord | undefined)[], string[]]>([
  ['has run well', [GOOD, FAILED], [GOOD, GOOD, GOOD], ['begun']],
  ['has never run', [], [undefined, undefined, undefined], ['begun']],
  ['has failed', [FAILED, GOOD], [FAILED, FAILED, GOOD], ['begun', 'success']],
  ['is running', [RUNNING, FAILED, GOOD], [RUNNING, FAILED, GOOD], ['begun', 'decided', 'success']],
  ['was replayed', [REPLAY, FAILED], [REPLAY, FAILED, REPLAY], ['begun', 'decided']],
])(
  'the history of a stream that %s is asked for what is not known yet only',
  async (_what, records, told, asks) => {
    const { runs, asked } = history(...records);
    const { last, decided, good } = await latestRuns(runs, 's');
    expect([last, decided, good]).toEqual(told);
    expect(asked).toEqual(asks);
  },
);
