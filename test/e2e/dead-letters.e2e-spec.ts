import { randomUUID } from 'node:crypto';
import type { Msg } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import {
  DEAD_LETTERS,
  EventBus,
  eventIdOf,
  listDeadLetters,
  PermanentError,
  TMF_EVENTS,
  type ConsumerSpec,
} from '@quotebridge/platform/events';
import { Inbox, Store } from '@quotebridge/platform/store';
import { eventually, runApp, startMongo, startOwnNats, type OwnNats, type TestMongo } from './support';

const SUBJECT = 'tmf.TMF648.quote.QuoteCreateEvent';
const specOf = (durable: string): ConsumerSpec => ({
  durable,
  stream: TMF_EVENTS,
  subjects: [SUBJECT],
  concurrency: 4,
  maxAttempts: 2,
  backoffMs: [10],
  ackWaitMs: 1_000,
});

describe('guarantee 8: the dead-letters command', () => {
  let nats: OwnNats;
  let mongodb: TestMongo;
  let bus: EventBus;
  let store: Store;
  let broken = true;
  const applied: string[] = [];
  const admin = (...args: string[]) => runApp('admin', ['dead-letters', ...args], { NATS_URL: nats.url });

  beforeAll(async () => {
    [nats, mongodb] = await Promise.all([startOwnNats(), startMongo()]);
    bus = await EventBus.connect({ servers: nats.url, name: 'test' });
    store = await Store.connect({ uri: mongodb.uri, database: mongodb.database('dead'), appName: 'test' });
    const inbox = await Inbox.open(store);
    for (const durable of ['fragile', 'sturdy']) {
      await bus.consume(specOf(durable), async (delivery) => {
        if (durable === 'fragile' && broken) throw new PermanentError('the catalog has no such offering');
        const eventId = eventIdOf(delivery);
        await inbox.applyOnce(durable, eventId, async () => {
          applied.push(`${durable} ${eventId}`);
        });
      });
    }
  });
  afterAll(async () => {
    await bus.close();
    await store.close();
    await mongodb.stop();
    await nats.stop();
  });

  it('says so when there are none', async () => {
    expect(await admin('list')).toEqual({ code: 0, lines: ['There are no dead letters.'] });
    expect((await admin('replay', '1')).code).toBe(1);
  });

  it('lists what failed with its reason, and replays one or all: each is applied once, by its consumer only', async () => {
    for (const n of [1, 2, 3]) await bus.publish(SUBJECT, { eventId: `e${n}` }, { id: `m${n}`, key: 'q' });
    await eventually('three dead letters', async () => (await listDeadLetters(bus)).length === 3);
    const { code, lines } = await admin('list', '--consumer', 'fragile');
    expect(code).toBe(0);
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(
      /fragile +tmf\.TMF648\.quote\.QuoteCreateEvent +1 +the catalog has no such offering/,
    );
    expect((await admin('list', '--consumer', 'sturdy')).lines).toEqual(['There are no dead letters.']);

    broken = false;
    expect((await admin('replay', '2')).code).toBe(0);
    await eventually('the second', () => applied.includes('fragile e2'));
    expect((await admin('replay', '--all')).code).toBe(0);
    await eventually('the others', () => applied.includes('fragile e3'));
    expect(applied.filter((one) => one.startsWith('fragile'))).toEqual([
      'fragile e2',
      'fragile e1',
      'fragile e3',
    ]);
    expect(applied.filter((one) => one.startsWith('sturdy'))).toEqual([
      'sturdy e1',
      'sturdy e2',
      'sturdy e3',
    ]);
    expect(await listDeadLetters(bus)).toEqual([]);
  });

  it('a list asks for each letter once and once more, however many that were replayed lie between', async () => {
    const { streams } = bus.streams;
    const put = async (): Promise<number> => {
      await bus.publish('dlq.list', {}, { id: randomUUID(), key: 'list' });
      return (await streams.info(DEAD_LETTERS)).state.last_seq;
    };
    const first = await put();
    for (let n = 0; n < 50; n += 1) await streams.deleteMessage(DEAD_LETTERS, await put());
    const last = await put();
    const asked: string[] = [];
    const watcher = await connect({ servers: nats.url });
    watcher.subscribe(`$JS.API.STREAM.MSG.GET.${DEAD_LETTERS}`, {
      callback: (_error: unknown, message: Msg) => asked.push(message.string()),
    });
    await watcher.flush();
    const listed = await listDeadLetters(bus);
    await watcher.drain();
    expect(listed.map(({ sequence }) => sequence)).toEqual([first, last]);
    expect(asked).toHaveLength(3);
    for (const sequence of [first, last]) await streams.deleteMessage(DEAD_LETTERS, sequence);
  });

  it('an event that was applied already is not applied again, however it arrives', async () => {
    await bus.publish(SUBJECT, { eventId: 'e1' }, { id: 'another message id', key: 'q' });
    await bus.publish(SUBJECT, { eventId: 'e4' }, { id: 'm4', key: 'q' });
    await eventually(
      'the one after it',
      () => applied.includes('fragile e4') && applied.includes('sturdy e4'),
    );
    expect(applied.filter((one) => one.endsWith('e1'))).toHaveLength(2);
  });
});
