import fc from 'fast-check';
import { GroupedCalls, type GroupLimits } from './grouped-calls';

const LIMITS: GroupLimits = { largest: 4, underWay: 2 };
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Answers each number with its double, refuses the negative ones, and takes as many turns as it is told. */
const doubling = (turns: (group: number) => number) => {
  const seen = { groups: [] as number[][], underWay: 0, most: 0 };
  const calls = new GroupedCalls<number, number>(async (items) => {
    seen.groups.push([...items]);
    seen.underWay += 1;
    seen.most = Math.max(seen.most, seen.underWay);
    for (let turn = turns(seen.groups.length); turn > 0; turn -= 1) await nextTurn();
    seen.underWay -= 1;
    return items.map((item) =>
      item < 0
        ? { status: 'rejected', reason: new Error(`no ${item}`) }
        : { status: 'fulfilled', value: 2 * item },
    );
  }, LIMITS);
  return { calls, seen };
};

describe('calls that go together', () => {
  it('each gets its own result, whatever its company, and within the limits', async () => {
    const waves = fc.array(fc.array(fc.integer(), { maxLength: 12 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(waves, fc.infiniteStream(fc.nat({ max: 3 })), async (plan, pauses) => {
        const { calls, seen } = doubling(() => pauses.next().value ?? 0);
        const results: Promise<unknown>[] = [];
        for (const wave of plan) {
          for (const item of wave) {
            results.push(
              calls.call(item).then(
                (value) => [item, value],
                (thrown: Error) => [item, thrown.message],
              ),
            );
          }
          await nextTurn();
        }
        for (const [item, result] of (await Promise.all(results)) as [number, unknown][])
          expect(result).toBe(item < 0 ? `no ${item}` : 2 * item);
        expect(seen.groups.flat().sort()).toEqual(plan.flat().sort());
        expect(Math.max(0, ...seen.groups.map((group) => group.length))).toBeLessThanOrEqual(LIMITS.largest);
        expect(seen.most).toBeLessThanOrEqual(LIMITS.underWay);
      }),
    );
  });

  it('what is asked in one turn is one group', async () => {
    const { calls, seen } = doubling(() => 0);
    expect(await Promise.all([1, 2, 3].map((item) => calls.call(item)))).toEqual([2, 4, 6]);
    expect(seen.groups).toEqual([[1, 2, 3]]);
  });

  it('all of a group fail when its operation fails, and the next group goes on', async () => {
    let fails = true;
    const calls = new GroupedCalls<number, number>(async (items) => {
      if (fails) throw new Error('away');
      return items.map((value) => ({ status: 'fulfilled', value }));
    }, LIMITS);
    const results = await Promise.allSettled([calls.call(1), calls.call(2)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await calls.call(3)).toBe(3);
  });

  it('an operation that forgets an item fails it instead of leaving it without an answer', async () => {
    const calls = new GroupedCalls<number, number>(async () => [], LIMITS);
    await expect(calls.call(1)).rejects.toThrow('no result');
  });
});
