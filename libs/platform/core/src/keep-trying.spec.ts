import { keepTrying } from './keep-trying';

const failing = (...reasons: readonly string[]) => {
  const left = [...reasons];
  return jest.fn(async () => {
    const reason = left.shift();
    if (reason !== undefined) throw new Error(reason);
    return 'there';
  });
};

describe('trying until something is there', () => {
  afterEach(() => jest.restoreAllMocks());

  it('gives what the first success gave, and tells each reason when it is a new one', async () => {
    const attempt = failing('no address', 'no address', 'no login', 'no address');
    const told: string[] = [];
    const options = {
      until: performance.now() + 60_000,
      everyMs: 1,
      waiting: (reason: string) => void told.push(reason),
    };
    expect(await keepTrying(attempt, options)).toBe('there');
    expect(attempt).toHaveBeenCalledTimes(5);
    expect(told).toEqual(['no address', 'no login', 'no address']);
  });

  it('rejects as the last attempt did when the time is over, and waits no longer for it', async () => {
    const attempt = failing('first', 'second', 'third', 'fourth');
    let now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => (now += 10));
    await expect(keepTrying(attempt, { until: 25, everyMs: 10 })).rejects.toThrow('second');
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  it('tries once where no wait is wanted, and tells nobody', async () => {
    const attempt = failing('away');
    const waiting = jest.fn();
    await expect(keepTrying(attempt, { until: performance.now(), waiting })).rejects.toThrow('away');
    expect([attempt.mock.calls.length, waiting.mock.calls.length]).toEqual([1, 0]);
  });
});
