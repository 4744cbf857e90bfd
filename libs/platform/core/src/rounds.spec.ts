import { Rounds } from './rounds';

const HOUR = 3_600_000;
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe('work in rounds', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const counted = (round: (n: number) => Promise<'again' | void> | void, onError = jest.fn()) => {
    let done = 0;
    const rounds = new Rounds({ round: async () => round(++done), pauseMs: HOUR, onError });
    return { rounds, onError, done: () => done };
  };

  it('begins at once and again after each pause', async () => {
    const { rounds, done } = counted(() => undefined);
    await turns();
    expect(done()).toBe(1);
    await jest.advanceTimersByTimeAsync(HOUR);
    expect(done()).toBe(2);
    await rounds.stop();
  });

  it('has no pause when a round asks for the next, or when somebody asks during a round', async () => {
    const asked = counted((n) => (n < 4 ? Promise.resolve('again') : undefined));
    await turns();
    expect(asked.done()).toBe(4);
    await asked.rounds.stop();

    const called = counted((n) => (n === 1 ? Promise.resolve().then(() => called.rounds.look()) : undefined));
    await turns();
    expect(called.done()).toBe(2);
    await called.rounds.stop();
  });

  it('a look ends the pause', async () => {
    const { rounds, done } = counted(() => undefined);
    await turns();
    rounds.look();
    await turns();
    expect(done()).toBe(2);
    await rounds.stop();
  });

  it('a round that throws is told of and tried again after the pause', async () => {
    const { rounds, onError, done } = counted((n) =>
      n === 1 ? Promise.reject(new Error('away')) : undefined,
    );
    await turns();
    expect([done(), onError.mock.calls.length]).toEqual([1, 1]);
    await jest.advanceTimersByTimeAsync(HOUR);
    expect([done(), onError.mock.calls.length]).toEqual([2, 1]);
    await rounds.stop();
  });

  it('a stop waits for the round, tells it, and no other follows: not even after a look', async () => {
    let end: () => void = () => undefined;
    let seen = false;
    let count = 0;
    const rounds = new Rounds({
      round: async (stopping) => {
        count += 1;
        await new Promise<void>((resolve) => (end = resolve));
        seen = stopping.aborted;
      },
      pauseMs: HOUR,
      onError: jest.fn(),
    });
    let stopped = false;
    const stop = rounds.stop().then(() => (stopped = true));
    await turns();
    expect(stopped).toBe(false);
    end();
    await stop;
    rounds.look();
    await jest.advanceTimersByTimeAsync(2 * HOUR);
    expect([seen, count]).toEqual([true, 1]);
  });
});
