import { CONNECTORS } from '@quotebridge/kubernetes/operator';
import { eventually, type TestProcess } from '../e2e/support';
import {
  askedByOperator,
  conditionText,
  connectorOf,
  create,
  describeWith,
  forgetLease,
  K,
  metricOf,
  type OperatorWorld,
  putPlatformSecret,
  startOperatorProcess,
  startOperatorWorld,
} from './support';

// Thousands of objects on two cores that the API server, the operator and others share.
const WITHIN = 900_000;
jest.setTimeout(1_800_000);
const MANY = 1_000;
const AT_A_TIME = 20;
/** Most requests for one Connector until it runs: five children, the finalizer, status and events as it comes up. */
const REQUESTS_EACH = 15;

interface Asked {
  readonly total: number;
  /** In the second with the most. */
  readonly atMost: number;
  /** For one and the same object, by verb and resource: the object that was asked for most often. */
  readonly each: Readonly<Record<string, number>>;
}

/** How often the API server was asked, the lease aside. */
const countOf = (events: ReturnType<typeof askedByOperator>): Asked => {
  const [seconds, objects] = [new Map<string, number>(), new Map<string, number>()];
  const add = (counts: Map<string, number>, key: string): void =>
    void counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const { verb, objectRef, requestReceivedTimestamp } of events) {
    add(seconds, requestReceivedTimestamp.slice(0, 19));
    const { resource = '', subresource, name } = objectRef ?? {};
    const what = `${verb} ${subresource === undefined ? resource : `${resource}/${subresource}`}`;
    if (name !== undefined) add(objects, `${what} ${name}`);
  }
  const each: Record<string, number> = {};
  for (const [key, count] of objects) {
    const what = key.slice(0, key.lastIndexOf(' '));
    each[what] = Math.max(each[what] ?? 0, count);
  }
  return { total: events.length, atMost: Math.max(0, ...seconds.values()), each };
};

describeWith(['to play the kubelet', 'the audit log'], `${MANY} Connectors at start`, () => {
  let world: OperatorWorld;
  let operator: TestProcess | undefined;
  beforeAll(async () => {
    world = await startOperatorWorld('--audit');
    await putPlatformSecret(world.cluster, 'qb', 'nats://nats.qb:4222');
  });
  afterAll(async () => {
    await operator?.stop();
    await world?.stop();
  });

  const start = async (): Promise<TestProcess> => {
    const env = { POLL_INTERVAL: '10m', LOG_LEVEL: 'info' };
    return startOperatorProcess(world.account, world.processes.address, env);
  };
  const until = async (what: string, metric: string, isThere: (value: number) => boolean): Promise<void> => {
    const [name = '', label] = metric.split(' ');
    await eventually(
      what,
      async () => {
        if (isThere(await metricOf(operator as TestProcess, `quotebridge_operator_${name}`, label)))
          return true;
        await new Promise((resolve) => setTimeout(resolve, 500));
        return false;
      },
      WITHIN,
    );
  };
  /** What was asked since so many requests. */
  const askedSince = (from: number): ReturnType<typeof askedByOperator> =>
    askedByOperator(world.cluster.auditFile ?? '', 'qb-system')
      .filter(({ objectRef }) => objectRef?.resource !== 'leases')
      .slice(from);
  /** Names and versions of all that the operator writes. */
  const versions = async (): Promise<readonly string[]> => {
    const lists = await Promise.all(
      [CONNECTORS, K.deployment, K.configMap, K.service, K.serviceAccount, K.networkPolicy].map((kind) =>
        world.cluster.admin.list(kind, { namespace: 'qb' }),
      ),
    );
    return lists.flatMap(({ items }) =>
      items.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.resourceVersion}`),
    );
  };
  const untilAtRest = async (): Promise<readonly string[]> => {
    await until('the queue to be empty', 'queue_depth', (depth) => depth === 0);
    let last = await versions();
    await eventually(
      'nothing to change any more',
      async () => {
        const seen = last;
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        last = await versions();
        return seen.join() === last.join();
      },
      WITHIN,
    );
    return last;
  };

  it('all come to run, each asked for a few times only; and when all is as it should be, a start writes nothing', async () => {
    const { admin } = world.cluster;
    for (let i = 0; i < MANY; i += AT_A_TIME)
      await Promise.all(
        Array.from({ length: AT_A_TIME }, (_, j) =>
          create(admin, CONNECTORS, connectorOf('qb', `many-${i + j}`)),
        ),
      );
    const begin = performance.now();
    operator = await start();
    await until('all to run', 'connectors phase="Running"', (count) => count === MANY);
    const seconds = (performance.now() - begin) / 1_000;
    // By then each process has been asked how it is.
    await eventually(
      'all to say that they are ready and have read everything',
      async () => {
        const { items } = await admin.list(CONNECTORS, { namespace: 'qb' });
        const done = items.filter(
          (one) =>
            conditionText(one as never, 'Ready') === 'True Running' &&
            conditionText(one as never, 'Synced') === 'True UpToDate',
        );
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        return done.length === MANY;
      },
      WITHIN,
    );
    const before = new Set(await untilAtRest());

    const first = askedSince(0);
    await operator.kill();
    await forgetLease(world.cluster);
    operator = await start();
    await until('every Connector to be looked at', 'reconcile_seconds_count', (count) => count >= MANY);
    expect((await untilAtRest()).filter((one) => !before.has(one))).toEqual([]);

    const counted = countOf(first);
    expect(counted.total).toBeLessThan(MANY * REQUESTS_EACH);
    // A child is applied once, and once more when an answer got lost.
    for (const kind of ['serviceaccounts', 'configmaps', 'services', 'networkpolicies', 'deployments']) {
      expect([kind, counted.each[`patch ${kind}`]]).not.toEqual([kind, undefined]);
      expect(counted.each[`patch ${kind}`]).toBeLessThanOrEqual(2);
    }
    const again = askedSince(first.length);
    expect(again.filter(({ verb }) => !['get', 'list', 'watch'].includes(verb))).toEqual([]);
    expect(again.length).toBeLessThan(MANY / 10);
    process.stdout.write(
      `seen: ${MANY} Connectors run after ${seconds.toFixed(0)} s and ${counted.total} requests, ${counted.atMost} in the busiest second; a start with nothing to do takes ${again.length}\n`,
    );
  });
});
