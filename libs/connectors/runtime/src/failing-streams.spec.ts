import type { Note, RunRecord } from '@quotebridge/connectors/sdk';
import { createMetrics } from '@quotebridge/platform/telemetry';
import { failingGauge, noteFailing, type FailingStores } from './failing-streams';

const run = (
  hour: number,
  state: RunRecord['state'],
  trigger: RunRecord['trigger'] = 'schedule',
): RunRecord => ({
  _id: `r${hour}`,
  instance: 'erp',
  stream: 'prices',
  trigger,
  mode: 'delta',
  state,
  startedAt: `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000Z`,
  durationMs: 0,
  counts: { read: 0, created: 0, updated: 0, unchanged: 0, deleted: 0, rejected: 0, missing: 0 },
});

describe('a stream that keeps failing', () => {
  const runs: RunRecord[] = [];
  const notes = new Map<string, Note>();
  const stores = {
    notes: {
      get: async (_kind: string, key: string) => notes.get(key)?.value,
      put: async (_kind: string, entries: readonly Note[]) => {
        for (const one of entries) notes.set(one.key, one);
      },
    },
    runs: {
      // As the store does with `decided`, newest first.
      list: async () => ({ items: runs.filter(({ trigger }) => trigger !== 'replay').toReversed() }),
    },
  };
  beforeEach(() => {
    runs.splice(0);
    notes.clear();
  });

  const toldByOne = async (of: FailingStores): Promise<string | undefined> => {
    const metrics = createMetrics({ service: 'connector-erp', processMetrics: false });
    failingGauge(metrics, ['prices'], of);
    const line = (await metrics.text()).split('\n').find((one) => one.includes('{stream="prices"'));
    return line?.slice(line.lastIndexOf(' ') + 1);
  };
  /** What each of two processes of the instance tells; both have just begun. */
  const told = (of: FailingStores = stores): Promise<readonly (string | undefined)[]> =>
    Promise.all([toldByOne(of), toldByOne(of)]);

  it('is told by every process when its tries are used up, and by none once it has been read, whoever did it', async () => {
    runs.push(run(0, 'succeeded'), run(1, 'failed'));
    expect(await told()).toEqual(['0', '0']);
    runs.push(run(2, 'failed'));
    await noteFailing(stores.notes, run(2, 'failed'));
    expect(await told()).toEqual(['1', '1']);
    runs.push(run(3, 'succeeded', 'replay'));
    expect(await told()).toEqual(['1', '1']);
    runs.push(run(4, 'succeeded', 'manual'));
    expect(await told()).toEqual(['0', '0']);
    // The first try of a later round that fails: it is tried again.
    runs.push(run(5, 'failed'));
    expect(await told()).toEqual(['0', '0']);
  });

  it('is not told of while the store is away, and takes no other metric along', async () => {
    const away = { ...stores, notes: { get: () => Promise.reject(new Error('the store is away')) } };
    expect(await told(away)).toEqual([undefined, undefined]);
  });
});
