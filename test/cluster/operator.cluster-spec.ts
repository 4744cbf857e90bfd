import type { JsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { CONNECTORS, FINALIZER, type Connector } from '@quotebridge/kubernetes/operator';
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
  readConnector,
  S4_SPEC,
  startCluster,
  startConnectorProcesses,
  startKubelet,
  startOperatorProcess,
  type ConnectorProcesses,
  type FakeKubelet,
  type OperatorAccount,
  type TestCluster,
} from './support';

const WITHIN = 30_000;
const PREFIX = 'connectors.quotebridge.io';

/** The annotations of the pods: they change when the pods are to be replaced. */
const podAnnotations = (deployment: KubeObject | undefined): Record<string, string> => {
  const template = deployment?.spec?.['template'] as
    { metadata: { annotations: Record<string, string> } } | undefined;
  return template?.metadata.annotations ?? {};
};

describe('the operator on a real API server', () => {
  let cluster: TestCluster;
  let processes: ConnectorProcesses;
  let kubelet: FakeKubelet;
  let account: OperatorAccount;
  let operator: TestProcess;
  let count = 0;

  beforeAll(async () => {
    cluster = await startCluster();
    const { admin } = cluster;
    await installCrds(admin);
    await makeNamespace(admin, 'qb-system');
    await makeNamespace(admin, 'qb');
    await putSecret(admin, 'qb', 'quotebridge-platform', {
      MONGODB_URI: 'mongodb://db/',
      NATS_URL: 'nats://nats:4222',
      ADMIN_TOKEN: 'a-token-of-some-length',
    });
    await putSecret(admin, 'qb', 's4-login', { password: 'p' });
    processes = await startConnectorProcesses();
    kubelet = startKubelet(admin);
    account = await operatorAccount(cluster, 'qb-system');
    operator = await startOperatorProcess(account, processes.address);
  });
  afterAll(async () => {
    await operator.stop();
    await kubelet.stop();
    await processes.stop();
    account.remove();
    await cluster.stop();
  });

  const read = (name: string): Promise<Connector | undefined> => readConnector(cluster.admin, 'qb', name);
  const child = (kind: keyof typeof K, name: string): Promise<KubeObject | undefined> =>
    cluster.admin.get(K[kind], 'qb', `${name}-connector`);
  const until = <T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> =>
    eventually(what, look, WITHIN);
  const untilCondition = (name: string, type: string, text: string): Promise<Connector> =>
    until(`${name} to have ${type} ${text}`, async () => {
      const connector = await read(name);
      return conditionText(connector, type) === text ? connector : undefined;
    });
  const patch = (name: string, change: JsonObject): Promise<KubeObject> =>
    cluster.admin.patch(CONNECTORS, 'qb', name, change);
  const make = async (spec: JsonObject = S4_SPEC, name = `c${(count += 1)}`): Promise<string> => {
    await create(cluster.admin, CONNECTORS, connectorOf('qb', name, spec));
    return name;
  };
  const running = async (spec?: JsonObject): Promise<string> => {
    const name = await make(spec);
    await untilCondition(name, 'Ready', 'True Running');
    return name;
  };
  const eventsOf = async (name: string): Promise<readonly string[]> =>
    (await cluster.admin.list(K.event, { namespace: 'qb' })).items
      .filter((event) => (Reflect.get(event, 'regarding') as { name: string }).name === name)
      .map((event) => `${String(Reflect.get(event, 'type'))} ${String(Reflect.get(event, 'reason'))}`);

  const untilEvents = (name: string, ...wanted: readonly string[]): Promise<true> =>
    until(`${name} to have the events ${wanted.join(', ')}`, async () => {
      const seen = await eventsOf(name);
      return wanted.every((event) => seen.includes(event));
    });

  it('makes everything that a connector needs, and nothing that it does not', async () => {
    const name = await running();
    for (const kind of ['serviceAccount', 'configMap', 'service', 'networkPolicy', 'deployment'] as const) {
      const made = await child(kind, name);
      expect([kind, made?.metadata.ownerReferences?.[0]?.kind]).toEqual([kind, 'Connector']);
    }
    expect(await child('budget', name)).toBeUndefined();
    expect(await child('exposedApi', name)).toBeUndefined();
    expect((await read(name))?.metadata.finalizers).toEqual([FINALIZER]);
    expect(Reflect.get((await child('configMap', name)) ?? {}, 'data')).toMatchObject({
      'settings.json': expect.stringContaining('"salesOrganization":"1710"'),
    });
  });

  it('pods satisfy the restricted pod security standard', async () => {
    const name = await running();
    const deployment = await child('deployment', name);
    const { admin } = cluster;
    await admin.create(K.namespace, undefined, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'restricted', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    await admin.create(K.serviceAccount, 'restricted', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: `${name}-connector`, namespace: 'restricted' },
    });
    const template = deployment?.spec?.['template'] as JsonObject;
    const pod = await admin.create(K.pod, 'restricted', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'proof', namespace: 'restricted' },
      spec: template['spec'],
    });
    expect(pod.metadata.uid).toEqual(expect.any(String));
  });

  it('a change of the spec reaches the children, and what is no longer wanted goes', async () => {
    const api = {
      path: '/prod-quote/webhooks',
      specification: { url: 'https://docs.example.com/webhooks.json', version: 'v1' },
      componentName: 'prod-quote',
    };
    const name = await running({ ...S4_SPEC, replicas: 2, exposedApi: api, logLevel: 'debug' });
    expect((await child('budget', name))?.spec).toMatchObject({ maxUnavailable: 1 });
    const exposed = await child('exposedApi', name);
    expect(exposed?.metadata.labels).toMatchObject({ 'oda.tmforum.org/componentName': 'prod-quote' });
    expect(exposed?.spec).toMatchObject({
      implementation: `${name}-connector`,
      path: '/prod-quote/webhooks',
      port: 8090,
    });
    await patch(name, { spec: { replicas: 1, exposedApi: null, logLevel: null, s4hana: { pageSize: 50 } } });
    await until(
      'both to go',
      async () => !(await child('budget', name)) && !(await child('exposedApi', name)),
    );
    const config = await until('the new setting', async () => {
      const data = Reflect.get((await child('configMap', name)) ?? {}, 'data') as Record<string, string>;
      return data['settings.json']?.includes('"pageSize":50') ? data : undefined;
    });
    expect(config['settings.json']).toContain('"baseUrl"');
    // A variable that is no longer ordered is gone as well: nobody else owns it.
    const text = JSON.stringify((await child('deployment', name))?.spec);
    expect(text).not.toContain('LOG_LEVEL');
  });

  it('a child that was changed or deleted by hand is put right', async () => {
    const name = await running();
    const { admin } = cluster;
    await admin.remove(K.service, 'qb', `${name}-connector`);
    await admin.patch(K.networkPolicy, 'qb', `${name}-connector`, { spec: { ingress: [{}] } });
    await admin.patch(K.deployment, 'qb', `${name}-connector`, { spec: { replicas: 7 } });
    await admin.patch(K.configMap, 'qb', `${name}-connector`, { data: { 'settings.json': '{}' } });
    await until('all four to be right', async () => {
      const [service, policy, deployment, config] = await Promise.all([
        child('service', name),
        child('networkPolicy', name),
        child('deployment', name),
        child('configMap', name),
      ]);
      return (
        service?.metadata.ownerReferences !== undefined &&
        !JSON.stringify(policy?.spec).includes('"ingress":[{}]') &&
        deployment?.spec?.['replicas'] === 1 &&
        JSON.stringify(config).includes('1710')
      );
    });
  });

  it('something with the same name that is not ours is left alone, and told', async () => {
    const { admin } = cluster;
    const own = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'taken-connector', namespace: 'qb' },
      data: { 'settings.json': 'of somebody else' },
    };
    await admin.create(K.configMap, 'qb', own);
    await make(S4_SPEC, 'taken');
    await untilEvents('taken', 'Warning NameTaken');
    expect(Reflect.get((await child('configMap', 'taken')) ?? {}, 'data')).toEqual({
      'settings.json': 'of somebody else',
    });
    await admin.remove(K.configMap, 'qb', 'taken-connector');
    await untilCondition('taken', 'Ready', 'True Running');
  });

  it('a Secret that changes replaces the pods, and its values are nowhere in the cluster but in it', async () => {
    const { admin } = cluster;
    await putSecret(admin, 'qb', 'rotating', { password: 'first-value-of-all' });
    const name = await running({ ...S4_SPEC, credentialsSecretRef: { name: 'rotating' } });
    const before = podAnnotations(await child('deployment', name))[`${PREFIX}/credentials`];
    expect(before).toMatch(/^[0-9a-f]{8}$/);
    await putSecret(admin, 'qb', 'rotating', { password: 'second-value' });
    await until('the fingerprint to change', async () => {
      const now = podAnnotations(await child('deployment', name))[`${PREFIX}/credentials`];
      return now !== undefined && now !== before;
    });
    expect(operator.lines().join('\n')).not.toMatch(/first-value-of-all|second-value/);
    const all = await Promise.all([child('deployment', name), child('configMap', name), read(name)]);
    expect(JSON.stringify(all)).not.toMatch(/first-value-of-all|second-value/);
  });

  it('missing credentials are told in a sentence; what runs stays, and nothing is begun without them', async () => {
    const { admin } = cluster;
    const name = await make({ ...S4_SPEC, credentialsSecretRef: { name: 'late' } });
    const told = await untilCondition(name, 'CredentialsValid', 'False SecretMissing');
    expect(told.status?.conditions?.find(({ type }) => type === 'Ready')?.message).toBe(
      'There is no Secret late in namespace qb: create it with password',
    );
    expect(await child('deployment', name)).toBeUndefined();
    await putSecret(admin, 'qb', 'late', { user: 'x' });
    await untilCondition(name, 'CredentialsValid', 'False KeyMissing');
    await putSecret(admin, 'qb', 'late', { password: 'p' });
    await untilCondition(name, 'Ready', 'True Running');
    await admin.remove(K.secret, 'qb', 'late');
    await untilCondition(name, 'CredentialsValid', 'False SecretMissing');
    expect((await child('deployment', name))?.spec?.['replicas']).toBe(1);
    await untilEvents(name, 'Warning SecretMissing', 'Warning KeyMissing', 'Normal Complete');
  });

  it('settings that only the connector can judge become a condition, once, without a hot loop; what ran before goes on', async () => {
    const name = await running();
    const before = JSON.stringify((await child('deployment', name))?.spec);
    // `format: uri` and a pattern are checked by the CRD; that a schedule can be computed is not.
    await patch(name, { spec: { streams: [{ name: 'productOfferings', schedule: '0 99 * * *' }] } });
    const told = await untilCondition(name, 'ConfigurationValid', 'False Invalid');
    expect(told.status?.phase).toBe('Invalid');
    expect(told.status?.observedGeneration).toBe(told.metadata.generation);
    const version = told.metadata.resourceVersion;
    const reconciles = await metricOf(operator, 'quotebridge_operator_reconcile_seconds_count');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect((await read(name))?.metadata.resourceVersion).toBe(version);
    // Other Connectors of this suite are polled meanwhile; a hot loop would be hundreds.
    expect(
      (await metricOf(operator, 'quotebridge_operator_reconcile_seconds_count')) - reconciles,
    ).toBeLessThan(60);
    expect(JSON.stringify((await child('deployment', name))?.spec)).toBe(before);
    await patch(name, { spec: { streams: null } });
    await untilCondition(name, 'ConfigurationValid', 'True Accepted');
  });

  it('the instance name of an older Connector is not given to another', async () => {
    const first = await running({ ...S4_SPEC, instance: 'the-erp' });
    const second = await make({ ...S4_SPEC, instance: 'the-erp' });
    const told = await untilCondition(second, 'ConfigurationValid', 'False InstanceTaken');
    expect(JSON.stringify(told.status)).toContain(`qb/${first}, which is older`);
    expect(await child('deployment', second)).toBeUndefined();
    await cluster.admin.remove(CONNECTORS, 'qb', first);
    await untilCondition(second, 'ConfigurationValid', 'True Accepted');
  });

  it('pause keeps the process, stop ends it, run starts it again', async () => {
    const name = await running();
    await patch(name, { spec: { state: 'Paused' } });
    await untilCondition(name, 'Ready', 'False Paused');
    const paused = await child('deployment', name);
    expect(paused?.spec?.['replicas']).toBe(1);
    expect(JSON.stringify(paused?.spec)).toContain('"name":"CONNECTOR_STATE","value":"paused"');
    await patch(name, { spec: { state: 'Stopped' } });
    await until('no replicas', async () => (await child('deployment', name))?.spec?.['replicas'] === 0);
    await untilCondition(name, 'Ready', 'False Stopped');
    await patch(name, { spec: { state: 'Running' } });
    await untilCondition(name, 'Ready', 'True Running');
  });

  it('restart and run-now are done once for each token', async () => {
    const name = await running();
    await patch(name, {
      metadata: { annotations: { [`${PREFIX}/restart`]: 'r1', [`${PREFIX}/run-now`]: 'n1' } },
    });
    await until('both', async () => {
      const connector = await read(name);
      const restart = podAnnotations(await child('deployment', name))[`${PREFIX}/restart`];
      return restart === 'r1' && connector?.status?.handledRunNow === 'n1';
    });
    await patch(name, { metadata: { annotations: { [`${PREFIX}/run-now`]: 'productOfferings/n2' } } });
    await until(
      'the second',
      async () => (await read(name))?.status?.handledRunNow === 'productOfferings/n2',
    );
    await patch(name, { metadata: { annotations: { [`${PREFIX}/run-now`]: 'unknown/n3' } } });
    await untilEvents(name, 'Warning RunRefused');
    const own = processes.commands.filter(({ path }) => path.startsWith(`qb/${name}/`));
    expect(own.map(({ path }) => path)).toEqual([
      `qb/${name}/runs`,
      `qb/${name}/streams/productOfferings/run`,
      `qb/${name}/streams/unknown/run`,
    ]);
    expect(own[0]?.token).toBe('Bearer a-token-of-some-length');
  });

  it('what the connector reports becomes status, conditions and events, and is written only when it changes', async () => {
    const name = await running();
    const at = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1000).toISOString();
    const stream = {
      name: 'productOfferings',
      state: 'succeeded',
      lastRunAt: at(70),
      lastSuccessAt: at(65),
      nextRunAt: at(-3600),
      counts: { read: 81, created: 41 },
      checkpoint: { at: '2026-11-21T07:00:00.000Z', id: 'M1' },
      quarantined: 2,
    };
    processes.report('qb', name, { state: 'running', connected: { ok: true }, streams: [stream] });
    const good = await untilCondition(name, 'Synced', 'True WithQuarantine');
    expect(conditionText(good, 'Connected')).toBe('True Reachable');
    expect(good.status).toMatchObject({
      phase: 'Running',
      replicas: '1/1',
      lag: '1m',
      lastSyncTime: stream.lastSuccessAt,
    });
    expect(good.status?.streams).toEqual([
      expect.objectContaining({
        name: 'productOfferings',
        quarantined: 2,
        checkpoint: '2026-11-21T07:00:00.000Z M1',
      }),
    ]);
    const version = good.metadata.resourceVersion;
    const asked = processes.asked();
    await until('more polls', async () => processes.asked() > asked + 10);
    expect((await read(name))?.metadata.resourceVersion).toBe(version);
    processes.report('qb', name, {
      state: 'running',
      connected: { ok: false, message: 'certificate has expired' },
      streams: [{ ...stream, state: 'failed', error: 'HTTP 500' }],
    });
    const bad = await untilCondition(name, 'Degraded', 'True Unreachable');
    expect(bad.status?.phase).toBe('Degraded');
    expect(conditionText(bad, 'Synced')).toBe('False RunFailed');
    expect(JSON.stringify(bad.status)).toContain('certificate has expired');
    // What did not change keeps its time.
    const timeOf = (connector: Connector, type: string): string | undefined =>
      connector.status?.conditions?.find((condition) => condition.type === type)?.lastTransitionTime;
    expect(timeOf(bad, 'ConfigurationValid')).toBe(timeOf(good, 'ConfigurationValid'));
    await untilEvents(name, 'Warning Unreachable', 'Warning RunFailed');
    processes.report('qb', name, { state: 'running', connected: { ok: true }, streams: [stream] });
    await untilCondition(name, 'Ready', 'True Running');
  });

  it('a deletion waits for the processes to end; then everything of the connector is gone', async () => {
    const name = await running();
    const { admin } = cluster;
    await admin.create(K.pod, 'qb', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${name}-pod`,
        namespace: 'qb',
        labels: { 'app.kubernetes.io/name': 'quotebridge-connector', 'app.kubernetes.io/instance': name },
      },
      spec: { containers: [{ name: 'c', image: 'localhost/c:1' }] },
    });
    await admin.remove(CONNECTORS, 'qb', name);
    await until('the scale-down', async () => (await child('deployment', name))?.spec?.['replicas'] === 0);
    await until('the word Draining', async () => (await read(name))?.status?.phase === 'Draining');
    await admin.remove(K.pod, 'qb', `${name}-pod`);
    await until('the Connector to go', async () => (await read(name)) === undefined);
    await until('its children to go', async () => {
      const left = await Promise.all(
        (['serviceAccount', 'configMap', 'service', 'networkPolicy', 'deployment'] as const).map((kind) =>
          child(kind, name),
        ),
      );
      return left.every((object) => object === undefined);
    });
  });

  it('a Connector that is deleted while it is being made leaves nothing behind', async () => {
    const names = await Promise.all(Array.from({ length: 10 }, () => make()));
    await Promise.all(names.map((name) => cluster.admin.remove(CONNECTORS, 'qb', name)));
    await until('all to go', async () => {
      const left = await Promise.all(
        names.map(async (name) => [
          await read(name),
          await child('deployment', name),
          await child('configMap', name),
        ]),
      );
      return left.flat().every((object) => object === undefined);
    });
  });

  it('needed no right that its role does not give', () => {
    expect(operator.lines().filter((line) => line.includes('forbidden'))).toEqual([]);
  });
});
