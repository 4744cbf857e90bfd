import type { JsonObject } from '@quotebridge/platform/core';
import { CONNECTORS } from '@quotebridge/kubernetes/operator';
import { eventually, type TestProcess } from '../e2e/support';
import {
  conditionText,
  connectorOf,
  create,
  K,
  metricOf,
  S4_SPEC,
  startFreezingProxy,
  startOperatorProcess,
  startOperatorWorld,
  type OperatorWorld,
  type TestCluster,
} from './support';

const WITHIN = 180_000;
jest.setTimeout(600_000);

describe('what the operator survives', () => {
  let world: OperatorWorld;
  let cluster: TestCluster;
  const operators: TestProcess[] = [];

  beforeAll(async () => {
    world = await startOperatorWorld();
    ({ cluster } = world);
  });
  afterAll(() => world?.stop());
  afterEach(async () => {
    await Promise.all(operators.splice(0).map((one) => one.stop()));
  });

  const start = async (env: Readonly<Record<string, string>> = {}): Promise<TestProcess> => {
    const { account, processes } = world;
    const operator = await startOperatorProcess(account, processes.address, { POLL_INTERVAL: '60s', ...env });
    operators.push(operator);
    return operator;
  };
  const make = (name: string): ReturnType<typeof create> =>
    create(cluster.admin, CONNECTORS, connectorOf('qb', name, S4_SPEC));
  const isReady = async (prefix: string, count: number): Promise<boolean> => {
    const { items } = await cluster.admin.list(CONNECTORS, { namespace: 'qb' });
    const ready = items.filter(
      (one) =>
        one.metadata.name.startsWith(prefix) && conditionText(one as never, 'Ready') === 'True Running',
    );
    if (ready.length === count) return true;
    return false;
  };
  const untilReady = (prefix: string, count: number): Promise<boolean> =>
    eventually(`${count} Connectors ${prefix}… to be ready`, () => isReady(prefix, count), WITHIN);
  const leaderOf = async (): Promise<JsonObject | undefined> =>
    (await cluster.admin.get(K.lease, 'qb-system', 'quotebridge-operator'))?.spec;

  it('its own SIGKILL at any point: what was half made is completed', async () => {
    let operator = await start({ LEASE_DURATION: '3s' });
    for (let i = 0; i < 40; i += 1) await make(`kill-${i}`);
    for (const ms of [50, 400, 900]) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      await operator.kill();
      operators.splice(0);
      operator = await start({ LEASE_DURATION: '3s' });
      await eventually(
        'a leader',
        async () => (await metricOf(operator, 'quotebridge_operator_leader')) === 1,
        WITHIN,
      );
    }
    await untilReady('kill-', 40);
    for (const kind of ['serviceAccount', 'configMap', 'service', 'networkPolicy', 'deployment'] as const) {
      const { items } = await cluster.admin.list(K[kind], {
        namespace: 'qb',
        labelSelector: 'app.kubernetes.io/part-of=quotebridge',
      });
      expect([kind, items.filter(({ metadata }) => metadata.name.startsWith('kill-')).length]).toEqual([
        kind,
        40,
      ]);
    }
  });

  it('a restart of the API server, without a restart of its own', async () => {
    if (cluster.restartApi === undefined) return expect(process.env['KUBECONFIG']).toBeTruthy();
    const operator = await start({ LEASE_DURATION: '120s' });
    await make('before-1');
    await untilReady('before-', 1);
    const { pid } = operator;
    await cluster.restartApi();
    await make('after-1');
    await cluster.admin.patch(K.deployment, 'qb', 'before-1-connector', { spec: { replicas: 9 } });
    await untilReady('after-', 1);
    await eventually(
      'the change by hand to be put right',
      async () =>
        (await cluster.admin.get(K.deployment, 'qb', 'before-1-connector'))?.spec?.['replicas'] === 1,
      WITHIN,
    );
    expect(operator.pid).toBe(pid);
  });

  it('watches that die without a sign', async () => {
    const proxy = await startFreezingProxy(Number(new URL(cluster.address.url).port));
    try {
      const operator = await start({
        KUBE_API_URL: `https://127.0.0.1:${proxy.port}`,
        WATCH_SILENCE: '4s',
        LEASE_DURATION: '120s',
      });
      await make('silent-1');
      await untilReady('silent-1', 1);
      expect(proxy.freeze()).toBeGreaterThan(5);
      await make('silent-2');
      await untilReady('silent-2', 1);
      expect(await metricOf(operator, 'quotebridge_operator_watch_errors_total')).toBeGreaterThan(0);
    } finally {
      await Promise.all(operators.splice(0).map((one) => one.kill()));
      await proxy.stop();
    }
  });

  it('the loss of its leader: another replica follows within 20 seconds, and never do two lead', async () => {
    const [one, two] = [await start(), await start()];
    const leading = async (operator: TestProcess): Promise<boolean> =>
      (await metricOf(operator, 'quotebridge_operator_leader')) === 1;
    const first = await eventually(
      'a leader',
      async () => ((await leading(one)) ? one : (await leading(two)) ? two : undefined),
      WITHIN,
    );
    const second = first === one ? two : one;
    expect(await leading(second)).toBe(false);
    await first.kill();
    const last = await leaderOf();
    await make('lead-1');
    await eventually('the other to lead', () => leading(second), WITHIN);
    const now = await leaderOf();
    expect(now?.['holderIdentity']).not.toBe(last?.['holderIdentity']);
    // By the times in the lease: what this machine was busy with besides does not count.
    const gap = Date.parse(String(now?.['acquireTime'])) - Date.parse(String(last?.['renewTime']));
    expect(gap).toBeLessThan(20_000);
    process.stdout.write(
      `seen: another operator leads ${gap / 1_000} s after the last sign of a killed one\n`,
    );
    await untilReady('lead-1', 1);
    // One that ends in order gives the lease back.
    await first.restart();
    await second.stop();
    expect((await leaderOf())?.['holderIdentity']).not.toBe(now?.['holderIdentity']);
    await eventually('the first to lead again', () => leading(first), WITHIN);
  });
});
