import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import type { ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { EventBus } from '@quotebridge/platform/events';
import { createLogger } from '@quotebridge/platform/telemetry';
import { eventually } from './sandbox-control';
import { startServers, type Servers } from './servers';

const EVENT = 'ProductOrderAttributeValueChangeEvent';
const KEYS = 12;
const MOST_ROUNDS = 2_000;

/** What arrived in the outside system: which process sent it, for which key, and its number. */
interface Effect {
  readonly by: string;
  readonly key: string;
  readonly n: number;
}

describe('guarantee 2, among replicas of a connector', () => {
  const instance = `shared-${randomUUID().slice(0, 8)}`;
  const effects: Effect[] = [];
  const inWork = new Map<string, string>();
  const overlaps: string[] = [];
  let servers: Servers;
  let bus: EventBus;

  /** Its one action writes each event to a list, and takes a while. */
  const recorder = (by: string): ConnectorDefinition => ({
    id: 'recorder',
    title: 'Recorder',
    settingsSchema: { type: 'object' },
    requiredSecrets: () => [],
    auth: ['none'],
    rateLimits: {},
    classify: () => ({ kind: 'succeed' }),
    open: () => ({
      streams: [],
      actions: [
        {
          name: 'record',
          title: 'Recording',
          subjects: [`tmf.TMF622.productOrder.${EVENT}`],
          effect: 'latest',
          key: ({ resource }) => resource.id,
          lookup: async () => undefined,
          send: async ({ resource }) => {
            const [key, n] = [resource.id, Number(resource['n'])];
            const other = inWork.get(key);
            if (other !== undefined) overlaps.push(`${key}: ${other} and ${by}`);
            inWork.set(key, by);
            await sleep(2);
            inWork.delete(key);
            effects.push({ by, key, n });
            return {};
          },
          results: () => [],
        },
      ],
      check: async () => undefined,
      close: async () => undefined,
    }),
  });

  const start = (by: string): Promise<RunningConnector> =>
    startConnector({
      definition: recorder(by),
      instance,
      settings: {},
      secrets: {},
      mongodbUri: servers.mongodbUri,
      database: `connector_${instance.replaceAll('-', '_')}`,
      natsUrl: servers.natsUrl,
      host: '127.0.0.1',
      port: 0,
      outbound: { allow: ['loopback'] },
      logger: createLogger({ service: 'test', level: 'silent' }),
      // Long: a machine that stalls for a second must not cost a lease here.
      leaseMs: 6_000,
    });

  beforeAll(async () => {
    servers = await startServers();
    bus = await EventBus.connect({ servers: servers.natsUrl, name: 'test' });
  });
  afterAll(async () => {
    await bus?.close();
    await servers?.stop();
  });

  const publish = async (n: number): Promise<void> => {
    const keys = Array.from({ length: KEYS }, (_, key) => `${instance}-${key}`);
    await Promise.all(
      keys.map((id) => {
        const eventId = `${id}/${n}`;
        const productOrder = { '@type': 'ProductOrder', id, n };
        const envelope = { eventId, eventType: EVENT, eventTime: new Date().toISOString() };
        const payload = { ...envelope, event: { productOrder } };
        return bus.publish(`tmf.TMF622.productOrder.${EVENT}`, payload, { id: eventId, key: id });
      }),
    );
  };
  const busy = (by: string, from: number): Promise<true> =>
    eventually(() => effects.slice(from).some((effect) => effect.by === by) || undefined);

  it('share the events while they come and go; each event of a key once, in order, by one at a time', async () => {
    const running = new Map([['a', await start('a')]]);
    let n = 0;
    const some = async (rounds: number): Promise<void> => {
      for (const end = n + rounds; n < end; n += 1) {
        await publish(n);
        // No heap of events: what a newcomer gets is what is published from then on.
        await eventually(() => effects.length >= (n - 2) * KEYS || undefined, 60_000);
      }
    };
    await some(5);
    await busy('a', 0);
    for (const name of ['b', 'c']) running.set(name, await start(name));
    // Until each has its share, there is always something to do.
    for (const name of ['b', 'c']) {
      const from = effects.length;
      while (!effects.slice(from).some(({ by }) => by === name) && n < MOST_ROUNDS) await some(1);
    }
    await running.get('a')?.stop();
    const from = effects.length;
    await some(5);
    await busy('b', from);
    await busy('c', from);
    await eventually(() => effects.length >= n * KEYS || undefined, 60_000);
    for (const name of ['b', 'c']) await running.get(name)?.stop();
    const byKey = new Map<string, number[]>();
    for (const effect of effects) byKey.set(effect.key, [...(byKey.get(effect.key) ?? []), effect.n]);
    expect(byKey.size).toBe(KEYS);
    const all = Array.from({ length: n }, (_, at) => at);
    for (const numbers of byKey.values()) expect(numbers).toEqual(all);
    expect(overlaps).toEqual([]);
    expect(new Set(effects.slice(from).map(({ by }) => by))).toEqual(new Set(['b', 'c']));
  });
});
