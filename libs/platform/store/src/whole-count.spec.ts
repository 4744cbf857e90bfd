import * as fc from 'fast-check';
import { WholeCount, type CountSource } from './whole-count';

/** A server whose kept number may be off, and which is written to while it is asked. */
class FakeServer implements CountSource {
  /** Number of documents after each write; the index is the moment. */
  readonly history = [10];
  asked = { told: 0, counted: 0, countedAt: 0 };
  /** Documents of transactions that are open: the number kept has them already. */
  uncommitted = 0;
  transactions = { begun: 0, open: 0 };
  /** Of another process. */
  openElsewhere = false;
  private drift = 0;
  private runs = 0;

  /** `between`: what happens before each question is answered. */
  constructor(private readonly between: () => void = () => undefined) {}

  get documents(): number {
    return this.history.at(-1) ?? 0;
  }
  write(by: number): void {
    this.history.push(Math.max(0, this.documents + by));
  }
  killed(drift: number): void {
    this.drift = drift;
    this.runs += 1;
  }
  /** An operator has put the number right. */
  validated(): void {
    this.drift = 0;
  }
  readonly changes = (): number => this.runs;
  readonly quiet = (): number => (this.transactions.open > 0 ? Number.NaN : this.transactions.begun);
  readonly transactionOpen = async () => {
    this.between();
    return this.openElsewhere || this.transactions.open > 0;
  };
  readonly told = async () => {
    this.asked.told += 1;
    this.between();
    return { count: this.documents - this.drift + this.uncommitted, moment: String(this.history.length - 1) };
  };
  readonly countedAt = async (moment: string) => {
    this.asked.countedAt += 1;
    this.between();
    return this.history[Number(moment)] ?? Number.NaN;
  };
  readonly counted = async () => {
    this.asked.counted += 1;
    this.between();
    return this.documents;
  };
}

const clockAt = (state: { ms: number }) => ({ now: () => state.ms });
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a server was looked at so many times; each look is of two comparisons. */
const learnt = async ({ asked }: FakeServer, looks = 1): Promise<void> => {
  for (let tries = 0; tries < 500 && asked.countedAt < 2 * looks; tries += 1) await wait(10);
  await wait(1);
  expect(asked.countedAt).toBe(2 * looks);
};

it('counts until the number that the server keeps is known, and takes that one then', async () => {
  const server = new FakeServer();
  server.killed(3);
  const whole = new WholeCount(server, clockAt({ ms: 0 }));
  expect(await whole.count(1_000)).toBe(10);
  await learnt(server);
  server.write(2);
  const { counted } = server.asked;
  expect(await whole.count(1_000)).toBe(12);
  expect(server.asked.counted).toBe(counted);
});

it('learns it of a server that is never quiet, as long as the collection is', async () => {
  const server: FakeServer = new FakeServer(() => server.write(0));
  server.killed(3);
  const whole = new WholeCount(server, clockAt({ ms: 0 }));
  await whole.count(1_000);
  await learnt(server);
  const { counted } = server.asked;
  expect(await whole.count(1_000)).toBe(10);
  expect(server.asked.counted).toBe(counted);
});

it('forgets what it knew of a server that another one took over from', async () => {
  const server = new FakeServer();
  const whole = new WholeCount(server, clockAt({ ms: 0 }));
  await whole.count(1_000);
  await learnt(server);
  server.killed(-4);
  expect(await whole.count(1_000)).toBe(10);
  await learnt(server, 2);
  expect(await whole.count(1_000)).toBe(10);
});

it('counts when the server changes while it is asked', async () => {
  let isKilledNext = false;
  const server: FakeServer = new FakeServer(() => {
    if (isKilledNext) server.killed(5);
    isKilledNext = false;
  });
  const whole = new WholeCount(server, clockAt({ ms: 0 }));
  await whole.count(1_000);
  await learnt(server);
  isKilledNext = true;
  expect(await whole.count(1_000)).toBe(10);
});

it('looks again after a while, since the number may be put right on the server', async () => {
  const server = new FakeServer();
  const time = { ms: 0 };
  const whole = new WholeCount(server, clockAt(time));
  server.killed(3);
  await whole.count(1_000);
  await learnt(server);
  await whole.count(1_000);
  await wait(30);
  await learnt(server);
  server.validated();
  time.ms += 3_600_000;
  await whole.count(1_000);
  await learnt(server, 2);
  expect(await whole.count(1_000)).toBe(10);
});

it('believes nothing while a transaction of its own is open', async () => {
  const server = new FakeServer();
  const whole = new WholeCount(server, clockAt({ ms: 0 }));
  server.uncommitted = -1;
  server.transactions = { begun: 1, open: 1 };
  expect(await whole.count(1_000)).toBe(10);
  await wait(60);
  expect(server.asked.countedAt).toBe(0);
  server.uncommitted = 0;
  server.transactions = { begun: 1, open: 0 };
  server.write(-1);
  await learnt(server);
  expect(await whole.count(1_000)).toBe(9);
});

it.each([
  ['before a comparison', 0],
  ['while it is made', 1],
])('believes nothing while a transaction of another process is open, begun %s', async (_when, begun) => {
  let told = 0;
  const server: FakeServer = new FakeServer(() => {
    if (server.asked.told >= begun) server.openElsewhere = true;
    told += 1;
  });
  const whole = new WholeCount(server, clockAt({ ms: 0 }));
  server.openElsewhere = begun === 0;
  server.uncommitted = 1;
  expect(await whole.count(1_000)).toBe(10);
  for (let tries = 0; tries < 500 && told < 6; tries += 1) await wait(10);
  expect(server.asked.countedAt).toBe(0);
});

it('believes nothing while transactions are open that end before the last look, again and again', async () => {
  const server = new FakeServer();
  let [looks, told] = [0, 0];
  const transactionOpen = async () => {
    const isLast = server.asked.told > told;
    told = server.asked.told;
    looks += 1;
    return !isLast;
  };
  const whole = new WholeCount({ ...server, transactionOpen }, clockAt({ ms: 0 }));
  server.uncommitted = 1;
  expect(await whole.count(1_000)).toBe(10);
  for (let tries = 0; tries < 500 && looks < 3; tries += 1) await wait(10);
  expect(server.asked.countedAt).toBe(0);
});

it('believes only what two comparisons say, since a transaction may be open that nobody sees', async () => {
  const server: FakeServer = new FakeServer(() => {
    if (server.asked.countedAt > 0) server.uncommitted = 0;
  });
  const whole = new WholeCount(server, clockAt({ ms: 0 }));
  server.uncommitted = 1;
  expect(await whole.count(1_000)).toBe(10);
  for (let tries = 0; tries < 500 && server.asked.countedAt < 3; tries += 1) await wait(10);
  await wait(1);
  const { counted } = server.asked;
  expect(await whole.count(1_000)).toBe(10);
  expect(server.asked.counted).toBe(counted);
});

it('lets a count that takes too long fail', async () => {
  const server = new FakeServer();
  const slow = { ...server, counted: () => Promise.reject(new Error('too slow')) };
  await expect(new WholeCount(slow, clockAt({ ms: 0 })).count(1)).rejects.toThrow('too slow');
});

test('every answer is a number that there was while it was asked for, whatever is written and killed meanwhile', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
    { weight: 1, arbitrary: fc.integer({ min: 100, max: 105 }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60 }), async (steps) => {
      const left = [...steps];
      const server: FakeServer = new FakeServer(() => {
        const next = left.shift() ?? 0;
        if (next >= 100) server.killed(next - 102);
        else if (next !== 0) server.write(next);
      });
      const whole = new WholeCount(server, clockAt({ ms: 0 }));
      for (let asked = 0; asked < 6; asked += 1) {
        const from = server.history.length - 1;
        const answer = await whole.count(1_000);
        expect(server.history.slice(from)).toContain(answer);
        await wait(150);
      }
    }),
    { numRuns: 3 },
  );
});
