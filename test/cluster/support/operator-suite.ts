import type { JsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { CONNECTORS, type Connector } from '@quotebridge/kubernetes/operator';
import { eventually, startNats, type TestNats, type TestProcess } from '../../e2e/support';
import type { TestCluster } from './cluster';
import type { ConnectorProcesses } from './connector-processes';
import { conditionText, connectorOf, create, K, putSecret, readConnector, S4_SPEC } from './objects';
import { startOperatorProcess } from './operator';
import { startOperatorWorld } from './operator-world';

const WITHIN = 100_000;

/** An operator on an API server of its own, with connector processes that answer as a test says. Namespace `qb`. */
export interface OperatorSuite {
  readonly cluster: TestCluster;
  readonly nats: TestNats;
  readonly processes: ConnectorProcesses;
  readonly operator: TestProcess;
  read(name: string): Promise<Connector | undefined>;
  child(kind: keyof typeof K, name: string): Promise<KubeObject | undefined>;
  /** Makes a Connector under a name of its own. */
  make(spec?: JsonObject, name?: string, namespace?: string): Promise<string>;
  /** The same, and waits until it runs. */
  running(spec?: JsonObject): Promise<string>;
  patch(name: string, change: JsonObject): Promise<KubeObject>;
  until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>;
  /** Waits for a condition as `status reason`. */
  untilCondition(name: string, type: string, text: string, namespace?: string): Promise<Connector>;
  /** Waits for events as `type reason`. */
  untilEvents(name: string, ...wanted: readonly string[]): Promise<true>;
  stop(): Promise<void>;
}

/** What the connectors of a namespace share. */
export const putPlatformSecret = (
  cluster: TestCluster,
  namespace: string,
  NATS_URL: string,
): Promise<KubeObject> =>
  putSecret(cluster.admin, namespace, 'quotebridge-platform', {
    MONGODB_URI: 'mongodb://db/',
    NATS_URL,
    ADMIN_TOKEN: 'a-token-of-some-length',
  });

/** Starts everything; it ends with {@link OperatorSuite.stop}. */
export const startOperatorSuite = async (): Promise<OperatorSuite> => {
  // The cluster last: nobody would end it if something else did not start.
  const nats = await startNats();
  const world = await startOperatorWorld();
  const { cluster, processes, account } = world;
  const { admin } = cluster;
  await putPlatformSecret(cluster, 'qb', nats.url);
  const operator = await startOperatorProcess(account, processes.address);
  let count = 0;
  const until: OperatorSuite['until'] = (what, look) => eventually(what, look, WITHIN);
  const untilCondition: OperatorSuite['untilCondition'] = (name, type, text, namespace = 'qb') =>
    until(`${name} to have ${type} ${text}`, async () => {
      const connector = await readConnector(admin, namespace, name);
      return conditionText(connector, type) === text ? connector : undefined;
    });
  const make: OperatorSuite['make'] = async (
    spec = S4_SPEC,
    // Of those made in one second the first by name is the oldest.
    name = `c${String((count += 1)).padStart(3, '0')}`,
    namespace = 'qb',
  ) => {
    await create(admin, CONNECTORS, connectorOf(namespace, name, spec));
    return name;
  };
  const eventsOf = async (name: string): Promise<readonly string[]> =>
    (await admin.list(K.event, { namespace: 'qb' })).items
      .filter((event) => (Reflect.get(event, 'regarding') as { name: string }).name === name)
      .map((event) => `${String(Reflect.get(event, 'type'))} ${String(Reflect.get(event, 'reason'))}`);
  return {
    cluster,
    nats,
    processes,
    operator,
    read: (name) => readConnector(admin, 'qb', name),
    child: (kind, name) => admin.get(K[kind], 'qb', `${name}-connector`),
    make,
    running: async (spec) => {
      const name = await make(spec);
      await untilCondition(name, 'Ready', 'True Running');
      return name;
    },
    patch: (name, change) => admin.patch(CONNECTORS, 'qb', name, change),
    until,
    untilCondition,
    untilEvents: (name, ...wanted) =>
      until(`${name} to have the events ${wanted.join(', ')}`, async () => {
        const seen = await eventsOf(name);
        return wanted.every((event) => seen.includes(event));
      }),
    stop: async () => {
      await operator.stop();
      await Promise.all([world.stop(), nats.stop()]);
    },
  };
};
