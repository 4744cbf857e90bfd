import { randomUUID } from 'node:crypto';
import { customerComponent, customerSettings } from '@quotebridge/components/customer';
import { gatewayComponent, gatewaySettings } from '@quotebridge/components/gateway';
import { salesComponent, salesSettings } from '@quotebridge/components/sales';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { salesforce } from '@quotebridge/connectors/salesforce';
import { consumerOf } from '@quotebridge/connectors/sdk';
import { loadSettings } from '@quotebridge/platform/config';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { EventBus, TMF_EVENTS } from '@quotebridge/platform/events';
import { Store } from '@quotebridge/platform/store';
import { startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import { startComponent } from '@quotebridge/tmf/component';
import { ON_LOOPBACK } from './on-loopback';
import { orgLogin, OrgUser } from './org-user';
import { control, eventually } from './sandbox-control';
import { componentEnv, startServers, type Servers } from './servers';

const RUN = randomUUID().slice(0, 8);
const INSTANCE = `sales-${RUN}`;
const PATH = '/tmf-api/salesManagement/v5/salesOpportunity';

describe('sales opportunities and opportunities of the CRM in step', () => {
  const closers: (() => Promise<unknown>)[] = [];
  let servers: Servers;
  let connector: RunningConnector;
  let store: Store;
  let bus: EventBus;
  let org: ReturnType<typeof control>;
  let user: OrgUser;
  const urls = { sales: '', gateway: '' };

  beforeAll(async () => {
    servers = await startServers();
    closers.push(() => servers.stop());
    const env = componentEnv(servers);
    const customers = await startComponent(
      customerComponent,
      loadSettings(customerSettings, env(`sales-customer-${RUN}`)),
    );
    closers.push(() => customers.close());
    const sales = await startComponent(salesComponent, loadSettings(salesSettings, env(`sales-${RUN}`)));
    closers.push(() => sales.close());
    urls.sales = sales.url;
    const nobody = 'http://127.0.0.1:9';
    const gateway = await startComponent(
      gatewayComponent,
      loadSettings(
        gatewaySettings,
        env(`sales-gateway-${RUN}`, {
          SALES_URL: sales.url,
          ORDER_URL: nobody,
          CATALOG_URL: nobody,
          INVENTORY_URL: nobody,
          CUSTOMER_URL: nobody,
        }),
      ),
    );
    closers.push(() => gateway.close());
    urls.gateway = gateway.url;
    store = await Store.connect({ uri: servers.mongodbUri, database: `sales-${RUN}`, appName: 'test' });
    closers.push(() => store.close());
    bus = await EventBus.connect({ servers: servers.natsUrl, name: 'test' });
    closers.push(() => bus.close());
    const sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1' });
    closers.push(() => sandbox.close());
    org = control(sandbox.url);
    user = await OrgUser.signIn(sandbox.url);
    connector = await startConnector({
      definition: salesforce,
      instance: INSTANCE,
      settings: {
        ...orgLogin(sandbox.url).settings,
        offeringSource: 's4hana',
        fields: { quoteId: 'QuoteBridge_Quote_Id__c' },
        salesOwners: {
          name: 'quotebridge',
          amount: 'quotebridge',
          account: 'quotebridge',
          quote: 'quotebridge',
        },
      },
      secrets: orgLogin(sandbox.url).secrets,
      mongodbUri: servers.mongodbUri,
      database: `sales-connector-${RUN}`,
      natsUrl: servers.natsUrl,
      ...ON_LOOPBACK,
    });
    closers.push(() => connector.stop());
    for (const stream of ['accounts', 'salesOpportunities']) await run(stream);
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  const run = async (stream = 'salesOpportunities'): Promise<void> => {
    expect(await connector.runStream(stream)).toMatchObject({ state: 'succeeded', counts: { rejected: 0 } });
  };
  const call = async (url: string, method = 'GET', body?: object): Promise<JsonObject> => {
    const reply = await fetch(url, {
      method,
      headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${text}`);
    return JSON.parse(text) as JsonObject;
  };
  const salesId = (id: string): string => stableId(INSTANCE, 'salesOpportunity', id);
  const salesOf = (id: string): Promise<JsonObject> => call(`${urls.sales}${PATH}/${salesId(id)}`);
  const patch = (id: string, body: object): Promise<JsonObject> =>
    call(`${urls.sales}${PATH}/${salesId(id)}`, 'PATCH', { '@type': 'SalesOpportunity', ...body });
  /** The business API takes JSON. */
  const change = async (id: string, body: object): Promise<JsonObject> => {
    const reply = await fetch(`${urls.gateway}/api/opportunities/${salesId(id)}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { ...((await reply.json()) as JsonObject), httpStatus: reply.status };
  };
  const read = async (id: string): Promise<JsonObject> =>
    (await org.table('Opportunity')).find((row) => row['Id'] === id) ?? {};
  const shows = (id: string, fields: JsonObject): Promise<JsonObject> =>
    eventually(async () => {
      const row = await read(id);
      return Object.entries(fields).every(([name, value]) => row[name] === value) ? row : undefined;
    });
  const writes = async (): Promise<number> =>
    (await org.requests()).filter(({ method, url }) => method === 'POST' && url.endsWith('/composite'))
      .length;
  /** No event of sales is on its way any more. */
  const told = (): Promise<true> =>
    eventually(async () => {
      const waits = await store
        .collection('salesOpportunity')
        .countDocuments({ '_outbox.0': { $exists: true } });
      const lag = await bus.lag(TMF_EVENTS, consumerOf(INSTANCE, 'updateSalesOpportunity'));
      return waits + lag.waiting + lag.inWork === 0 || undefined;
    });
  const opportunity = async (more: JsonObject = {}): Promise<string> => {
    const [account] = await user.query('SELECT Id FROM Account ORDER BY Id LIMIT 1');
    const id = await user.create('Opportunity', {
      Name: `Deal ${randomUUID()}`,
      AccountId: account?.['Id'],
      StageName: 'Qualification',
      CloseDate: '2027-01-31',
      Amount: 1000,
      ...more,
    });
    await run();
    await told();
    return id;
  };

  it('what is owned here goes to the CRM, what the CRM owns does not, and the echo has no effect', async () => {
    const id = await opportunity();
    const [, account] = await user.query('SELECT Id FROM Account ORDER BY Id LIMIT 2');
    const party = { '@type': 'PartyRef', '@referredType': 'Organization' };
    const before = await writes();
    await patch(id, {
      name: 'Two presses',
      description: 'Only here',
      revenueEstimate: [{ '@type': 'RevenueEstimate', amount: { unit: 'EUR', value: 2500.5 } }],
      relatedParty: [
        {
          '@type': 'RelatedPartyRefOrPartyRoleRef',
          role: 'account',
          partyOrPartyRole: { ...party, id: stableId(INSTANCE, 'organization', String(account?.['Id'])) },
        },
      ],
    });
    const row = await shows(id, { Name: 'Two presses', Amount: 2500.5, AccountId: String(account?.['Id']) });
    expect(row['Description'] ?? null).toBeNull();
    await told();
    const here = await salesOf(id);
    for (let round = 0; round < 3; round += 1) await run();
    await told();
    // What the CRM owns is as the CRM says, once the opportunity has changed there.
    expect({ ...(await salesOf(id)), description: 'Only here' }).toEqual(here);
    expect(await writes()).toBe(before + 1);
  });

  it('a conflict goes to the owner: ours is put back in the CRM, theirs is taken', async () => {
    const id = await opportunity();
    await patch(id, { name: 'Our name', description: 'Our words' });
    await shows(id, { Name: 'Our name' });
    await told();
    await user.change('Opportunity', id, { Name: 'Their name', Description: 'Their words' });
    await run();
    await shows(id, { Name: 'Our name', Description: 'Their words' });
    await told();
    expect(await salesOf(id)).toMatchObject({ name: 'Our name', description: 'Their words' });
    const settled = await writes();
    await run();
    await told();
    expect(await writes()).toBe(settled);
  });

  it.each([
    ['won', 'Closed Won', 'accepted'],
    ['lost', 'Closed Lost', 'rejected'],
  ])('an opportunity that is %s over the business API is so in the CRM', async (stage, name, status) => {
    const id = await opportunity();
    expect(await change(id, { stage })).toMatchObject({ httpStatus: 200, stage, outcome: stage });
    await shows(id, { StageName: name });
    await run();
    await told();
    expect(await salesOf(id)).toMatchObject({ status });
    expect(
      (await (await fetch(`${connector.url}/quarantine?stream=salesOpportunities`)).json()) as [],
    ).toEqual([]);
  });

  it('what was won in the CRM is won here', async () => {
    const id = await opportunity();
    await user.change('Opportunity', id, { StageName: 'Closed Won' });
    await run();
    await told();
    expect(await salesOf(id)).toMatchObject({ status: 'accepted' });
    expect(await read(id)).toMatchObject({ StageName: 'Closed Won' });
  });

  it('a quote that is linked over the business API is linked in the CRM, and does not keep the opportunity from being won', async () => {
    const id = await opportunity();
    const [first, second] = [randomUUID(), randomUUID()];
    for (const quote of [first, second]) {
      expect(await change(id, { quote: { id: quote } })).toMatchObject({
        httpStatus: 200,
        quote: { id: quote },
      });
      await shows(id, { QuoteBridge_Quote_Id__c: quote });
    }
    await run();
    await told();
    expect((await salesOf(id))['quote']).toMatchObject([{ id: second }]);
    expect(await change(id, { stage: 'won' })).toMatchObject({ httpStatus: 200 });
    await shows(id, { StageName: 'Closed Won', QuoteBridge_Quote_Id__c: second });
  });

  // The last one: an opportunity that is lost here and open there stays in the quarantine.
  it('while a quote decides, neither stage nor amount is written', async () => {
    const id = await opportunity();
    await user.change('Opportunity', id, { QuoteBridge_Quote_Id__c: stableId(INSTANCE, 'quote', id) });
    await run();
    await told();
    await patch(id, {
      name: 'Quoted',
      revenueEstimate: [{ '@type': 'RevenueEstimate', amount: { unit: 'EUR', value: 7 } }],
    });
    expect(await change(id, { stage: 'lost' })).toMatchObject({ httpStatus: 200 });
    await shows(id, { Name: 'Quoted' });
    await told();
    expect(await read(id)).toMatchObject({ StageName: 'Qualification', Amount: 1000 });
  });
});
