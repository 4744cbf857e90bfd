import fc from 'fast-check';
import { SharedCalls } from './shared-calls';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('answers that are shared', () => {
  it('none is older than its question', async () => {
    const steps = fc.array(fc.constantFrom('ask', 'change', 'pass'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat({ max: 3 }), async (plan, slowness) => {
        let state = 0;
        const calls = new SharedCalls<number>();
        const read = async (): Promise<number> => {
          const seen = state;
          for (let turn = 0; turn < slowness; turn += 1) await nextTurn();
          return seen;
        };
        const checks: Promise<void>[] = [];
        for (const step of plan) {
          if (step === 'change') state += 1;
          else if (step === 'pass') await nextTurn();
          else {
            const known = state;
            checks.push(calls.call('k', read).then((answer) => expect(answer).toBeGreaterThanOrEqual(known)));
          }
        }
        await Promise.all(checks);
      }),
    );
  });

  it('those who ask while a call runs share the next one, and other questions are not theirs', async () => {
    const calls = new SharedCalls<string>();
    const asked: string[] = [];
    const ask = (key: string): Promise<string> =>
      calls.call(key, async () => {
        asked.push(key);
        await nextTurn();
        return key;
      });
    expect(await Promise.all(['a', 'a', 'a', 'b'].map(ask))).toEqual(['a', 'a', 'a', 'b']);
    expect(asked.sort()).toEqual(['a', 'a', 'b']);
  });

  it('a failure is for those who asked; the next call is made again', async () => {
    const calls = new SharedCalls<string>();
    let tries = 0;
    const ask = (): Promise<string> =>
      calls.call('k', async () => {
        tries += 1;
        if (tries < 3) throw new Error('away');
        return 'back';
      });
    const results = await Promise.allSettled([ask(), ask(), ask()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await ask()).toBe('back');
    expect(tries).toBe(3);
  });
});
