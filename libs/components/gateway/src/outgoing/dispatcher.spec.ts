import { createLogger } from '@quotebridge/platform/telemetry';
import { defaultDeliveryPlan } from '@quotebridge/tmf/hub';
import { OutgoingDispatcher, type OutgoingDispatcherOptions } from './dispatcher';
import { receiverOf, type Outgoing } from './outgoing-store';
import type { Sent } from './send';

const NOW = 1_700_000_000_000;

const message = (id: number, url: string): Outgoing => ({
  _id: String(id),
  url,
  body: '{}',
  state: 'waiting',
  attempts: 0,
  at: new Date(NOW),
  dueAt: new Date(NOW + id),
});

/** Messages in memory, and receivers that answer when they are told to. */
class World {
  readonly delivered: string[] = [];
  readonly begun: string[] = [];
  private readonly ends: (() => void)[] = [];
  private settled: () => void = () => undefined;

  constructor(private readonly waiting: Map<string, Outgoing>) {}

  get options(): OutgoingDispatcherOptions {
    return {
      what: 'tests',
      plan: defaultDeliveryPlan,
      clock: { now: () => NOW + 1_000_000 },
      logger: createLogger({ service: 'test', level: 'silent' }),
      messages: {
        due: async (_now, limit, { ids, receivers }) =>
          [...this.waiting.values()]
            .filter(({ _id, url }) => !ids.includes(_id) && !receivers.includes(receiverOf(url)))
            .slice(0, limit),
        change: async (id, change) => {
          if (change.state !== 'delivered') return;
          this.delivered.push(id);
          this.waiting.delete(id);
          this.settled();
        },
      },
      sender: { send: (one) => this.send(one), close: async () => undefined },
    };
  }

  /** Resolves when so many messages were delivered. */
  async until(count: number): Promise<void> {
    while (this.delivered.length < count)
      await new Promise<void>((resolve) => {
        this.settled = resolve;
      });
  }

  /** Those who did not answer do. */
  answerAll(): void {
    for (const end of this.ends.splice(0)) end();
  }

  private send({ _id, url }: Outgoing): Promise<Sent> {
    this.begun.push(_id);
    const sent: Sent = { status: 204, reason: '' };
    if (!url.startsWith('http://silent.example')) return Promise.resolve(sent);
    return new Promise((resolve) => this.ends.push(() => resolve(sent)));
  }
}

const worldOf = (urls: readonly string[]): World =>
  new World(new Map(urls.map((url, index) => [String(index), message(index, url)])));

describe('messages to several receivers', () => {
  const silent = Array.from({ length: 200 }, (_, index) => `http://silent.example/orders/${index}`);
  const prompt = Array.from({ length: 100 }, () => 'http://prompt.example/orders');
  let end: () => Promise<void> = async () => undefined;
  const dispatch = (world: World): OutgoingDispatcher => {
    const dispatcher = new OutgoingDispatcher(world.options);
    end = async () => {
      const stopped = dispatcher.stop();
      world.answerAll();
      await stopped;
    };
    return dispatcher;
  };
  afterEach(() => end());

  it('reach those who answer while another one, with more that is due longer, does not', async () => {
    const world = worldOf([...silent, ...prompt]);
    dispatch(world);
    await world.until(prompt.length);
    expect(world.delivered.every((id) => Number(id) >= silent.length)).toBe(true);
  });

  it('are each sent once at a time, and a dispatcher that stops waits for what is being sent', async () => {
    const world = worldOf(silent.slice(0, 20));
    const dispatcher = dispatch(world);
    while (world.begun.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let look = 0; look < 5; look += 1) {
      dispatcher.look();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const begun = [...world.begun];
    expect(new Set(begun).size).toBe(begun.length);
    await end();
    expect([...world.delivered].sort()).toEqual([...begun].sort());
  });
});
