import type { JsonObject } from '@quotebridge/platform/core';
import { CONNECTORS } from '@quotebridge/kubernetes/operator';
import { eventually, type TestProcess } from '../e2e/support';
import {
  conditionText,
  connectorOf,
  create,
  installCrds,
  K,
  makeNamespace,
  metricOf,
  operatorAccount,
  putSecret,
  S4_SPEC,
  startCluster,
  startConnectorProcesses,
  startFreezingProxy,
  startKubelet,
  startOperatorProcess,
  type ConnectorProcesses,
  type FakeKubelet,
  type OperatorAccount,
  type TestCluster,
} from './support';

const WITHIN = 180_000;
// Hundreds of objects on two busy cores.
jest.setTimeout(600_000);
// QB_CONNECTORS=1000 for the number that is promised; fewer are enough to see a storm.
const MANY = Number(process.env['QB_CONNECTORS'] ?? 300);

describe('what the operator survives', () => {
  let cluster: TestCluster;
  let processes: ConnectorProcesses;
  let kubelet: FakeKubelet;
  let account: OperatorAccount;
  const operators: TestProcess[] = [];

  beforeAll(async () => {
    cluster = await startCluster();
    const { admin } = cluster;
    await installCrds(admin);
    await makeNamespace(admin, 'qb-system');
    await makeNamespace(admin, 'qb');
    await putSecret(admin, 'qb', 's4-login', { password: 'p' });
    processes = await startConnectorProcesses();
    kubelet = startKubelet(admin);
    account = await operatorAccount(cluster, 'qb-system');
  });
  afterAll(async () => {
    await kubelet.stop();
    await processes.stop();
    account.remove();
    await cluster.stop();
  });
  afterEach(async () => {
    await Promise.all(operators.splice(0).map((one) => one.stop()));
  });

  const start = async (env: Readonly<Record<string, string>> = {}): Promise<TestProcess> => {
    const operator = await startOperatorProcess(account, processes.address, { POLL_INTERVAL: '60s', ...env });
    operators.push(operator);
    return operator;
  };
  const make = (name: string, spec: JsonObject = S4_SPEC): ReturnType<typeof create> =>
    create(cluster.admin, CONNECTORS, connectorOf('qb', name, spec));
  const isReady = async (prefix: string, count: number): Promise<boolean> => {
    const { items } = await cluster.admin.list(CONNECTORS, { namespace: 'qb' });
    const ready = items.filter(
      (one) =>
        one.metadata.name.startsWith(prefix) && conditionText(one as never, 'Ready') === 'True Running',
    );
    if (ready.length === count) return true;
    // Hundreds of objects are not to be listed more often than this.
    await new Promise((resolve) => setTimeout(resolve, 500));
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
    await untilReady('lead-1', 1);
    // One that ends in order gives the lease back.
    await first.restart();
    await second.stop();
    expect((await leaderOf())?.['holderIdentity']).not.toBe(now?.['holderIdentity']);
    await eventually('the first to lead again', () => leading(first), WITHIN);
  });

  it(`${MANY} Connectors at start; and when all is as it should be, a start writes nothing at all`, async () => {
    for (let i = 0; i < MANY; i += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, j) => make(`many-${i + j}`)));
    }
    const operator = await start({ LEASE_DURATION: '3s' });
    await untilReady('many-', MANY);
    await eventually(
      'rest',
      async () => (await metricOf(operator, 'quotebridge_operator_queue_depth')) === 0,
      WITHIN,
    );
    const versions = async (): Promise<string> => {
      const lists = await Promise.all(
        [CONNECTORS, K.deployment, K.configMap, K.service].map((kind) =>
          cluster.admin.list(kind, { namespace: 'qb' }),
        ),
      );
      return JSON.stringify(
        lists.map(({ items }) => items.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`)),
      );
    };
    // The last reports of processes may still come in as status.
    let before = await versions();
    await eventually(
      'nothing to change any more',
      async () => {
        const seen = before;
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        before = await versions();
        return seen === before;
      },
      WITHIN,
    );
    await operator.kill();
    operators.splice(0);
    const again = await start({ LEASE_DURATION: '3s' });
    await eventually(
      'every Connector to be looked at',
      async () => (await metricOf(again, 'quotebridge_operator_reconcile_seconds_count')) >= MANY,
      WITHIN,
    );
    await eventually(
      'rest',
      async () => (await metricOf(again, 'quotebridge_operator_queue_depth')) === 0,
      WITHIN,
    );
    expect(await versions()).toBe(before);
  });
});
