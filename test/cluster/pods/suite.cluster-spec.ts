import { isJsonObject, stableId, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { CONNECTORS } from '@quotebridge/kubernetes/operator';
import { Clerk } from '../../../apps/standalone/src/clerk';
import { callObject } from '../../../apps/standalone/src/http';
import { Salesperson } from '../../../apps/standalone/src/salesperson';
import { eventually } from '../../e2e/support';
import {
  conditionText,
  connectorOf,
  create,
  K,
  putSecret,
  readConnector,
  startNodeCluster,
} from '../support';
import type { NodeCluster } from '../support';

const WITHIN = 240_000;
// Images, a cluster, pods that start beside one another on two busy cores.
jest.setTimeout(900_000);

// The deal needs the catalog, quotes and orders; one pod of each is enough, and two cores have to carry them.
const VALUES = [
  ...['--set-string', 'mongodb.image.repository=localhost/mongod,mongodb.image.tag=6'],
  ...['--set-string', 'nats.image.repository=localhost/nats,nats.image.tag=2'],
  ...['--set', 'mongodb.members=1,sandbox.enabled=true'],
  ...[
    '--set',
    'product-inventory.enabled=false,customer.enabled=false,sales.enabled=false,gateway.enabled=false',
  ],
];

const sandboxEgress = (port: number): JsonObject => ({ egress: [{ cidr: '10.0.0.0/8', ports: [port] }] });
const ERP: JsonObject = {
  type: 's4hana',
  s4hana: {
    baseUrl: 'http://deals-sandbox:8443',
    auth: { kind: 'basic', user: 'QUOTEBRIDGE' },
    salesOrganization: '1710',
    distributionChannel: '10',
  },
  credentialsSecretRef: { name: 'erp-login' },
  network: sandboxEgress(8443),
};
const CRM: JsonObject = {
  type: 'salesforce',
  salesforce: { instanceUrl: 'http://deals-sandbox:8444', clientId: 'quotebridge', offeringSource: 'erp' },
  credentialsSecretRef: { name: 'crm-login' },
  network: sandboxEgress(8444),
};

const listOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];
const numberOf = (order: JsonObject): string | undefined => {
  const found = listOf(order['externalId']).find((one) => one['externalIdentifierType'] === 'salesOrder');
  return typeof found?.['id'] === 'string' ? found['id'] : undefined;
};

describe('the whole suite as pods', () => {
  let cluster: NodeCluster;
  beforeAll(async () => {
    cluster = await startNodeCluster();
    await cluster.admin.create(K.namespace, undefined, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'qb', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
  });
  afterAll(() => cluster?.stop());

  const secret = async (name: string, key: string): Promise<string> => {
    const data: unknown = Reflect.get((await cluster.admin.get(K.secret, 'qb', name)) ?? {}, 'data');
    const text: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, key) : undefined;
    return Buffer.from(String(text), 'base64').toString('utf8');
  };
  const reach = async (service: string, port: number): Promise<string> =>
    `http://127.0.0.1:${await cluster.reach(`${service}.qb.svc.cluster.local:${port}`)}`;
  const runStream = async (connector: string, stream: string): Promise<JsonObject> => {
    const token = await secret('quotebridge-platform', 'ADMIN_TOKEN');
    return callObject(`${await reach(`${connector}-connector`, 8090)}/streams/${stream}/run`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: { wait: true },
    });
  };
  const killPod = async (label: string): Promise<void> => {
    const { items } = await cluster.admin.list(K.pod, { namespace: 'qb', labelSelector: label });
    const kill = ({ metadata }: KubeObject): Promise<unknown> =>
      cluster.admin.call({
        method: 'DELETE',
        path: `/api/v1/namespaces/qb/pods/${metadata.name}`,
        body: { gracePeriodSeconds: 0 },
      });
    expect(items.length).toBeGreaterThan(0);
    await Promise.all(items.map(kill));
  };

  it('comes up by helm install with its own MongoDB and NATS, and its tests pass', () => {
    const told = cluster.helm(
      ...[
        'install',
        'deals',
        'charts/quotebridge',
        '--namespace',
        'qb',
        ...VALUES,
        '--wait',
        '--timeout',
        '8m',
      ],
    );
    expect(told).toContain('STATUS: deployed');
    const tested = cluster.helm('test', 'deals', '--namespace', 'qb', '--timeout', '4m');
    expect(tested.match(/Phase: +Succeeded/g)).toHaveLength(4);
  });

  it('runs Connectors that are applied to it', async () => {
    const { admin } = cluster;
    // Streams run when this test says so.
    const data = { STREAM_SCHEDULE: Buffer.from('event').toString('base64') };
    await admin.patch(K.secret, 'qb', 'quotebridge-platform', { data });
    await putSecret(admin, 'qb', 'erp-login', { password: 's4-sandbox-password' });
    await putSecret(admin, 'qb', 'crm-login', { clientSecret: 'salesforce-sandbox-secret' });
    await create(admin, CONNECTORS, connectorOf('qb', 'erp', ERP));
    await create(admin, CONNECTORS, connectorOf('qb', 'crm', CRM));
    for (const name of ['erp', 'crm']) {
      const isWell = async (): Promise<boolean> => {
        const connector = await readConnector(admin, 'qb', name);
        return connector !== undefined && conditionText(connector, 'Ready') === 'True Running';
      };
      await eventually(`the Connector ${name} to run`, isWell, WITHIN);
    }
  });

  it('carries a deal from the CRM to the ERP and back, once, although pods are killed on the way', async () => {
    for (const stream of ['productSpecifications', 'productOfferingPrices', 'productOfferings'])
      expect(await runStream('erp', stream)).toMatchObject({ state: 'succeeded', counts: { rejected: 0 } });

    const salesperson = await Salesperson.signIn(await reach('deals-sandbox', 8444));
    const opportunity = await salesperson.createOpportunity('A deal of pods', [
      { code: 'SP-1001', quantity: 2, discount: 5 },
      { code: 'SC-2002', quantity: 1 },
    ]);
    await runStream('crm', 'opportunities');
    const headers = { 'x-api-key': await secret('quotebridge-keys', 'ADMIN_API_KEY') };
    const quotes = `${await reach('deals-quote', 8080)}/deals-quote/tmf-api/quoteManagement/v5/quote`;
    const quoteUrl = `${quotes}/${stableId('crm', 'quote', opportunity)}`;
    const read = (url: string): Promise<JsonObject | undefined> =>
      callObject(url, { headers }).catch(() => undefined);
    const patch = (body: JsonObject): Promise<JsonObject> =>
      callObject(quoteUrl, { method: 'PATCH', headers, body: { '@type': 'Quote', ...body } });
    const priced = await eventually(
      'the quote to be priced',
      async () => {
        const quote = await read(quoteUrl);
        return listOf(quote?.['quoteTotalPrice']).length > 0 ? quote : undefined;
      },
      WITHIN,
    );
    const asked = listOf(priced['authorization']);
    if (asked.length > 0) await patch({ authorization: asked.map((one) => ({ ...one, state: 'approved' })) });
    await patch({ state: 'approved' });
    await patch({ state: 'accepted' });
    await Promise.all([
      killPod('app.kubernetes.io/name=quotebridge-product-order'),
      killPod('app.kubernetes.io/name=quotebridge-connector,app.kubernetes.io/instance=erp'),
    ]);

    const orders = `${await reach('deals-product-order', 8080)}/deals-product-order/tmf-api/productOrderingManagement/v5/productOrder`;
    const order = await eventually(
      'the order to have its number of the ERP',
      async () => {
        const answer = await fetch(`${orders}?quote.id=${String(priced['id'])}`, { headers })
          .then((found) => found.json() as Promise<Json>)
          .catch(() => undefined);
        const [found] = listOf(answer);
        return found !== undefined && numberOf(found) !== undefined ? found : undefined;
      },
      WITHIN,
    );
    const clerk = new Clerk(await reach('deals-sandbox', 8443));
    expect(await clerk.ordersFor(String(order['id']))).toHaveLength(1);
    await eventually(
      'the opportunity to be won',
      async () => (await salesperson.readOpportunity(opportunity))['StageName'] === 'Closed Won',
      WITHIN,
    );
  });

  it('goes without a trace but the keys', async () => {
    const { admin } = cluster;
    for (const name of ['erp', 'crm']) await admin.remove(CONNECTORS, 'qb', name);
    await eventually(
      'the Connectors to go',
      async () => (await admin.list(CONNECTORS, { namespace: 'qb' })).items.length === 0,
      WITHIN,
    );
    cluster.helm('uninstall', 'deals', '--namespace', 'qb', '--wait');
    await eventually(
      'the pods to go',
      async () => (await admin.list(K.pod, { namespace: 'qb' })).items.length === 0,
      WITHIN,
    );
    const secrets = (await admin.list(K.secret, { namespace: 'qb' })).items.map(
      ({ metadata }) => metadata.name,
    );
    expect(secrets.sort()).toEqual(['crm-login', 'erp-login', 'quotebridge-keys']);
  });
});
