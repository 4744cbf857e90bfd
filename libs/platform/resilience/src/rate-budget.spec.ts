import * as fc from 'fast-check';
import { RateBudget } from './rate-budget';

const START = Date.UTC(2026, 0, 1, 12);

describe('RateBudget', () => {
  it('never grants more than the burst and the rate over any time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.nat(500), { maxLength: 200 }),
        (perSecond, burst, steps) => {
          let now = START;
          const budget = new RateBudget({ perSecond, burst }, { now: () => now });
          let granted = 0;
          for (const step of steps) {
            now += step;
            if (budget.take().granted) granted += 1;
          }
          expect(granted).toBeLessThanOrEqual(burst + ((now - START) / 1000) * perSecond + 1e-6);
        },
      ),
    );
  });

  it('grants after exactly the wait that it names', () => {
    let now = START;
    const budget = new RateBudget({ perSecond: 4, burst: 1 }, { now: () => now });
    budget.take();
    const refused = budget.take();
    expect(refused).toEqual({ granted: false, waitMs: 250, spent: 'second' });
    now += 250;
    expect(budget.take()).toEqual({ granted: true });
  });

  it('a spent day waits for midnight UTC and then begins anew', () => {
    let now = START;
    const budget = new RateBudget({ perDay: 2 }, { now: () => now });
    budget.take();
    budget.take();
    expect(budget.take()).toEqual({ granted: false, waitMs: 12 * 3_600_000, spent: 'day' });
    now += 12 * 3_600_000;
    expect(budget.take()).toEqual({ granted: true });
  });

  it('calls that others made on the same account count, as the vendor told last', () => {
    const budget = new RateBudget({}, { now: () => START });
    budget.observe(98, 100);
    expect([budget.take(), budget.take(), budget.take()].map(({ granted }) => granted)).toEqual([
      true,
      true,
      false,
    ]);
    // The oldest calls are more than a day ago now.
    budget.observe(60, 100);
    expect(budget.take()).toEqual({ granted: true });
    budget.observe(100, 100);
    expect(budget.take()).toMatchObject({ granted: false, spent: 'day' });
  });

  it('a rolling day that is spent is asked for again after a quarter of an hour, not at midnight', () => {
    let now = START;
    const budget = new RateBudget({ perDay: 1_000 }, { now: () => now });
    budget.observe(100, 100);
    expect(budget.take()).toEqual({ granted: false, waitMs: 900_000, spent: 'day' });
    now += 900_000;
    expect(budget.take()).toEqual({ granted: true });
    // What the answer to that call tells counts from then on.
    budget.observe(100, 100);
    expect(budget.take()).toMatchObject({ granted: false, waitMs: 900_000 });
    now += 900_000;
    budget.observe(99, 100);
    expect([budget.take().granted, budget.take().granted]).toEqual([true, false]);
  });

  it('a clock that steps back gives nothing away', () => {
    let now = START;
    const budget = new RateBudget({ perSecond: 1, burst: 1 }, { now: () => now });
    budget.take();
    now -= 60_000;
    expect(budget.take().granted).toBe(false);
    now += 60_000;
    expect(budget.take().granted).toBe(false);
  });
});
