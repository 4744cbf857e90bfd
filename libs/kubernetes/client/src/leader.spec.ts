import fc from 'fast-check';
import { systemClock } from '@quotebridge/platform/core';
import { Leader, type Wait } from './leader';
import { fakeLeases, type FakeLeases, type Outage } from './testing/fake-leases';

/** As the operator has them unless told otherwise. */
const TIMES = { leaseMs: 12_000, renewMs: 8_000, retryMs: 2_000 };
const FOR_EVER: Outage = { fromMs: 0, toMs: Infinity };

const wait: Wait = (ms, signal) =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });

/** When somebody led, milliseconds from the beginning; one who leads still has led until now. */
interface Reign {
  readonly by: string;
  readonly from: number;
  to: number | undefined;
}

describe('an election', () => {
  let begin: number;
  let reigns: Reign[];
  let leases: FakeLeases;
  const leaders: Leader[] = [];
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  const fresh = (): void => {
    begin = Date.now();
    reigns = [];
    leases = fakeLeases();
    leaders.splice(0);
  };
  beforeEach(fresh);
  const now = (): number => Date.now() - begin;
  const stand = (identity: string, outages: readonly Outage[] = [], random = () => 0.5): Leader => {
    let mine: Reign | undefined;
    const leader = new Leader({
      client: leases.client(outages),
      namespace: 'n',
      name: 'l',
      identity,
      clock: systemClock,
      times: TIMES,
      random,
      wait,
      elected: () => {
        mine = { by: identity, from: now(), to: undefined };
        reigns.push(mine);
      },
      lost: () => {
        if (mine !== undefined) mine.to = now();
      },
      trouble: () => undefined,
    });
    leaders.push(leader);
    leader.start();
    return leader;
  };
  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  const end = async (): Promise<void> => {
    const stopped = Promise.all(leaders.map((leader) => leader.stop()));
    await pass(TIMES.renewMs + TIMES.leaseMs);
    await stopped;
    jest.clearAllTimers();
  };

  it('that two begin at once has one leader', async () => {
    stand('a');
    stand('b');
    await pass(60_000);
    expect(reigns).toHaveLength(1);
    await end();
  });

  it('a leader that dies is followed within 20 seconds of its last sign, and not before its lease is over', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 20_000 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        async (later, numbers) => {
          fresh();
          const random = (): number => Number(numbers.next().value);
          const diesAt = 5_000 + later;
          stand('first', [{ ...FOR_EVER, fromMs: diesAt }], random);
          await pass(1_000);
          stand('second', [], random);
          await pass(diesAt + 30_000);
          expect(reigns.map(({ by }) => by)).toEqual(['first', 'second']);
          // Renewed every 2.4 seconds at least, and renewed no more from then on.
          const taken = Date.parse(String(leases.lease()?.spec?.['acquireTime'])) - begin;
          const waited = taken - diesAt;
          expect(waited).toBeGreaterThan(TIMES.leaseMs - 2_500);
          expect(waited).toBeLessThan(20_000 - 2_500);
          await end();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('a leader whose requests hang gives up before another leads, though no answer ever comes', async () => {
    stand('first', [{ ...FOR_EVER, fromMs: 10_000 }]);
    await pass(1_000);
    stand('second');
    await pass(60_000);
    const [first, second] = reigns;
    expect([first?.by, second?.by]).toEqual(['first', 'second']);
    expect(first?.to).toBeLessThanOrEqual(10_000 + TIMES.renewMs);
    expect(second?.from).toBeGreaterThan(first?.to ?? Infinity);
    await end();
  });

  it('never do two lead, whoever hears nothing of the API server for how long', async () => {
    const outages = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 90_000 }), fc.integer({ min: 100, max: 40_000 }))
        .map(([fromMs, forMs]) => ({ fromMs, toMs: fromMs + forMs })),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(outages, outages, async (ofA, ofB) => {
        fresh();
        stand('a', ofA, () => 0);
        stand('b', ofB, () => 1);
        await pass(150_000);
        const inOrder = [...reigns].sort((one, other) => one.from - other.from);
        const overlaps = inOrder.filter(
          (one, i) => (inOrder[i - 1]?.to ?? (i === 0 ? 0 : Infinity)) > one.from,
        );
        expect(overlaps).toEqual([]);
        await end();
      }),
      { numRuns: 40 },
    );
  });

  it('a leader that ends gives the lease back: another need not wait until it is over', async () => {
    const first = stand('first');
    await pass(1_000);
    stand('second');
    await pass(5_000);
    const stopped = first.stop();
    await pass(3_000);
    await stopped;
    expect(reigns.map(({ by }) => by)).toEqual(['first', 'second']);
    await end();
  });
});
