import { endOnSignal } from './ending';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

describe('a process that is told to end', () => {
  let codes: unknown[];
  let ended: Promise<void>;
  beforeEach(() => {
    codes = [];
    ended = new Promise((resolve) => {
      jest.spyOn(process, 'exit').mockImplementation((code) => {
        codes.push(code);
        resolve();
        return undefined as never;
      });
    });
  });
  afterEach(() => jest.restoreAllMocks());

  /** As the system does it, to the listener that was added last. */
  const send = (signal: NodeJS.Signals): void => {
    process.listeners(signal).at(-1)?.(signal);
  };

  it.each(SIGNALS)('ends at once by %s as long as it starts', (signal) => {
    endOnSignal(() => undefined);
    send(signal);
    expect(codes).toEqual([0]);
  });

  it('ends once, in order, when it has started', async () => {
    let done = (): void => undefined;
    const stop = jest.fn(() => new Promise<void>((resolve) => (done = resolve)));
    endOnSignal(() => undefined)(stop);
    send('SIGTERM');
    send('SIGINT');
    expect([stop.mock.calls.length, codes]).toEqual([1, []]);
    done();
    await ended;
    expect(codes).toEqual([0]);
  });

  it('tells what went wrong at its end, and ends with 1', async () => {
    const failed = jest.fn();
    const reason = new Error('MongoDB is away');
    endOnSignal(failed)(() => Promise.reject(reason));
    send('SIGTERM');
    await ended;
    expect([failed.mock.calls, codes]).toEqual([[[reason]], [1]]);
  });
});
