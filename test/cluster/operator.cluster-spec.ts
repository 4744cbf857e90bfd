import type { JsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { CONNECTORS, FINALIZER, type Connector } from '@quotebridge/kubernetes/operator';
import {
  conditionText,
  describeWith,
  K,
  makeNamespace,
  metricOf,
  type OperatorSuite,
  putPlatformSecret,
  putSecret,
  S4_SPEC,
  startOperatorSuite,
} from './support';

const PREFIX = 'connectors.quotebridge.io';

/** The annotations of the pods: they change when the pods are to be replaced. */
const podAnnotations = (deployment: KubeObject | undefined): Record<string, string> => {
  const template = deployment?.spec?.['template'] as
    { metadata: { annotations: Record<string, string> } } | undefined;
  return template?.metadata.annotations ?? {};
};

describeWith(['to play the kubelet'], 'the operator on a real API server', () => {
  let suite: OperatorSuite;
  beforeAll(async () => {
    suite = await startOperatorSuite();
  });
  afterAll(() => suite?.stop());

  it('makes everything that a connector needs, and nothing that it does not', async () => {
    const name = await suite.running();
    for (const kind of ['serviceAccount', 'configMap', 'service', 'networkPolicy', 'deployment'] as const) {
      const made = await suite.child(kind, name);
      expect([kind, made?.metadata.ownerReferences?.[0]?.kind]).toEqual([kind, 'Connector']);
    }
    expect(await suite.child('budget', name)).toBeUndefined();
    expect(await suite.child('exposedApi', name)).toBeUndefined();
    expect((await suite.read(name))?.metadata.finalizers).toEqual([FINALIZER]);
    expect(Reflect.get((await suite.child('configMap', name)) ?? {}, 'data')).toMatchObject({
      'settings.json': expect.stringContaining('"salesOrganization":"1710"'),
    });
  });

  it('pods satisfy the restricted pod security standard', async () => {
    const name = await suite.running();
    const deployment = await suite.child('deployment', name);
    const { admin } = suite.cluster;
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
    const name = await suite.running({ ...S4_SPEC, replicas: 2, exposedApi: api, logLevel: 'debug' });
    expect((await suite.child('budget', name))?.spec).toMatchObject({ maxUnavailable: 1 });
    const exposed = await suite.child('exposedApi', name);
    expect(exposed?.metadata.labels).toMatchObject({ 'oda.tmforum.org/componentName': 'prod-quote' });
    expect(exposed?.spec).toMatchObject({
      implementation: `${name}-connector`,
      path: '/prod-quote/webhooks',
      port: 8090,
    });
    // The EndpointSlices have it from there, and a Canvas looks at no others.
    const component = async (): Promise<string | undefined> =>
      (await suite.child('service', name))?.metadata.labels?.['oda.tmforum.org/componentName'];
    expect(await component()).toBe('prod-quote');
    await suite.patch(name, {
      spec: { replicas: 1, exposedApi: null, logLevel: null, s4hana: { pageSize: 50 } },
    });
    await suite.until(
      'both to go',
      async () => !(await suite.child('budget', name)) && !(await suite.child('exposedApi', name)),
    );
    await suite.until('the label to go', async () => (await component()) === undefined);
    const config = await suite.until('the new setting', async () => {
      const data = Reflect.get((await suite.child('configMap', name)) ?? {}, 'data') as Record<
        string,
        string
      >;
      return data['settings.json']?.includes('"pageSize":50') ? data : undefined;
    });
    expect(config['settings.json']).toContain('"baseUrl"');
    // A variable that is no longer ordered is gone as well: nobody else owns it.
    const text = JSON.stringify((await suite.child('deployment', name))?.spec);
    expect(text).not.toContain('LOG_LEVEL');
  });

  it('a child that was changed or deleted by hand is put right', async () => {
    const name = await suite.running();
    const { admin } = suite.cluster;
    await admin.remove(K.service, 'qb', `${name}-connector`);
    await admin.patch(K.networkPolicy, 'qb', `${name}-connector`, { spec: { ingress: [{}] } });
    await admin.patch(K.deployment, 'qb', `${name}-connector`, { spec: { replicas: 7 } });
    await admin.patch(K.configMap, 'qb', `${name}-connector`, { data: { 'settings.json': '{}' } });
    await suite.until('all four to be right', async () => {
      const [service, policy, deployment, config] = await Promise.all([
        suite.child('service', name),
        suite.child('networkPolicy', name),
        suite.child('deployment', name),
        suite.child('configMap', name),
      ]);
      return (
        service?.metadata.ownerReferences !== undefined &&
        !JSON.stringify(policy?.spec).includes('"ingress":[{}]') &&
        deployment?.spec?.['replicas'] === 1 &&
        JSON.stringify(config).includes('1710')
      );
    });
  });

  it('a Secret that changes replaces the pods, and its values are nowhere in the cluster but in it', async () => {
    const { admin } = suite.cluster;
    await putSecret(admin, 'qb', 'rotating', { password: 'first-value-of-all' });
    const name = await suite.running({ ...S4_SPEC, credentialsSecretRef: { name: 'rotating' } });
    const before = podAnnotations(await suite.child('deployment', name))[`${PREFIX}/credentials`];
    expect(before).toMatch(/^[0-9a-f]{8}$/);
    await putSecret(admin, 'qb', 'rotating', { password: 'second-value' });
    await suite.until('the fingerprint to change', async () => {
      const now = podAnnotations(await suite.child('deployment', name))[`${PREFIX}/credentials`];
      return now !== undefined && now !== before;
    });
    expect(suite.operator.lines().join('\n')).not.toMatch(/first-value-of-all|second-value/);
    const all = await Promise.all([
      suite.child('deployment', name),
      suite.child('configMap', name),
      suite.read(name),
    ]);
    expect(JSON.stringify(all)).not.toMatch(/first-value-of-all|second-value/);
  });

  it('so does the Secret that all connectors of a namespace share; without it who runs goes on', async () => {
    const { admin } = suite.cluster;
    await makeNamespace(admin, 'shared');
    await putSecret(admin, 'shared', 's4-login', { password: 'p' });
    await putPlatformSecret(suite.cluster, 'shared', 'nats://first-login@nats.shared:4222');
    const name = await suite.make({ ...S4_SPEC, instance: 'shares' }, 'shares', 'shared');
    await suite.untilCondition(name, 'Ready', 'True Running', 'shared');
    const deployment = (): Promise<KubeObject | undefined> =>
      admin.get(K.deployment, 'shared', `${name}-connector`);
    const platform = async (): Promise<unknown> => podAnnotations(await deployment())[`${PREFIX}/platform`];
    const before = await platform();
    expect(before).toMatch(/^[0-9a-f]{8}$/);
    await putPlatformSecret(suite.cluster, 'shared', 'nats://second-login@nats.shared:4222');
    await suite.until('the fingerprint to change', async () => (await platform()) !== before);
    const after = await platform();
    const generation = (await deployment())?.metadata.generation;
    await admin.remove(K.secret, 'shared', 'quotebridge-platform');
    // Something else is changed, so that it is certain that the operator has looked.
    await admin.patch(CONNECTORS, 'shared', name, { spec: { state: 'Paused' } });
    await suite.untilCondition(name, 'Ready', 'False Paused', 'shared');
    expect([await platform(), (await deployment())?.metadata.generation]).toEqual([
      after,
      Number(generation) + 1,
    ]);
    expect(suite.operator.lines().join('\n')).not.toMatch(/first-login|second-login/);
  });

  it('missing credentials are told in a sentence; what runs stays, and nothing is begun without them', async () => {
    const { admin } = suite.cluster;
    const name = await suite.make({ ...S4_SPEC, credentialsSecretRef: { name: 'late' } });
    const told = await suite.untilCondition(name, 'CredentialsValid', 'False SecretMissing');
    expect(told.status?.conditions?.find(({ type }) => type === 'Ready')?.message).toBe(
      'There is no Secret late in namespace qb: create it with password',
    );
    expect(await suite.child('deployment', name)).toBeUndefined();
    await putSecret(admin, 'qb', 'late', { user: 'x' });
    await suite.untilCondition(name, 'CredentialsValid', 'False KeyMissing');
    await putSecret(admin, 'qb', 'late', { password: 'p' });
    await suite.untilCondition(name, 'Ready', 'True Running');
    await admin.remove(K.secret, 'qb', 'late');
    await suite.untilCondition(name, 'CredentialsValid', 'False SecretMissing');
    expect((await suite.child('deployment', name))?.spec?.['replicas']).toBe(1);
    await suite.untilEvents(name, 'Warning SecretMissing', 'Warning KeyMissing', 'Normal Complete');
  });

  it('settings that only the connector can judge become a condition, once, without a hot loop; what ran before goes on', async () => {
    const name = await suite.running();
    const before = JSON.stringify((await suite.child('deployment', name))?.spec);
    // `format: uri` and a pattern are checked by the CRD; that a schedule can be computed is not.
    await suite.patch(name, { spec: { streams: [{ name: 'productOfferings', schedule: '0 99 * * *' }] } });
    const told = await suite.untilCondition(name, 'ConfigurationValid', 'False Invalid');
    expect(told.status?.phase).toBe('Invalid');
    expect(told.status?.observedGeneration).toBe(told.metadata.generation);
    const version = told.metadata.resourceVersion;
    const reconciles = await metricOf(suite.operator, 'quotebridge_operator_reconcile_seconds_count');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect((await suite.read(name))?.metadata.resourceVersion).toBe(version);
    // Other Connectors of this suite are polled meanwhile; a hot loop would be hundreds.
    expect(
      (await metricOf(suite.operator, 'quotebridge_operator_reconcile_seconds_count')) - reconciles,
    ).toBeLessThan(60);
    expect(JSON.stringify((await suite.child('deployment', name))?.spec)).toBe(before);
    await suite.patch(name, { spec: { streams: null } });
    await suite.untilCondition(name, 'ConfigurationValid', 'True Accepted');
  });

  it('pause keeps the process, stop ends it, run starts it again', async () => {
    const name = await suite.running();
    await suite.patch(name, { spec: { state: 'Paused' } });
    await suite.untilCondition(name, 'Ready', 'False Paused');
    const paused = await suite.child('deployment', name);
    expect(paused?.spec?.['replicas']).toBe(1);
    expect(JSON.stringify(paused?.spec)).toContain('"name":"CONNECTOR_STATE","value":"paused"');
    await suite.patch(name, { spec: { state: 'Stopped' } });
    await suite.until(
      'no replicas',
      async () => (await suite.child('deployment', name))?.spec?.['replicas'] === 0,
    );
    await suite.untilCondition(name, 'Ready', 'False Stopped');
    await suite.patch(name, { spec: { state: 'Running' } });
    await suite.untilCondition(name, 'Ready', 'True Running');
  });

  it('restart and run-now are done once for each token', async () => {
    const name = await suite.running();
    await suite.patch(name, {
      metadata: { annotations: { [`${PREFIX}/restart`]: 'r1', [`${PREFIX}/run-now`]: 'n1' } },
    });
    await suite.until('both', async () => {
      const connector = await suite.read(name);
      const restart = podAnnotations(await suite.child('deployment', name))[`${PREFIX}/restart`];
      return restart === 'r1' && connector?.status?.handledRunNow === 'n1';
    });
    await suite.patch(name, { metadata: { annotations: { [`${PREFIX}/run-now`]: 'productOfferings/n2' } } });
    await suite.until(
      'the second',
      async () => (await suite.read(name))?.status?.handledRunNow === 'productOfferings/n2',
    );
    await suite.patch(name, { metadata: { annotations: { [`${PREFIX}/run-now`]: 'unknown/n3' } } });
    await suite.untilEvents(name, 'Warning RunRefused');
    const own = suite.processes.commands.filter(({ path }) => path.startsWith(`qb/${name}/`));
    expect(own.map(({ path }) => path)).toEqual([
      `qb/${name}/runs`,
      `qb/${name}/streams/productOfferings/run`,
      `qb/${name}/streams/unknown/run`,
    ]);
    expect(own[0]?.token).toBe('Bearer a-token-of-some-length');
  });

  it('a run-now that nobody answers keeps the status from nothing, and is asked for again', async () => {
    const name = await suite.running();
    suite.processes.report('qb', name, undefined);
    await suite.patch(name, {
      metadata: { annotations: { [`${PREFIX}/run-now`]: 'n1' } },
      spec: { logLevel: 'debug' },
    });
    await suite.until('the status to be about the spec', async () => {
      const connector = await suite.read(name);
      return connector?.status?.observedGeneration === connector?.metadata.generation;
    });
    const silent = await suite.untilCondition(name, 'Degraded', 'True NoReport');
    expect(silent.status?.handledRunNow).toBeUndefined();
    suite.processes.report('qb', name, { state: 'running', streams: [] });
    await suite.until('the run', async () => (await suite.read(name))?.status?.handledRunNow === 'n1');
  });

  it('what the connector reports becomes status, conditions and events, and is written only when it changes', async () => {
    const name = await suite.running();
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
    suite.processes.report('qb', name, { state: 'running', connected: { ok: true }, streams: [stream] });
    const good = await suite.untilCondition(name, 'Synced', 'True WithQuarantine');
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
    const asked = suite.processes.asked();
    await suite.until('more polls', async () => suite.processes.asked() > asked + 10);
    expect((await suite.read(name))?.metadata.resourceVersion).toBe(version);
    suite.processes.report('qb', name, {
      state: 'running',
      connected: { ok: false, message: 'certificate has expired' },
      streams: [{ ...stream, state: 'failed', error: 'HTTP 500' }],
    });
    const bad = await suite.untilCondition(name, 'Degraded', 'True Unreachable');
    expect(bad.status?.phase).toBe('Degraded');
    expect(conditionText(bad, 'Synced')).toBe('False RunFailed');
    expect(JSON.stringify(bad.status)).toContain('certificate has expired');
    // What did not change keeps its time.
    const timeOf = (connector: Connector, type: string): string | undefined =>
      connector.status?.conditions?.find((condition) => condition.type === type)?.lastTransitionTime;
    expect(timeOf(bad, 'ConfigurationValid')).toBe(timeOf(good, 'ConfigurationValid'));
    await suite.untilEvents(name, 'Warning Unreachable', 'Warning RunFailed');
    suite.processes.report('qb', name, { state: 'running', connected: { ok: true }, streams: [stream] });
    await suite.untilCondition(name, 'Ready', 'True Running');
  });

  it('needed no right that its role does not give', () => {
    expect(suite.operator.lines().filter((line) => line.includes('forbidden'))).toEqual([]);
  });
});
