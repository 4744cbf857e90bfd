import { randomUUID } from 'node:crypto';
import { BrokerUnavailable, EventBus, INGEST, TMF_EVENTS } from '@quotebridge/platform/events';
import { eventually, startOwnNats, type OwnNats } from '../support';

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

const stored = async (stream: string, subject: string): Promise<number> => {
  const info = await bus.streams.streams.info(stream, { subjects_filter: subject });
  return info.state.subjects?.[subject] ?? 0;
};

describe('publishing to JetStream', () => {
  it('many at once: each is stored once, also those that are sent again', async () => {
    const subject = `tmf.TEST.${randomUUID()}`;
    const ids = Array.from({ length: 1_500 }, () => randomUUID());
    const send = (id: string): Promise<void> => bus.publish(subject, { id }, { id, key: id });
    await Promise.all([...ids, ...ids.slice(0, 100)].map(send));
    expect(await stored(TMF_EVENTS, subject)).toBe(ids.length);
  });

  it('a stream that is full refuses, with its reason, and takes them when there is room again', async () => {
    const subject = `ingest.${randomUUID()}`;
    const send = (id: string): Promise<void> => bus.publish(subject, 'x'.repeat(1_000), { id, key: 'k' });
    const { config } = await bus.streams.streams.info(INGEST);
    await bus.streams.streams.update(INGEST, { max_bytes: 2_500 });
    const ids = ['a', 'b', 'c', 'd'];
    const outcomes = await Promise.allSettled(ids.map(send));
    const refused = ids.filter((_, at) => outcomes[at]?.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    const again = send('e');
    await expect(again).rejects.toThrow(BrokerUnavailable);
    await expect(again).rejects.toThrow(/maximum bytes exceeded/);
    await bus.streams.streams.update(INGEST, { max_bytes: config.max_bytes });
    await Promise.all([...refused, 'e'].map(send));
    expect(await stored(INGEST, subject)).toBe(5);
  });

  it('a subject of no stream is told at once', async () => {
    const lost = bus.publish('nowhere', {}, { id: 'n1', key: 'k' });
    await expect(lost).rejects.toThrow(BrokerUnavailable);
    await expect(lost).rejects.toThrow(/no stream takes it/);
  });

  it('a key or header that would break out of its line is refused, and nothing is sent', async () => {
    const subject = `tmf.TEST.${randomUUID()}`;
    const key = 'k\r\nNats-Rollup: all';
    await expect(bus.publish(subject, {}, { id: 'h1', key })).rejects.toThrow(/cannot contain/);
    expect(await stored(TMF_EVENTS, subject)).toBe(0);
  });

  // Last: it ends the broker.
  it('a broker that is killed in between: what was acknowledged is there, and the rest is stored once when sent again', async () => {
    const subject = `tmf.TEST.${randomUUID()}`;
    const acknowledged = new Set<string>();
    const send = async (id: string): Promise<void> => {
      await bus.publish(subject, { id }, { id, key: id });
      acknowledged.add(id);
    };
    const ids = Array.from({ length: 1_000 }, () => randomUUID());
    const first = ids.slice(0, 200);
    await Promise.all(first.map(send));
    const others = ids.slice(200).map((id) => send(id).catch(() => undefined));
    await nats.kill();
    await Promise.all(others);
    await nats.restart();
    await eventually('that it is back', () =>
      bus.ping(500).then(
        () => true,
        () => false,
      ),
    );
    expect(await stored(TMF_EVENTS, subject)).toBeGreaterThanOrEqual(acknowledged.size);
    await Promise.all(ids.filter((id) => !acknowledged.has(id)).map(send));
    expect(await stored(TMF_EVENTS, subject)).toBe(ids.length);
  });
});
