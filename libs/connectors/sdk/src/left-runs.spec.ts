import { interruptLeft } from './left-runs';
import { noCounts, type RunRecord } from './run-record';
import { MemoryStores } from './testing/memory-stores';

const record = (_id: string, process: string, state: RunRecord['state']): RunRecord => ({
  _id,
  instance: 'erp',
  stream: 'things',
  trigger: 'manual',
  process,
  mode: 'delta',
  state,
  startedAt: '2026-01-01T00:00:00.000Z',
  ...(state === 'queued' || state === 'running' ? {} : { endedAt: '2026-01-01T00:00:01.000Z' }),
  durationMs: 0,
  counts: noCounts(),
});

describe('runs that a process left behind', () => {
  it('are interrupted, queued ones too, once its lease has run out; those of the living stay', async () => {
    const stores = new MemoryStores();
    for (const [process, state] of [
      ['dead', 'queued'],
      ['dead', 'running'],
      ['dead', 'failed'],
      ['alive', 'queued'],
      ['mine', 'running'],
    ] as const)
      await stores.runs.put(record(`${process}-${state}`, process, state));
    const released: string[] = [];
    await interruptLeft({
      stores: {
        runs: stores.runs,
        lease: (name) => ({
          held: true,
          acquire: async () => name !== 'process/alive',
          release: async () => void released.push(name),
        }),
      },
      process: 'mine',
      clock: { now: () => Date.UTC(2026, 0, 2) },
      leaseMs: 1_000,
    });
    expect(Object.fromEntries([...stores.records].map(([id, { state }]) => [id, state]))).toEqual({
      'dead-queued': 'interrupted',
      'dead-running': 'interrupted',
      'dead-failed': 'failed',
      'alive-queued': 'queued',
      'mine-running': 'running',
    });
    expect(stores.records.get('dead-queued')).toMatchObject({ endedAt: '2026-01-02T00:00:00.000Z' });
    expect(new Set(released)).toEqual(new Set(['process/dead']));
  });
});
