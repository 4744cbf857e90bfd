import fc from 'fast-check';
import { planRestart, restartWaitMs } from './auto-restart';
import type { AutoRestart } from './connector';

const MINUTE = 60_000;

/** Plays a history of a judgement for each minute and gives the minutes with a restart. */
const play = (
  failing: readonly (boolean | undefined)[],
): { restarts: number[]; state: AutoRestart | undefined } => {
  let state: AutoRestart | undefined;
  const restarts: number[] = [];
  failing.forEach((now, minute) => {
    const plan = planRestart(state, now, minute * MINUTE);
    state = plan.state;
    if (plan.restart) restarts.push(minute);
  });
  return { restarts, state };
};

describe('planRestart', () => {
  it('waits n²+n minutes, an hour at most', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map((n) => restartWaitMs(n) / MINUTE)).toEqual([
      2, 6, 12, 20, 30, 42, 56, 60, 60, 60,
    ]);
    const { restarts } = play(Array.from({ length: 300 }, () => true));
    expect(restarts).toEqual([2, 8, 20, 40, 70, 112, 168, 228, 288]);
  });

  it('health that lasts ten minutes wipes the slate, a shorter one does not', () => {
    const fail = (minutes: number): boolean[] => Array.from({ length: minutes }, () => true);
    const heal = (minutes: number): boolean[] => Array.from({ length: minutes }, () => false);
    expect(play([...fail(10), ...heal(5)]).state).toMatchObject({ count: 2 });
    expect(play([...fail(10), ...heal(11)]).state).toBeUndefined();
    expect(play([...fail(10), ...heal(11), ...fail(3)]).restarts).toEqual([2, 8, 23]);
  });

  it('a connector that never stays bad for two minutes is never restarted', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 100 }), (bits) => {
        const history = bits.flatMap((bad) => (bad ? [true, false] : [false]));
        expect(play(history).restarts).toEqual([]);
      }),
    );
  });

  it('what cannot be judged changes nothing', () => {
    const before = { count: 3, failingSince: '2026-01-01T00:00:00.000Z' };
    expect(planRestart(before, undefined, 0)).toEqual({ state: before, restart: false });
  });

  it('two restarts are never closer than two minutes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(true, false, undefined), { maxLength: 300 }), (history) => {
        const { restarts } = play(history);
        restarts
          .slice(1)
          .forEach((minute, i) => expect(minute - (restarts[i] ?? 0)).toBeGreaterThanOrEqual(2));
      }),
    );
  });
});
