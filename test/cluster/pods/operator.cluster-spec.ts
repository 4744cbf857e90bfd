import { messageOf, type JsonObject } from '@quotebridge/platform/core';
import { pathOf, type KubeObject } from '@quotebridge/kubernetes/client';
import { CONNECTORS, type Connector } from '@quotebridge/kubernetes/operator';
import { eventually } from '../../e2e/support';
import {
  conditionText,
  connectorOf,
  create,
  installServers,
  K,
  putPlatform,
  putSecret,
  readConnector,
  S4_SANDBOX,
  startNodeCluster,
  type NodeCluster,
} from '../support';

const WITHIN = 240_000;
// Images, a cluster, pods that start beside one another on two busy cores.
jest.setTimeout(900_000);

const SPEC: JsonObject = {
  type: 's4hana',
  s4hana: {
    baseUrl: S4_SANDBOX,
    auth: { kind: 'basic', user: 'QUOTEBRIDGE' },
    salesOrganization: '1710',
    distributionChannel: '10',
  },
  credentialsSecretRef: { name: 's4-login' },
  streams: [{ name: 'productSpecifications', schedule: 'event' }],
  network: { egress: [{ cidr: '10.0.0.0/8', ports: [8443] }] },
};

interface Condition {
  readonly type: string;
  readonly status: string;
}

const conditionOf = (pod: KubeObject, type: string): string | undefined =>
  (pod.status?.['conditions'] as unknown as readonly Condition[] | undefined)?.find(
    (one) => one.type === type,
  )?.status;

describe('a Connector on a cluster whose pods run', () => {
  let cluster: NodeCluster;
  beforeAll(async () => {
    cluster = await startNodeCluster();
    await installServers(cluster);
    await cluster.admin.create(K.namespace, undefined, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'qb', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    await putPlatform(cluster.admin, 'qb');
    await putSecret(cluster.admin, 'qb', 's4-login', { password: 's4-sandbox-password' });
    await cluster.helm(
      ...['install', 'op', 'charts/quotebridge-operator', '--namespace', 'qb-system', '--create-namespace'],
      ...['--wait', '--timeout', '8m'],
    );
  });
  afterAll(() => cluster?.stop());

  const podsOf = async (namespace: string, labelSelector: string): Promise<readonly KubeObject[]> =>
    (await cluster.admin.list(K.pod, { namespace, labelSelector })).items.filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );
  const kill = ({ metadata }: KubeObject): Promise<unknown> =>
    cluster.admin.call({
      method: 'DELETE',
      path: `/api/v1/namespaces/${metadata.namespace ?? ''}/pods/${metadata.name}`,
      body: { gracePeriodSeconds: 0 },
    });
  const until = (what: string, look: (connector: Connector) => boolean): Promise<Connector> =>
    eventually(
      what,
      async () => {
        const connector = await readConnector(cluster.admin, 'qb', 'erp');
        return connector !== undefined && look(connector) ? connector : undefined;
      },
      WITHIN,
    );
  const isWell = (one: Connector): boolean =>
    conditionText(one, 'Ready') === 'True Running' &&
    conditionText(one, 'Connected')?.startsWith('True') === true;
  const onlyPod = async (): Promise<KubeObject> => {
    const [pod, ...others] = await podsOf('qb', 'app.kubernetes.io/component=s4hana');
    if (pod === undefined || others.length > 0) throw new Error(`There are ${others.length + 1} pods`);
    return pod;
  };

  const isReady = async (instead: KubeObject): Promise<boolean> => {
    const pods = await podsOf('qb', 'app.kubernetes.io/component=s4hana');
    return pods.some(
      (pod) => pod.metadata.uid !== instead.metadata.uid && conditionOf(pod, 'Ready') === 'True',
    );
  };

  it('refuses a Connector that cannot work, asked through its Service with the certificate of the chart', async () => {
    const body = connectorOf('qb', 'wrong', { ...SPEC, streams: [{ name: 'nothing' }] });
    const tryOut = (): Promise<string> =>
      cluster.admin
        .call({ method: 'POST', path: pathOf(CONNECTORS, 'qb'), query: { dryRun: 'All' }, body })
        .then(() => 'accepted', messageOf);
    // A Service leads to its pods a moment after they are ready; until then nobody is asked.
    await eventually(
      'the refusal',
      async () => (await tryOut()).includes('spec.streams[nothing] is no stream of this connector'),
      WITHIN,
    );
  });

  it('runs as a pod under the strictest rules, reaches its system, and comes back when its pod is killed', async () => {
    const { admin } = cluster;
    await create(admin, CONNECTORS, connectorOf('qb', 'erp', SPEC));
    await until('the connector to run and reach S/4HANA', isWell);
    const before = await onlyPod();
    await kill(before);
    await eventually('another pod that is ready', () => isReady(before), WITHIN);
    await until('the connector to be well again', isWell);
    expect((await onlyPod()).metadata.uid).not.toBe(before.metadata.uid);
  });

  it('is looked after again after the pod of the leading operator was killed', async () => {
    const { admin } = cluster;
    const holder = async (): Promise<string> =>
      String((await admin.get(K.lease, 'qb-system', 'quotebridge-operator'))?.spec?.['holderIdentity'] ?? '');
    const first = await eventually('a leader', holder, WITHIN);
    const leader = (await podsOf('qb-system', 'app.kubernetes.io/name=quotebridge-operator')).find(
      ({ metadata }) => first.startsWith(metadata.name),
    );
    if (leader === undefined) throw new Error(`No pod is the leader ${first}`);
    await kill(leader);
    await eventually('another leader', async () => ![first, ''].includes(await holder()), WITHIN);
    await admin.patch(CONNECTORS, 'qb', 'erp', { spec: { state: 'Stopped' } });
    await eventually(
      'the pod to go',
      async () => (await podsOf('qb', 'app.kubernetes.io/component=s4hana')).length === 0,
      WITHIN,
    );
    await admin.patch(CONNECTORS, 'qb', 'erp', { spec: { state: 'Running' } });
    await until('the connector to be well again', isWell);
  });

  it('goes with all that was made for it, and so does the operator', async () => {
    const { admin } = cluster;
    await admin.remove(CONNECTORS, 'qb', 'erp');
    await eventually(
      'the Connector to go',
      async () => (await readConnector(admin, 'qb', 'erp')) === undefined,
      WITHIN,
    );
    for (const kind of [K.deployment, K.service, K.configMap, K.networkPolicy, K.serviceAccount]) {
      await eventually(
        `its ${kind.kind} to go`,
        async () =>
          (
            await admin.list(kind, {
              namespace: 'qb',
              labelSelector: 'app.kubernetes.io/part-of=quotebridge',
            })
          ).items.length === 0,
        WITHIN,
      );
    }
    await cluster.helm('uninstall', 'op', '--namespace', 'qb-system', '--wait');
    await eventually(
      'the pods of the operator to go',
      async () => (await admin.list(K.pod, { namespace: 'qb-system' })).items.length === 0,
      WITHIN,
    );
  });
});
