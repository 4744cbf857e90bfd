import { connectorDefinitions } from '@quotebridge/connectors/all';
import { clusterAddress, KubeClient } from '@quotebridge/kubernetes/client';
import {
  CONNECTORS,
  startOperator,
  type Connector,
  type RunningOperator,
} from '@quotebridge/kubernetes/operator';
import { createLogger, createMetrics } from '@quotebridge/platform/telemetry';
import { eventually } from '../e2e/support';
import {
  conditionText,
  connectorOf,
  create,
  describeWith,
  K,
  type OperatorWorld,
  readConnector,
  S4_SPEC,
  startOperatorWorld,
} from './support';

const WITHIN = 120_000;
jest.setTimeout(600_000);
const MINUTE = 60_000;
const LONG = 1_000 * MINUTE;
const PREFIX = 'connectors.quotebridge.io';

const reportOf = (state: string): object => ({
  state: 'running',
  connected: { ok: true },
  streams: [{ name: 'productOfferings', state, lastSuccessAt: new Date().toISOString() }],
});

describeWith(['to play the kubelet'], 'a connector that keeps failing, on the clock of the operator', () => {
  let world: OperatorWorld;
  let client: KubeClient;
  let operator: RunningOperator;
  // It moves only when a test says so.
  let now = Date.now();
  let tokens = 0;
  beforeAll(async () => {
    world = await startOperatorWorld();
    const { env } = world.account;
    client = new KubeClient({
      address: clusterAddress({
        url: env['KUBE_API_URL'] ?? '',
        tokenFile: env['KUBE_TOKEN_FILE'] ?? '',
        caFile: env['KUBE_CA_FILE'] ?? '',
      }),
      manager: 'quotebridge-operator',
    });
    operator = await startOperator({
      client,
      definitions: connectorDefinitions,
      settings: {
        image: 'registry.example/quotebridge-connector:1',
        imagePullSecrets: [],
        platformSecret: 'quotebridge-platform',
        operatorNamespace: 'qb-system',
        traceRatio: '0',
      },
      connectorAddress: world.processes.address,
      identity: 'test',
      // The jumps of the clock are for connectors only.
      leaderTimes: { leaseMs: LONG, renewMs: LONG, retryMs: 1_000 },
      relistMs: LONG,
      silenceMs: LONG,
      canvasLookMs: 30_000,
      pollMs: 500,
      workers: 4,
      resolveSrv: async () => [],
      clock: { now: () => now },
      random: Math.random,
      logger: createLogger({ service: 'operator', level: 'error' }),
      metrics: createMetrics({ service: 'operator', processMetrics: false }),
      lost: (reason) => {
        throw new Error(reason);
      },
    });
    await create(world.cluster.admin, CONNECTORS, connectorOf('qb', 'erp', S4_SPEC));
    await until('it to run', (one) => conditionText(one, 'Ready') === 'True Running');
  });
  afterAll(async () => {
    await operator?.stop();
    await client?.close();
    await world?.stop();
  });

  const until = (what: string, look: (one: Connector) => boolean): Promise<Connector> =>
    eventually(
      what,
      async () => {
        const connector = await readConnector(world.cluster.admin, 'qb', 'erp');
        return connector !== undefined && look(connector) ? connector : undefined;
      },
      WITHIN,
    );
  /** Lets time pass, and waits until the operator has looked at the Connector since. */
  const pass = async (ms: number): Promise<Connector> => {
    now += ms;
    tokens += 1;
    const token = `t${tokens}`;
    const annotations = { [`${PREFIX}/run-now`]: token };
    await world.cluster.admin.patch(CONNECTORS, 'qb', 'erp', { metadata: { annotations } });
    return until(`the token ${token} to be handled`, (one) => one.status?.handledRunNow === token);
  };
  const restartedAt = async (): Promise<string | undefined> => {
    const deployment = await world.cluster.admin.get(K.deployment, 'qb', 'erp-connector');
    const template = deployment?.spec?.['template'] as
      { metadata: { annotations: Record<string, string> } } | undefined;
    return template?.metadata.annotations[`${PREFIX}/restarted-at`];
  };
  const report = async (state: string, condition: string): Promise<void> => {
    world.processes.report('qb', 'erp', reportOf(state) as never);
    await until(condition, (one) => conditionText(one, 'Degraded') === condition);
  };

  it('is restarted after 2, 6 and 12 minutes, and after ten minutes of health from the beginning', async () => {
    await report('failed', 'True RunFailed');
    for (const [n, minutes] of [2, 6, 12].entries()) {
      const before = await restartedAt();
      expect((await pass(minutes * MINUTE - 1)).status?.autoRestart?.count).toBe(n);
      expect(await restartedAt()).toBe(before);
      expect((await pass(1)).status?.autoRestart?.count).toBe(n + 1);
      expect(await restartedAt()).not.toBe(before);
    }
    const last = await restartedAt();
    await report('succeeded', 'False AsExpected');
    expect((await pass(9 * MINUTE)).status?.autoRestart?.count).toBe(3);
    expect((await pass(MINUTE)).status?.autoRestart).toBeUndefined();
    // That it is forgotten restarts nothing.
    expect(await restartedAt()).toBe(last);
    await report('failed', 'True RunFailed');
    await pass(2 * MINUTE - 1);
    expect(await restartedAt()).toBe(last);
    expect((await pass(1)).status?.autoRestart?.count).toBe(1);
    expect(await restartedAt()).not.toBe(last);
  });
});
