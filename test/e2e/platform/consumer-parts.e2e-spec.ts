import { randomUUID } from 'node:crypto';
import {
  EventBus,
  forgetConsumers,
  listDeadLetters,
  PermanentError,
  replayDeadLetter,
  TMF_EVENTS,
  type ConsumerSpec,
  type Running,
} from '@quotebridge/platform/events';
import { eventually, startOwnNats, type OwnNats } from '../support';

const PARTS = 3;
const KEYS = 12;

let nats: OwnNats;
let bus: EventBus;

beforeAll(async () => {
  nats = await startOwnNats();
  bus = await EventBus.connect({ servers: nats.url, name: 'test' });
});
afterAll(async () => {
  await bus.close();
  await nats.stop();
});

const own = (): ConsumerSpec => {
  const durable = randomUUID();
  return {
    durable,
    owner: `owner/${durable}`,
    stream: TMF_EVENTS,
    subjects: [`tmf.TEST.${durable}`],
    concurrency: 8,
    maxAttempts: 2,
    backoffMs: [10],
    ackWaitMs: 5_000,
  };
};
const parts = (spec: ConsumerSpec): ConsumerSpec[] =>
  Array.from({ length: PARTS }, (_, index) => ({ ...spec, part: { index, of: PARTS } }));

/** One message of each key, with this number. */
const send = async (spec: ConsumerSpec, n: number): Promise<void> => {
  const subject = spec.subjects[0] ?? '';
  const keys = Array.from({ length: KEYS }, (_, key) => `key-${key}`);
  await Promise.all(keys.map((key) => bus.publish(subject, { n }, { id: randomUUID(), key })));
};

/** What handlers have seen: numbers by key. */
class Seen {
  readonly byKey = new Map<string, number[]>();

  note(key: string, n: number): void {
    this.byKey.set(key, [...(this.byKey.get(key) ?? []), n]);
  }

  get all(): number {
    return [...this.byKey.values()].reduce((sum, numbers) => sum + numbers.length, 0);
  }
}

const into =
  (seen: Seen) =>
  async (delivery: { key: string; json(): unknown }): Promise<void> =>
    seen.note(delivery.key, (delivery.json() as { n: number }).n);

const stopAll = async (running: readonly Running[]): Promise<void> => {
  await Promise.all(running.map((one) => one.stop()));
};

describe('a consumer in parts', () => {
  it('each message is handled by one part, in order within its key, and the lag counts all parts', async () => {
    const spec = own();
    for (let n = 0; n < 3; n += 1) await send(spec, n);
    const seen = parts(spec).map(() => new Seen());
    await bus.declare({ ...spec, part: { index: 1, of: PARTS } });
    expect(await bus.lag(TMF_EVENTS, spec.durable)).toEqual({ waiting: KEYS * 3 * PARTS, inWork: 0 });
    const running = await Promise.all(
      parts(spec).map((part, index) => bus.consume(part, into(seen[index] ?? new Seen()))),
    );
    await eventually('all messages', () => seen.reduce((sum, { all }) => sum + all, 0) >= KEYS * 3);
    await eventually('no lag', async () => {
      const { waiting, inWork } = await bus.lag(TMF_EVENTS, spec.durable);
      return waiting + inWork === 0;
    });
    await stopAll(running);
    const keys = seen.flatMap(({ byKey }) => [...byKey.keys()]);
    expect(new Set(keys).size).toBe(KEYS);
    expect(keys).toHaveLength(KEYS);
    for (const { byKey } of seen) for (const numbers of byKey.values()) expect(numbers).toEqual([0, 1, 2]);
    expect(seen.filter(({ all }) => all > 0).length).toBeGreaterThan(1);
  });

  it('takes over what an undivided one had not handled: nothing is lost, and nothing long done comes again', async () => {
    const spec = own();
    await send(spec, 0);
    const before = new Seen();
    const whole = await bus.consume(spec, into(before));
    await eventually('the first ones', () => before.all === KEYS);
    await eventually('acknowledged', async () => (await bus.lag(TMF_EVENTS, spec.durable)).inWork === 0);
    await whole.stop();
    await send(spec, 1);
    const after = new Seen();
    // The first part alone must not pass over what is not its own before the others are there.
    const [first, ...others] = parts(spec);
    const running = [await bus.consume(first ?? spec, into(after))];
    await eventually('the first part', async () => {
      const { num_pending, num_ack_pending } = await bus.streams.consumers.info(TMF_EVENTS, spec.durable);
      return num_pending + num_ack_pending === 0;
    });
    expect(after.all).toBeLessThan(KEYS);
    for (const part of others) running.push(await bus.consume(part, into(after)));
    await eventually('the rest', () => after.all >= KEYS);
    await stopAll(running);
    expect([...after.byKey.values()]).toEqual(Array.from({ length: KEYS }, () => [1]));
  });

  it('a part that was lost begins anew, and not where the first one is by now', async () => {
    const spec = own();
    await send(spec, 0);
    const seen = new Seen();
    const running = await Promise.all(parts(spec).map((part) => bus.consume(part, into(seen))));
    await eventually('all', () => seen.all === KEYS);
    await stopAll(running);
    await bus.streams.consumers.delete(TMF_EVENTS, `${spec.durable}_2`);
    const again = new Seen();
    const last = await bus.consume({ ...spec, part: { index: 2, of: PARTS } }, into(again));
    await eventually('its messages', () => again.all > 0);
    await last.stop();
  });

  it('a dead letter of the undivided one is replayed to the part that has its key now, and to it alone', async () => {
    const spec = own();
    await send(spec, 0);
    const refusing = await bus.consume(spec, async () => {
      throw new PermanentError('no');
    });
    const ours = async () => (await listDeadLetters(bus)).filter(({ consumer }) => consumer === spec.durable);
    await eventually('the letters', async () => (await ours()).length === KEYS);
    await refusing.stop();
    const seen = new Seen();
    const running = await Promise.all(parts(spec).map((part) => bus.consume(part, into(seen))));
    for (const { sequence } of await ours()) await replayDeadLetter(bus, sequence);
    await eventually('the replayed', () => seen.all >= KEYS);
    await eventually('no lag', async () => {
      const { waiting, inWork } = await bus.lag(TMF_EVENTS, spec.durable);
      return waiting + inWork === 0;
    });
    await stopAll(running);
    expect([...seen.byKey.values()]).toEqual(Array.from({ length: KEYS }, () => [0]));
  });

  it('all parts are removed with their owner', async () => {
    const spec = own();
    await Promise.all(parts(spec).map((part) => bus.declare(part)));
    const names = ['', '_1', '_2'].map((end) => `${spec.durable}${end}`);
    expect([...(await forgetConsumers(nats.url, spec.owner ?? ''))].sort()).toEqual(names);
  });
});
