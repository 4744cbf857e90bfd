import fc from 'fast-check';
import type { Running } from '@quotebridge/platform/events';
import { allOf, PartShare, partsOf } from './part-share';
import type { WorkLease } from './ports';

const PARTS = 6;
const LEASE_MS = 900;

/** Leases as the store keeps them. */
class LeaseTable {
  private readonly rows = new Map<string, { holder: string; until: number }>();
  /** Holders whose calls fail, as those of a process that is dead or cut off. */
  readonly cut = new Set<string>();

  lease(name: string, holder: string, ttlMs: number): WorkLease {
    const { rows } = this;
    let heldUntil = 0;
    return {
      get held() {
        return Date.now() < heldUntil;
      },
      acquire: async () => {
        this.check(holder);
        const row = rows.get(name);
        const isFree = row === undefined || row.holder === holder || row.until <= Date.now();
        heldUntil = isFree ? Date.now() + ttlMs : 0;
        if (isFree) rows.set(name, { holder, until: heldUntil });
        return isFree;
      },
      release: async () => {
        this.check(holder);
        heldUntil = 0;
        if (rows.get(name)?.holder === holder) rows.delete(name);
      },
    };
  }

  async leaseHolders(beginning: string): Promise<readonly string[]> {
    return [...this.rows]
      .filter(([name, { until }]) => name.startsWith(beginning) && until > Date.now())
      .map(([, { holder }]) => holder)
      .sort();
  }

  private check(holder: string): void {
    if (this.cut.has(holder)) throw new Error('the store is away');
  }
}

describe('the share of a process', () => {
  it('every part is one process’, and shares differ by one at most', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 9 }), (names) => {
        const workers = [...names].sort();
        const shares = workers.map((worker) => partsOf(worker, workers));
        expect(shares.flat().sort()).toEqual([0, 1, 2, 3, 4, 5]);
        const sizes = shares.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
    expect(partsOf('stranger', ['a'])).toEqual([]);
  });
});

describe('processes that come, go and are killed', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** What happens: a process comes, one ends, one is killed, one is cut off from the store, or time passes. */
  const step = fc.oneof(
    fc.record({ kind: fc.constant('come' as const) }),
    fc.record({ kind: fc.constantFrom('end' as const, 'kill' as const, 'cut' as const), which: fc.nat(3) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 2_000 }) }),
  );

  it('never two work on a part, and soon each part is worked on by a process that is there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.nat(200), async (steps, endMs) => {
        const table = new LeaseTable();
        const alive = new Map<string, Running>();
        const dead: Running[] = [];
        const working = new Map<number, Set<string>>();
        let most = 0;
        let count = 0;
        const come = async (): Promise<void> => {
          const process = `p${(count += 1)}`;
          const share = PartShare.start({
            stores: table,
            process,
            leaseMs: LEASE_MS,
            begin: async ({ index }) => {
              const those = working.get(index) ?? new Set();
              working.set(index, those.add(process));
              // One that is cut off ends what it has in work before it can know.
              const known = [...those].filter((name) => !table.cut.has(name));
              most = Math.max(most, known.length);
              return {
                stop: async () => {
                  await new Promise((resolve) => setTimeout(resolve, endMs));
                  those.delete(process);
                },
              };
            },
            onError: () => undefined,
          });
          alive.set(process, await share);
        };
        const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
        await come();
        for (const one of steps) {
          if (one.kind === 'come') await come();
          if (one.kind === 'pass') await pass(one.ms);
          if (!('which' in one) || alive.size < 2) continue;
          const [name, share] = [...alive][one.which % alive.size] ?? ['', undefined];
          if (share === undefined) continue;
          alive.delete(name);
          if (one.kind === 'end') {
            const ended = share.stop();
            await pass(endMs + 1);
            await ended;
          } else {
            dead.push(share);
            table.cut.add(name);
            if (one.kind === 'kill') for (const those of working.values()) those.delete(name);
          }
        }
        await pass(5 * LEASE_MS);
        expect(most).toBe(1);
        const shares = [...alive.keys()].map(
          (name) => [...working.values()].filter((those) => those.has(name)).length,
        );
        expect(shares.reduce((sum, size) => sum + size, 0)).toBe(PARTS);
        expect([...working.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1, 1, 1]);
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        const ended = Promise.all([...alive.values(), ...dead].map((share) => share.stop()));
        await pass(endMs + 1);
        await ended;
      }),
      { numRuns: 60 },
    );
  });

  it('one that cannot begin says so, and keeps nothing', async () => {
    const table = new LeaseTable();
    const stopped: number[] = [];
    const starting = PartShare.start({
      stores: table,
      process: 'p1',
      leaseMs: LEASE_MS,
      begin: async ({ index }) => {
        if (index === 3) throw new Error('the broker is away');
        return { stop: async () => void stopped.push(index) };
      },
      onError: () => undefined,
    });
    await expect(starting).rejects.toThrow('the broker is away');
    expect(stopped).toEqual([0, 1, 2, 4, 5]);
    expect(await table.leaseHolders('')).toEqual([]);
  });
});

describe('pieces that start as one', () => {
  it('those that did start are stopped when one cannot', async () => {
    const running = new Set<string>();
    const piece = (name: string) => async (): Promise<Running> => {
      running.add(name);
      return { stop: async () => void running.delete(name) };
    };
    const broken = async (): Promise<Running> => Promise.reject(new Error('no'));
    await expect(allOf([piece('a'), broken, piece('b')])).rejects.toThrow('no');
    expect(running.size).toBe(0);
    const both = await allOf([piece('a'), piece('b')]);
    expect([...running]).toEqual(['a', 'b']);
    await both.stop();
    expect(running.size).toBe(0);
  });
});
