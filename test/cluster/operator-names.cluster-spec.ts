import { consumerOf, consumerOwner } from '@quotebridge/connectors/sdk';
import { EventBus, TMF_EVENTS } from '@quotebridge/platform/events';
import { pathOf, type KubeObject } from '@quotebridge/kubernetes/client';
import { CONNECTORS } from '@quotebridge/kubernetes/operator';
import {
  describeWith,
  K,
  makeNamespace,
  type OperatorSuite,
  putPlatformSecret,
  putSecret,
  S4_SPEC,
  startOperatorSuite,
} from './support';

describeWith(['to play the kubelet'], 'what belongs to a Connector on a real API server', () => {
  let suite: OperatorSuite;
  beforeAll(async () => {
    suite = await startOperatorSuite();
  });
  afterAll(() => suite?.stop());

  /** A pod like those of a Connector. */
  const makePod = (connector: string, name: string): Promise<KubeObject> =>
    suite.cluster.admin.create(K.pod, 'qb', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: 'qb',
        labels: {
          'app.kubernetes.io/name': 'quotebridge-connector',
          'app.kubernetes.io/instance': connector,
        },
      },
      spec: { containers: [{ name: 'c', image: 'localhost/c:1' }] },
    });

  it('something with the same name that is not ours is left alone, and told', async () => {
    const { admin } = suite.cluster;
    const own = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'taken-connector', namespace: 'qb' },
      data: { 'settings.json': 'of somebody else' },
    };
    await admin.create(K.configMap, 'qb', own);
    await suite.make(S4_SPEC, 'taken');
    const told = await suite.untilCondition('taken', 'ConfigurationValid', 'False NameTaken');
    expect(JSON.stringify(told.status)).toContain(
      'The name of the ConfigMap qb/taken-connector belongs to somebody who made it by hand',
    );
    await suite.untilEvents('taken', 'Warning NameTaken');
    // Looked at again from time to time, and written only when it changes.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect((await suite.read('taken'))?.metadata.resourceVersion).toBe(told.metadata.resourceVersion);
    expect(Reflect.get((await suite.child('configMap', 'taken')) ?? {}, 'data')).toEqual({
      'settings.json': 'of somebody else',
    });
    await admin.remove(K.configMap, 'qb', 'taken-connector');
    await suite.untilCondition('taken', 'Ready', 'True Running');
  });

  it('a child that the API server refuses is told in its words, and made when that is put right', async () => {
    const more = { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } };
    const name = await suite.make({ ...S4_SPEC, resources: more });
    const told = await suite.untilCondition(name, 'ConfigurationValid', 'False Refused');
    expect(told.status?.conditions?.find(({ type }) => type === 'Ready')?.message).toMatch(
      /^The API server refuses the Deployment qb\/\S+-connector \(422 Invalid\): .+must be less than or equal to memory limit/,
    );
    await suite.untilEvents(name, 'Warning Refused');
    await suite.patch(name, { spec: { resources: { requests: { memory: '1Gi' } } } });
    await suite.untilCondition(name, 'Ready', 'True Running');
  });

  it('the instance name of an older Connector is not given to another', async () => {
    const first = await suite.running({ ...S4_SPEC, instance: 'the-erp' });
    const second = await suite.make({ ...S4_SPEC, instance: 'the-erp' });
    const told = await suite.untilCondition(second, 'ConfigurationValid', 'False NameTaken');
    expect(JSON.stringify(told.status)).toContain(`qb/${first}, which is older`);
    expect(await suite.child('deployment', second)).toBeUndefined();
    await suite.cluster.admin.remove(CONNECTORS, 'qb', first);
    await suite.untilCondition(second, 'ConfigurationValid', 'True Accepted');
  });

  it('in a namespace that shares the broker the same name is taken as well; in one with a broker of its own it is free', async () => {
    const { cluster, nats } = suite;
    for (const [namespace, url] of [
      ['sister', nats.url],
      ['stranger', 'nats://elsewhere.example:4222'],
    ] as const) {
      await makeNamespace(cluster.admin, namespace);
      await putPlatformSecret(cluster, namespace, url);
      await putSecret(cluster.admin, namespace, 's4-login', { password: 'p' });
    }
    await suite.running({ ...S4_SPEC, instance: 'shared' });
    await suite.make({ ...S4_SPEC, instance: 'shared' }, 'other', 'sister');
    await suite.make({ ...S4_SPEC, instance: 'shared' }, 'other', 'stranger');
    await suite.untilCondition('other', 'ConfigurationValid', 'False NameTaken', 'sister');
    await suite.untilCondition('other', 'Ready', 'True Running', 'stranger');
    // The sister gets a broker of her own.
    await putPlatformSecret(cluster, 'sister', 'nats://own.example:4222');
    await suite.untilCondition('other', 'Ready', 'True Running', 'sister');
  });

  it('a deletion waits for the processes to end; then everything of the connector is gone', async () => {
    const name = await suite.running();
    const { admin } = suite.cluster;
    await makePod(name, `${name}-pod`);
    await admin.remove(CONNECTORS, 'qb', name);
    await suite.until(
      'the scale-down',
      async () => (await suite.child('deployment', name))?.spec?.['replicas'] === 0,
    );
    await suite.until(
      'the word Draining',
      async () => (await suite.read(name))?.status?.phase === 'Draining',
    );
    await admin.remove(K.pod, 'qb', `${name}-pod`);
    await suite.until('the Connector to go', async () => (await suite.read(name)) === undefined);
    await suite.until('its children to go', async () => {
      const left = await Promise.all(
        (['serviceAccount', 'configMap', 'service', 'networkPolicy', 'deployment'] as const).map((kind) =>
          suite.child(kind, name),
        ),
      );
      return left.every((object) => object === undefined);
    });
  });

  it('a deletion does not wait for a pod that was evicted', async () => {
    const name = await suite.running();
    const { admin } = suite.cluster;
    const evicted = `${name}-evicted`;
    await makePod(name, evicted);
    await admin.call({
      method: 'PATCH',
      path: `${pathOf(K.pod, 'qb', evicted)}/status`,
      contentType: 'application/merge-patch+json',
      body: { status: { phase: 'Failed', reason: 'Evicted' } },
    });
    await admin.remove(CONNECTORS, 'qb', name);
    // Sooner than a deletion goes on without processes that do not end.
    await suite.until('the Connector to go', async () => (await suite.read(name)) === undefined);
    await admin.remove(K.pod, 'qb', evicted);
  });

  it('a Connector that is deleted while it is being made leaves nothing behind', async () => {
    const names = await Promise.all(Array.from({ length: 10 }, () => suite.make()));
    await Promise.all(names.map((name) => suite.cluster.admin.remove(CONNECTORS, 'qb', name)));
    await suite.until('all to go', async () => {
      const left = await Promise.all(
        names.map(async (name) => [
          await suite.read(name),
          await suite.child('deployment', name),
          await suite.child('configMap', name),
        ]),
      );
      return left.flat().every((object) => object === undefined);
    });
  });

  it('with a Connector all its durable consumers leave the broker, and nobody else’s', async () => {
    const bus = await EventBus.connect({ servers: suite.nats.url, name: 'test' });
    try {
      const consumersOf = async (): Promise<readonly string[]> => {
        const names: string[] = [];
        for await (const { name } of bus.streams.consumers.list(TMF_EVENTS)) names.push(name);
        return names.sort();
      };
      const declare = (instance: string, action: string): Promise<void> =>
        bus.declare({
          durable: consumerOf(instance, action),
          owner: consumerOwner(instance),
          stream: TMF_EVENTS,
          subjects: ['tmf.>'],
          concurrency: 1,
          maxAttempts: 1,
          backoffMs: [1_000],
          ackWaitMs: 1_000,
        });
      const name = await suite.running({ ...S4_SPEC, instance: 'old' });
      const loser = await suite.make({ ...S4_SPEC, instance: 'old' });
      await suite.untilCondition(loser, 'ConfigurationValid', 'False NameTaken');
      // One of an action that the settings no longer have, and one of an instance that begins alike.
      for (const [instance, action] of [
        ['old', 'createSalesOrder'],
        ['old', 'gone'],
        ['old-erp', 'createSalesOrder'],
      ] as const)
        await declare(instance, action);
      const all = await consumersOf();
      expect(all).toHaveLength(3);
      await suite.cluster.admin.remove(CONNECTORS, 'qb', loser);
      await suite.until(
        'the one that had no name to go',
        async () => (await suite.read(loser)) === undefined,
      );
      expect(await consumersOf()).toEqual(all);
      await suite.cluster.admin.remove(CONNECTORS, 'qb', name);
      await suite.until('the Connector to go', async () => (await suite.read(name)) === undefined);
      expect(await consumersOf()).toEqual(['connector-old-erp-createSalesOrder']);
    } finally {
      await bus.close();
    }
  });

  it('a namespace goes with its Connectors, though nobody knows any more where their broker was', async () => {
    const { admin } = suite.cluster;
    await makeNamespace(admin, 'leaving');
    await putPlatformSecret(suite.cluster, 'leaving', suite.nats.url);
    await putSecret(admin, 'leaving', 's4-login', { password: 'p' });
    await suite.make(S4_SPEC, 'last', 'leaving');
    await suite.untilCondition('last', 'Ready', 'True Running', 'leaving');
    await admin.call({ method: 'DELETE', path: '/api/v1/namespaces/leaving' });
    await suite.until(
      'the namespace to be empty',
      async () => (await admin.list(CONNECTORS, { namespace: 'leaving' })).items.length === 0,
    );
  });

  it('needed no right that its role does not give', () => {
    const refused = suite.operator.lines().filter((line) => line.includes('forbidden'));
    // In a namespace that is going nobody can make anything.
    expect(refused.filter((line) => !line.includes('is being terminated'))).toEqual([]);
  });
});
