import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BrokerUnavailable,
  EventBus,
  PermanentError,
  eventIdOf,
  listDeadLetters,
  replayDeadLetter,
  TMF_EVENTS,
  type ConsumerSpec,
  type Delivery,
} from '@quotebridge/platform/events';
import { eventually, startOwnNats, type OwnNats } from '../support';

let nats: OwnNats;
let bus: EventBus;
const told: string[] = [];
const connect = (): Promise<EventBus> =>
  EventBus.connect({
    servers: nats.url,
    name: 'test',
    observer: {
      retry: (durable, _subject, _attempt, reason) => told.push(`${durable}: ${reason}`),
      deadLetter: (durable, _subject, reason) => told.push(`${durable}: dead ${reason}`),
    },
  });

beforeAll(async () => {
  nats = await startOwnNats();
  bus = await connect();
});
afterAll(async () => {
  await bus.close();
  await nats.stop();
});

/** A subject and a durable consumer of this test's own. */
const own = (changes: Partial<ConsumerSpec> = {}): { subject: string; spec: ConsumerSpec } => {
  const name = randomUUID();
  const subject = `tmf.TEST.${name}`;
  const spec: ConsumerSpec = {
    durable: name,
    stream: TMF_EVENTS,
    subjects: [subject],
    concurrency: 16,
    maxAttempts: 3,
    backoffMs: [10, 20],
    ackWaitMs: 1_000,
    ...changes,
  };
  return { subject, spec };
};

const send = (subject: string, key: string, n: number, through = bus): Promise<void> =>
  through.publish(subject, { eventId: `${subject}-${key}-${n}`, key, n }, { id: randomUUID(), key });

const numberOf = (delivery: Delivery): number => (delivery.json() as { n: number }).n;

const grouped = (seen: readonly { key: string; n: number }[]): Map<string, number[]> => {
  const byKey = new Map<string, number[]>();
  for (const { key, n } of seen) byKey.set(key, [...(byKey.get(key) ?? []), n]);
  return byKey;
};

describe('guarantee 2: events of one resource arrive in order, at least once', () => {
  it('keeps the order within a key over failures and slow handlers, and works on keys in parallel', async () => {
    const { subject, spec } = own({ maxAttempts: 10 });
    const [keys, each] = [8, 12];
    for (let n = 0; n < each; n += 1)
      await Promise.all(Array.from({ length: keys }, (_, key) => send(subject, `k${key}`, n)));
    const seen: { key: string; n: number }[] = [];
    let inWork = 0;
    let most = 0;
    const consumer = await bus.consume(spec, async (delivery) => {
      inWork += 1;
      most = Math.max(most, inWork);
      await sleep((numberOf(delivery) * 7) % 5);
      inWork -= 1;
      if ((numberOf(delivery) + delivery.attempt) % 3 === 0) throw new Error('not yet');
      seen.push({ key: delivery.key, n: numberOf(delivery) });
    });
    await eventually('all messages', () => seen.length >= keys * each);
    for (const numbers of grouped(seen).values())
      expect(numbers).toEqual(Array.from({ length: each }, (_, n) => n));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(spec.concurrency);
    await consumer.stop();
  });

  it('a message that waits behind a slow one of its key is not delivered twice', async () => {
    const { subject, spec } = own({ ackWaitMs: 300 });
    for (let n = 0; n < 4; n += 1) await send(subject, 'k', n);
    const seen: number[] = [];
    const consumer = await bus.consume(spec, async (delivery) => {
      if (numberOf(delivery) === 0) await sleep(1_500);
      seen.push(numberOf(delivery));
    });
    await eventually('all four', () => seen.length >= 4);
    await sleep(600);
    expect(seen).toEqual([0, 1, 2, 3]);
    await consumer.stop();
  });

  it('a transient fault is tried without end and never counted', async () => {
    const { subject, spec } = own({
      maxAttempts: 1,
      isTransient: (thrown) => thrown instanceof Error && thrown.message === 'store away',
    });
    await send(subject, 'k', 0);
    const attempts: number[] = [];
    const consumer = await bus.consume(spec, async (delivery) => {
      attempts.push(delivery.attempt);
      if (attempts.length < 8) throw new Error('store away');
    });
    await eventually('success', () => attempts.length >= 8);
    expect(new Set(attempts)).toEqual(new Set([1]));
    await consumer.stop();
  });

  it('a stop in the middle gives unfinished messages back, and the next consumer gets them in order', async () => {
    const { subject, spec } = own();
    for (let n = 0; n < 6; n += 1) await send(subject, 'k', n);
    const seen: number[] = [];
    const first = await bus.consume(spec, async (delivery) => {
      await sleep(100);
      seen.push(numberOf(delivery));
    });
    await eventually('the first two', () => seen.length >= 2);
    await first.stop();
    expect(seen.length).toBeLessThan(6);
    const second = await bus.consume(spec, async (delivery) => {
      seen.push(numberOf(delivery));
    });
    await eventually('the rest', () => seen.length >= 6);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
    await second.stop();
  });

  it('goes on after the consumer was removed from the broker', async () => {
    const { subject, spec } = own();
    const seen: number[] = [];
    const consumer = await bus.consume(spec, async (delivery) => {
      seen.push(numberOf(delivery));
    });
    await send(subject, 'k', 0);
    await eventually('the first', () => seen.length >= 1);
    await bus.forget(spec.stream, spec.durable);
    await send(subject, 'k', 1);
    await eventually('the second', () => seen.includes(1));
    await consumer.stop();
  });
});

describe('guarantee 8: what is not accepted is in the dead letters with its reason and can be replayed', () => {
  const lettersOf = async (durable: string) =>
    (await listDeadLetters(bus, 0, 1_000)).filter(({ consumer }) => consumer === durable);

  it('after the last try, or at once when another try cannot help', async () => {
    const { subject, spec } = own();
    const attempts: number[] = [];
    const consumer = await bus.consume(spec, async (delivery) => {
      if (numberOf(delivery) === 0) attempts.push(delivery.attempt);
      throw numberOf(delivery) === 0 ? new Error('no\nsuch\rplace') : new PermanentError('never');
    });
    await bus.publish(subject, { n: 0 }, { id: 'm0', key: 'a', headers: { traceparent: 'trace' } });
    await send(subject, 'b', 1);
    const letters = await eventually('two dead letters', async () => {
      const found = await lettersOf(spec.durable);
      return found.length === 2 ? found : undefined;
    });
    expect(attempts).toEqual([1, 2, 3]);
    expect(letters.find(({ messageId }) => messageId === 'm0')).toMatchObject({
      subject,
      consumer: spec.durable,
      reason: 'no such place',
      attempts: 3,
      payload: '{"n":0}',
    });
    expect(letters.find(({ messageId }) => messageId !== 'm0')).toMatchObject({
      reason: 'never',
      attempts: 1,
    });
    await consumer.stop();
  });

  it('a payload that is no JSON becomes a dead letter and does not hold up its key', async () => {
    const { subject, spec } = own();
    const seen: number[] = [];
    await bus.publish(subject, 'not json', { id: randomUUID(), key: 'k' });
    await send(subject, 'k', 1);
    const consumer = await bus.consume(spec, async (delivery) => {
      seen.push(numberOf(delivery));
    });
    await eventually('the next one', () => seen.length === 1);
    expect((await lettersOf(spec.durable)).map(({ payload }) => payload)).toEqual(['not json']);
    await consumer.stop();
  });

  it('a replay reaches the consumer that failed and no other, with the id it had, and is gone then', async () => {
    const { subject, spec } = own();
    const other = { ...spec, durable: `${spec.durable}-other` };
    let broken = true;
    const got: { id: string; event: string; trace?: string }[] = [];
    let others = 0;
    const failing = await bus.consume(spec, async (delivery) => {
      if (broken) throw new PermanentError('broken');
      const trace = delivery.headers['traceparent'];
      got.push({ id: delivery.id, event: eventIdOf(delivery), ...(trace === undefined ? {} : { trace }) });
    });
    const working = await bus.consume(other, async () => {
      others += 1;
    });
    const headers = { traceparent: 'trace' };
    await bus.publish(subject, { eventId: 'e1' }, { id: `m-${subject}`, key: 'k', headers });
    const [letter] = await eventually('a dead letter', async () => {
      const found = await lettersOf(spec.durable);
      return found.length === 1 && found;
    });
    const sequence = letter?.sequence ?? 0;
    await replayDeadLetter(bus, sequence);
    const [again] = await eventually('the letter of the failed replay', async () => {
      const found = await lettersOf(spec.durable);
      return found.length === 1 && found[0]?.sequence !== sequence && found;
    });
    expect(again?.messageId).toBe(`m-${subject}`);
    broken = false;
    await replayDeadLetter(bus, again?.sequence ?? 0);
    await eventually('the replay', () => got.length === 1);
    expect(got).toEqual([{ id: `m-${subject}`, event: 'e1', trace: 'trace' }]);
    expect(await lettersOf(spec.durable)).toEqual([]);
    expect(others).toBe(1);
    await expect(replayDeadLetter(bus, sequence)).rejects.toThrow(/no dead letter|no message found/i);
    await failing.stop();
    await working.stop();
  });
});

describe('questions and answers', () => {
  it('one that cannot be read or handled is answered with the reason and ends nothing', async () => {
    const subject = `ask.${randomUUID()}`;
    const answering = bus.respond(subject, 'q', async (payload) => {
      const { n } = payload as { n: number };
      if (n < 0) throw new Error(`${n} is too little`);
      return { twice: n * 2 };
    });
    const ask = (payload: object) => bus.request(subject, payload, { timeoutMs: 2_000 });
    expect(await ask({ n: 2 })).toEqual({ twice: 4 });
    await expect(ask({ n: -1 })).rejects.toThrow('-1 is too little');
    const raw = await (await import('@nats-io/transport-node')).connect({ servers: nats.url });
    expect((await raw.request(subject, 'no json', { timeout: 2_000 })).headers?.has('Qb-Error')).toBe(true);
    await raw.close();
    expect(await ask({ n: 3 })).toEqual({ twice: 6 });
    await answering.stop();
    await expect(ask({ n: 1 })).rejects.toThrow();
  });
});

describe('publishing', () => {
  it('a second copy of a message id is dropped', async () => {
    const { subject, spec } = own();
    for (const n of [1, 2]) await bus.publish(subject, { n }, { id: `same-${subject}`, key: 'k' });
    const seen: number[] = [];
    const consumer = await bus.consume(spec, async (delivery) => {
      seen.push(numberOf(delivery));
    });
    await send(subject, 'k', 3);
    await eventually('the last', () => seen.includes(3));
    expect(seen).toEqual([1, 3]);
    await consumer.stop();
  });

  it('a message that the broker never takes is refused for good, with what to do', async () => {
    const { subject } = own();
    const refused = bus.publish(subject, 'x'.repeat(17 * 1024 * 1024), { id: 'big', key: 'k' });
    await expect(refused).rejects.toThrow(PermanentError);
    await expect(refused).rejects.toThrow(/raise its max_payload/);
  });
});

// Last: these end the broker.
describe('a broker that is killed and comes back', () => {
  it('publishing rejects at once meanwhile; afterwards consumers go on in order and miss nothing acknowledged', async () => {
    const { subject, spec } = own({ ackWaitMs: 500 });
    const seen: number[] = [];
    const consumer = await bus.consume(spec, async (delivery) => {
      await sleep(20);
      seen.push(numberOf(delivery));
    });
    const acknowledged: number[] = [];
    const publishing = (async () => {
      for (let n = 0; n < 60; n += 1) {
        await send(subject, 'k', n).then(
          () => acknowledged.push(n),
          () => sleep(50),
        );
      }
    })();
    await eventually('some', () => seen.length >= 5);
    await nats.kill();
    await eventually('that it is noticed', () =>
      bus.ping(200).then(
        () => false,
        () => true,
      ),
    );
    const start = performance.now();
    await expect(send(subject, 'k', -1)).rejects.toThrow(BrokerUnavailable);
    // Half of what an answer is waited for.
    expect(performance.now() - start).toBeLessThan(2_500);
    await nats.restart();
    await publishing;
    await eventually('that it is back', () =>
      bus
        .ping(500)
        .then(() => true)
        .catch(() => false),
    );
    await send(subject, 'k', 1_000);
    await eventually('the last one', () => seen.includes(1_000));
    expect(acknowledged.filter((n) => !seen.includes(n))).toEqual([]);
    const firsts = [...new Set(seen)];
    expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
    await consumer.stop();
  });

  it('closing does not wait for a broker that is away', async () => {
    const { spec } = own();
    const leaving = await connect();
    await leaving.consume(spec, async () => undefined);
    leaving.respond(`ask.${randomUUID()}`, 'q', async () => ({}));
    await nats.kill();
    const start = performance.now();
    await leaving.close();
    expect(performance.now() - start).toBeLessThan(5_000);
    await nats.restart();
    await eventually('that it is back', () =>
      bus
        .ping(500)
        .then(() => true)
        .catch(() => false),
    );
  });
});
