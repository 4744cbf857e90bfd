import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, stableId, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { CONNECTORS } from '@quotebridge/kubernetes/operator';
import { Clerk } from '../../../apps/standalone/src/clerk';
import { callObject } from '../../../apps/standalone/src/http';
import { Salesperson } from '../../../apps/standalone/src/salesperson';
import { eventually, spansOf, type OtlpBody } from '../../e2e/support';
import {
  CHANGED,
  COMPONENTS,
  conditionText,
  connectorOf,
  create,
  CRM,
  dealFaults,
  EDGES,
  ERP,
  K,
  Kills,
  migratedBy,
  NEXT_VERSION,
  numberOf,
  ORDER,
  PodSuite,
  putSecret,
  readConnector,
  runningVersions,
  seenEdges,
  startNodeCluster,
  startScript,
  startTraffic,
  suiteFaults,
  SUITE_WITHIN,
  trafficFaultsIn,
  VERSION,
  WAY,
  wayToTheErp,
} from '../support';
import type { NodeCluster, ScriptPod } from '../support';

// Images, a cluster, pods that start beside one another on two busy cores.
jest.setTimeout(900_000);

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const IMAGES = [...COMPONENTS, 'operator', 'sandbox', 'connector/erp'];

const DEAL = 'A deal of pods';
const STREAMS = ['productSpecifications', 'productOfferingPrices', 'productOfferings'];

const listOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

describe('the whole suite as pods', () => {
  let cluster: NodeCluster;
  let suite: PodSuite;
  let traces: ScriptPod;
  let client: ScriptPod;
  let stranger: ScriptPod;
  beforeAll(async () => {
    cluster = await startNodeCluster({ next: true });
    suite = new PodSuite(cluster);
    await suite.prepare();
    [traces, client, stranger] = await Promise.all([
      startScript(cluster, 'qb', 'otlp-sink'),
      startScript(cluster, 'clients', 'otlp-sink'),
      startScript(cluster, 'strangers', 'otlp-sink'),
    ]);
  });
  afterAll(() => cluster?.stop());

  const untilReady = (name: string): Promise<boolean> =>
    eventually(
      `the Connector ${name} to run`,
      async () =>
        conditionText(await readConnector(cluster.admin, 'qb', name), 'Ready') === 'True Running' ||
        undefined,
      SUITE_WITHIN,
    );
  /** Runs a stream until a round of it ends well; gives the record of that. */
  const untilRead = (connector: string, stream: string): Promise<JsonObject> =>
    eventually(
      `a round of ${stream} of ${connector} to succeed`,
      async () => {
        const record = await suite.runStream(connector, stream).catch(() => undefined);
        return record?.['state'] === 'succeeded' ? record : undefined;
      },
      SUITE_WITHIN,
    );
  /** Waits until all parts are of that version, the connectors after the operator. */
  const untilVersion = async (version: string): Promise<void> => {
    await eventually(
      `every part to be of the version ${version}`,
      async () => {
        // Two cores are busy with what starts.
        await sleep(500);
        const versions = await runningVersions(suite).catch((): readonly string[] => []);
        return versions.join() === version;
      },
      SUITE_WITHIN,
    );
    for (const name of ['erp', 'crm']) await untilReady(name);
  };
  it('comes up by helm install with its own MongoDB and NATS, no process of it begins twice, and its tests pass', async () => {
    const notes = await suite.put('install');
    expect(notes).toContain('STATUS: deployed');
    expect(await suite.restarts()).toEqual([]);
    expect((await suite.test()).match(/Phase: +Succeeded/g)).toHaveLength(COMPONENTS.length + 1);
    // What helm says at the end, tried as it stands there.
    const [, path = ''] = /curl .*127\.0\.0\.1:8080(\S+)/.exec(notes) ?? [];
    const headers = { 'x-api-key': await suite.secret('quotebridge-keys', 'ADMIN_API_KEY') };
    const answer = await fetch(`${await suite.url('deals-quote', 8080)}${path}`, { headers });
    expect([path, answer.status]).toEqual(['/deals-quote/tmf-api/quoteManagement/v5/quote', 200]);
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
    for (const name of ['erp', 'crm']) await untilReady(name);
  });

  it('lets through what its parts need of one another, and no other connection', async () => {
    const seen = await seenEdges(suite, {
      neighbour: traces.pod,
      client: client.pod,
      stranger: stranger.pod,
    });
    expect(seen).toEqual(EDGES);
    const open = Object.values(seen).flat().length;
    process.stdout.write(`seen: network policies let ${open} connections through and no other\n`);
  });

  it('starts the image of each part alone, and it is ready after seconds', async () => {
    const seconds: Record<string, number> = {};
    for (const part of IMAGES) {
      await suite.replaced(part, await suite.kill(part));
      seconds[part] = await suite.secondsToReady(part);
    }
    const text = Object.entries(seconds).map(([part, count]) => `${part} ${count} s`);
    process.stdout.write(`seen: from the start of a container to ready: ${text.join(', ')}\n`);
    expect(Math.max(...Object.values(seconds))).toBeLessThan(SUITE_WITHIN / 1_000);
  });

  it('carries a deal from the CRM to the ERP and back, once, although one pod of each kind is killed on the way', async () => {
    const kills = new Kills(suite);
    // Master data, while those that take them are killed.
    const nothingRefused = { counts: { rejected: 0 } };
    for (const stream of STREAMS.slice(0, 2))
      expect(await untilRead('erp', stream)).toMatchObject(nothingRefused);
    const masters = ['productOfferings', 'organizations', 'machines'];
    const runs = masters.map((stream) => suite.runStream('erp', stream).catch(() => undefined));
    const keepers = await kills.all('product-catalog', 'customer', 'product-inventory');
    await Promise.all(runs);
    await kills.replaced(keepers);
    for (const stream of masters) expect(await untilRead('erp', stream)).toMatchObject(nothingRefused);

    // The sandbox plays from its beginning when its pod is replaced: before anything was written in it.
    await kills.replaced(await kills.all('sandbox'));
    const salesperson = await Salesperson.signIn(await suite.url('deals-sandbox', 8444));
    const opportunity = await salesperson.createOpportunity(DEAL, [
      { code: 'SP-1001', quantity: 2, discount: 5 },
      { code: 'SC-2002', quantity: 1 },
    ]);

    // On the way from the CRM to a quote.
    const opportunities = ['opportunities', 'salesOpportunities'];
    const cut = opportunities.map((stream) => suite.runStream('crm', stream).catch(() => undefined));
    const takers = await kills.all('connector/crm', 'quote', 'sales');
    await Promise.all(cut);
    await kills.replaced(takers);
    for (const stream of opportunities) await untilRead('crm', stream);
    const headers = { 'x-api-key': await suite.secret('quotebridge-keys', 'ADMIN_API_KEY') };
    const quotes = `${await suite.url('deals-quote', 8080)}/deals-quote/tmf-api/quoteManagement/v5/quote`;
    const quoteUrl = `${quotes}/${stableId('crm', 'quote', opportunity)}`;
    const patch = (body: JsonObject): Promise<JsonObject> =>
      callObject(quoteUrl, {
        method: 'PATCH',
        headers,
        body: { '@type': 'Quote', ...body },
      });
    const priced = await eventually(
      'the quote to be priced',
      async () => {
        const quote = await callObject(quoteUrl, { headers }).catch(() => undefined);
        return listOf(quote?.['quoteTotalPrice']).length > 0 ? quote : undefined;
      },
      SUITE_WITHIN,
    );
    const asked = listOf(priced['authorization']);
    if (asked.length > 0) await patch({ authorization: asked.map((one) => ({ ...one, state: 'approved' })) });
    await patch({ state: 'approved' });
    await patch({ state: 'accepted' });

    // On the way to the ERP and back: everyone who has a part in it, at the same moment.
    const { pod: primary, client } = await suite.primary();
    await client.close();
    const [member, others] = await Promise.all([
      kills.one('mongodb', primary),
      kills.all('nats', 'product-order', 'connector/erp', 'operator', 'gateway'),
    ]);
    await suite.replaced('mongodb', member, 3);
    await kills.replaced(others);
    expect(kills.parts).toEqual([...IMAGES, 'connector/crm', 'mongodb', 'nats'].sort());

    const orders = `${await suite.url('deals-product-order', 8080)}/deals-product-order/tmf-api/productOrderingManagement/v5/productOrder`;
    const ordersOfQuote = async (): Promise<readonly JsonObject[]> =>
      fetch(`${orders}?quote.id=${String(priced['id'])}`, { headers })
        .then((found) => found.json() as Promise<Json>)
        .then(listOf, () => []);
    const order = await eventually(
      'the order to have its number of the ERP',
      async () => (await ordersOfQuote()).find((one) => numberOf(one) !== undefined),
      SUITE_WITHIN,
    );
    await eventually(
      'the opportunity to be won',
      async () => (await salesperson.readOpportunity(opportunity))['StageName'] === 'Closed Won',
      SUITE_WITHIN,
    );
    for (const name of ['erp', 'crm']) await untilReady(name);
    expect(await suiteFaults(suite)).toEqual([]);
    const placed = (): Promise<false | readonly JsonObject[]> =>
      ordersOfQuote().then((found) => found.length > 0 && found);
    expect(await eventually('the orders of the quote', placed, SUITE_WITHIN)).toHaveLength(1);
    const clerk = new Clerk(await suite.url('deals-sandbox', 8443));
    expect(await clerk.ordersFor(String(order['id']))).toHaveLength(1);
    // What the business API gathers from the others: the opportunity from sales, the end of the deal from the orders.
    const business = `${await suite.url('deals-gateway', 8080)}/deals-gateway/api/v2`;
    // Who lost MongoDB or NATS for a moment gets requests again only after its next probe; until then the answer is a 503.
    const ask = (path: string) => callObject(`${business}/${path}`, { headers }).catch(() => undefined);
    const told = (path: string): Promise<JsonObject> => eventually(path, () => ask(path), SUITE_WITHIN);
    expect(await told(`orders/${String(order['id'])}/status`)).toMatchObject({
      status: 'confirmed',
      salesOrder: numberOf(order),
    });
    expect(listOf((await told(`opportunities?name=${encodeURIComponent(DEAL)}`))['items'])).toHaveLength(1);
  });

  it('leads one trace from the call of a client to the answer of the ERP, over pods and NATS', async () => {
    // Who lost MongoDB or NATS for a moment in the test before gets requests again only after its next probe.
    for (const name of COMPONENTS) await suite.url(`deals-${name}`, 8080);
    for (const stream of STREAMS) await untilRead('erp', stream);
    const api = 'deals-product-order/tmf-api/productOrderingManagement/v5/productOrder';
    const order = await callObject(`${await suite.url('deals-product-order', 8080)}/${api}`, {
      method: 'POST',
      headers: {
        'x-api-key': await suite.secret('quotebridge-keys', 'ADMIN_API_KEY'),
        traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
      },
      body: ORDER,
    });
    const clerk = new Clerk(await suite.url('deals-sandbox', 8443));
    await eventually(
      'the order to be in the ERP',
      async () => (await clerk.ordersFor(String(order['id']))).length === 1,
      SUITE_WITHIN,
    );
    await eventually(
      'the way from the client to the answer of the ERP',
      async () => {
        const bodies = (await (await fetch(traces.url)).json()) as OtlpBody[];
        const own = bodies.flatMap(spansOf).filter(({ traceId }) => traceId === TRACE);
        expect(own.every(({ resource }) => resource['k8s.namespace.name'] === 'qb')).toBe(true);
        return wayToTheErp(own).join() === WAY.join();
      },
      SUITE_WITHIN,
    );
  });

  it('is upgraded to the next version and rolled back under traffic without a request that fails or an event or order that is lost or doubled', async () => {
    expect(await runningVersions(suite)).toEqual([VERSION]);
    const servers = await suite.started('mongodb', 'nats', 'sandbox');
    const traffic = await startTraffic(cluster, suite, CHANGED);
    await suite.putNext();
    await untilVersion(NEXT_VERSION);
    // The new index is there, and what was stored before has got the new form beside the requests.
    const { categories, ...migrated } = await migratedBy(suite);
    expect(migrated).toEqual({ name: 'search-names', isIndexed: true });
    expect(categories).toBeGreaterThan(10);
    await suite.rollback(1);
    await untilVersion(VERSION);
    const report = await traffic.stop();
    expect(report.failed).toEqual([]);
    expect(report.sent).toBeGreaterThan(200);
    expect(report.accepted.length).toBeGreaterThan(3);
    const count = `${report.sent} requests, ${report.accepted.length} accepted quotes`;
    process.stdout.write(`seen: ${count} during an upgrade and its rollback\n`);

    // Nothing of them has changed.
    expect(await suite.started('mongodb', 'nats', 'sandbox')).toEqual(servers);
    const clerk = new Clerk(await suite.url('deals-sandbox', 8443));
    expect(await dealFaults(suite, clerk, report)).toEqual([]);
    expect(await suiteFaults(suite)).toEqual([]);
    expect(await trafficFaultsIn(suite, report.acknowledged)).toEqual([]);
  });

  it('gets a second pod of a component that is busy, by the use of CPU that the metrics API tells', async () => {
    const { admin } = cluster;
    const used = async (): Promise<readonly string[]> => {
      const answer = await admin.call<{ items: readonly KubeObject[] }>({
        method: 'GET',
        path: '/apis/metrics.k8s.io/v1beta1/namespaces/qb/pods',
      });
      return answer.items.map(({ metadata }) => metadata.name);
    };
    const [pod] = await suite.pods('product-catalog');
    await eventually(
      'the use of CPU of the pod of the catalog',
      async () => (await used().catch((): readonly string[] => [])).includes(pod?.metadata.name ?? ''),
      SUITE_WITHIN,
    );
    const scaled = { enabled: true, minReplicas: 1, maxReplicas: 2, cpuUtilization: 30 };
    await suite.put('upgrade', '--set-json', `product-catalog.autoscaling=${JSON.stringify(scaled)}`);
    const traffic = await startTraffic(cluster, suite, ['category']);
    await eventually(
      'a second pod of the catalog to be ready',
      async () => (await suite.readyPods('product-catalog')).length === 2,
      SUITE_WITHIN,
    );
    expect((await traffic.stop()).failed).toEqual([]);
  });

  it('goes without a trace but the keys', async () => {
    const { admin } = cluster;
    for (const name of ['erp', 'crm']) await admin.remove(CONNECTORS, 'qb', name);
    await eventually(
      'the Connectors to go',
      async () => (await admin.list(CONNECTORS, { namespace: 'qb' })).items.length === 0,
      SUITE_WITHIN,
    );
    await suite.uninstall();
    await Promise.all([traces, client, stranger].map((pod) => pod.stop()));
    await eventually(
      'the pods to go',
      async () => (await admin.list(K.pod, { namespace: 'qb' })).items.length === 0,
      SUITE_WITHIN,
    );
    const secrets = (await admin.list(K.secret, { namespace: 'qb' })).items.map(
      ({ metadata }) => metadata.name,
    );
    expect(secrets.sort()).toEqual(['crm-login', 'erp-login', 'quotebridge-keys']);
  });
});
