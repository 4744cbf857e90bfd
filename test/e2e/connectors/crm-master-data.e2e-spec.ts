import { randomUUID } from 'node:crypto';
import { customerComponent, customerSettings } from '@quotebridge/components/customer';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { salesComponent, salesSettings } from '@quotebridge/components/sales';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { salesforce } from '@quotebridge/connectors/salesforce';
import { loadSettings } from '@quotebridge/platform/config';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { EventBus, outcomeSubject } from '@quotebridge/platform/events';
import { startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import { startComponent } from '@quotebridge/tmf/component';
import { startMongo, startNats } from '../support';
import { componentEnv } from './servers';
import { ON_LOOPBACK } from './on-loopback';
import { orgLogin, OrgUser } from './org-user';
import { eventually } from './sandbox-control';

const RUN = randomUUID().slice(0, 8);
const CRM = `crm-${RUN}`;
const ERP = `erp-${RUN}`;
const STREAMS = ['customers', 'accounts', 'contacts', 'prices', 'products'];

describe('master data of the CRM beside those of the ERP', () => {
  const closers: (() => Promise<unknown>)[] = [];
  let bus: EventBus;
  let connector: RunningConnector;
  let user: OrgUser;
  const urls = { catalog: '', customer: '', party: '', views: '', parts: '', sales: '' };

  const get = async (url: string): Promise<{ status: number; body: JsonObject & JsonObject[] }> => {
    const reply = await fetch(url);
    return { status: reply.status, body: (await reply.json()) as JsonObject & JsonObject[] };
  };

  /** Brings a resource as the connector of the ERP does. */
  const erp = async (
    resource: string,
    externalId: string,
    body: JsonObject,
    same: { id?: string; naturalKeys?: JsonObject[] } = {},
  ): Promise<string> => {
    const [run, id] = [randomUUID(), stableId(ERP, resource, externalId)];
    const seen: unknown[] = [];
    const listening = await bus.consume(
      {
        durable: `test-${run}`,
        stream: 'INGEST',
        subjects: [outcomeSubject(run)],
        concurrency: 1,
        maxAttempts: 1,
        backoffMs: [100],
        ackWaitMs: 5_000,
      },
      async (delivery) => void seen.push(delivery.json()),
    );
    const records = [{ externalId, op: 'upsert', id, resource: body }];
    const { naturalKeys = [] } = same;
    const batch = { run, batch: 1, source: ERP, resource, records, naturalKeys };
    await bus.publish(`ingest.${resource}`, batch, { id: run, key: run });
    const [outcome] = await eventually(() => (seen.length > 0 ? seen : undefined));
    const expected = same.id === undefined ? { id, status: 'created' } : { id: same.id, status: 'updated' };
    expect(outcome).toMatchObject({ outcomes: [expected] });
    await listening.stop();
    return id;
  };

  const run = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) {
      const record = await connector.runStream(name);
      expect([name, record.state, record.counts.rejected, record.error]).toEqual([
        name,
        'succeeded',
        0,
        undefined,
      ]);
    }
  };

  beforeAll(async () => {
    // The same customers and products come in other files, so this one has streams of its own.
    const [mongo, nats] = await Promise.all([startMongo(), startNats()]);
    closers.push(
      () => mongo.stop(),
      () => nats.stop(),
    );
    bus = await EventBus.connect({ servers: nats.url, name: 'test' });
    closers.push(() => bus.close());
    const env = componentEnv({ mongodbUri: mongo.uri, natsUrl: nats.url });
    const catalog = await startComponent(
      productCatalog,
      loadSettings(productCatalogSettings, env(`master-catalog-${RUN}`)),
    );
    closers.push(() => catalog.close());
    const customers = await startComponent(
      customerComponent,
      loadSettings(customerSettings, env(`master-customer-${RUN}`)),
    );
    closers.push(() => customers.close());
    const sales = await startComponent(
      salesComponent,
      loadSettings(salesSettings, env(`master-sales-${RUN}`)),
    );
    closers.push(() => sales.close());
    urls.sales = `${sales.addresses['TMF699/v5'] ?? ''}/salesOpportunity`;
    urls.catalog = catalog.addresses['TMF620/v5'] ?? '';
    urls.parts = `${catalog.url}/views/parts`;
    urls.customer = `${customers.addresses['TMF629/v5'] ?? ''}/customer`;
    urls.party = customers.addresses['TMF632/v5'] ?? '';
    urls.views = `${customers.url}/views`;
    const sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1' });
    closers.push(() => sandbox.close());
    user = await OrgUser.signIn(sandbox.url);
    connector = await startConnector({
      definition: salesforce,
      instance: CRM,
      settings: { ...orgLogin(sandbox.url).settings, offeringSource: ERP },
      secrets: orgLogin(sandbox.url).secrets,
      mongodbUri: mongo.uri,
      database: `master-connector-${RUN}`,
      natsUrl: nats.url,
      ...ON_LOOPBACK,
    });
    closers.push(() => connector.stop());
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  it('a customer and a product that the ERP has are one, as the ERP says; what it lacks comes from the CRM', async () => {
    const [account] = await user.query('SELECT Id, AccountNumber FROM Account ORDER BY Id LIMIT 1');
    const number = String(account?.['AccountNumber']);
    const identified = (type: string, id: string): JsonObject[] => [
      { '@type': 'ExternalIdentifier', owner: ERP, externalIdentifierType: type, id },
    ];
    const organization = await erp('organization', number, {
      '@type': 'Organization',
      name: 'As the ERP says',
      externalIdentifier: identified('businessPartner', number),
    });
    const customer = await erp('customer', number, {
      '@type': 'Customer',
      name: 'As the ERP says',
      engagedParty: { '@type': 'PartyRef', '@referredType': 'Organization', id: organization },
      externalIdentifier: identified('customer', number),
    });
    const pump = await erp('productSpecification', 'SP-1001', {
      '@type': 'ProductSpecification',
      name: 'Pump of the ERP',
      productNumber: 'SP-1001',
      lifecycleStatus: 'Launched',
      lastUpdate: '2026-01-01T00:00:00Z',
    });
    await run(...STREAMS);
    const found = await get(`${urls.customer}?externalIdentifier.id=${number}`);
    expect(found.body).toMatchObject([{ id: customer, name: 'As the ERP says' }]);
    expect(found.body).toHaveLength(1);
    expect((await get(urls.customer)).body).toHaveLength(10);
    const contact = await user.query(`SELECT Id FROM Contact WHERE AccountId = '${String(account?.['Id'])}'`);
    const person = stableId(CRM, 'individual', String(contact[0]?.['Id']));
    expect((await get(`${urls.party}/individual/${person}`)).body).toMatchObject({
      relatedParty: [{ role: 'employer', partyOrPartyRole: { id: organization } }],
    });
    const named = (code: string) => get(`${urls.catalog}/productSpecification?productNumber=${code}`);
    expect((await named('SP-1001')).body).toMatchObject([{ id: pump, name: 'Pump of the ERP' }]);
    expect((await named('SP-2001')).body).toMatchObject([
      { id: stableId(ERP, 'productSpecification', 'SP-2001'), lifecycleStatus: 'Launched' },
    ]);
  });

  it('a customer that the CRM has brought is the one that the ERP brings later under the same number', async () => {
    const [, account] = await user.query('SELECT Id, AccountNumber FROM Account ORDER BY Id LIMIT 2');
    const number = String(account?.['AccountNumber']);
    const known = stableId(CRM, 'customer', String(account?.['Id']));
    const externalIdentifierType = 'customer';
    const body = {
      '@type': 'Customer',
      name: 'As the ERP says later',
      engagedParty: {
        '@type': 'PartyRef',
        '@referredType': 'Organization',
        id: stableId(CRM, 'organization', String(account?.['Id'])),
      },
      externalIdentifier: [{ '@type': 'ExternalIdentifier', owner: ERP, externalIdentifierType, id: number }],
    };
    const naturalKeys = [{ externalIdentifierType, owner: ERP }];
    await erp('customer', number, body, { id: known, naturalKeys });
    const found = await get(`${urls.customer}?externalIdentifier.id=${number}`);
    expect(found.body).toMatchObject([{ id: known, name: 'As the ERP says later' }]);
    expect(found.body).toHaveLength(1);
  });

  it('a price book is a price list: it prices a product until it is switched off, and again afterwards', async () => {
    const [entry] = await user.query(
      "SELECT Id, UnitPrice FROM PricebookEntry WHERE Product2.ProductCode = 'SP-1001'",
    );
    const id = String(entry?.['Id']);
    const asked = (list: string) => get(`${urls.parts}/SP-1001/price?priceList=${encodeURIComponent(list)}`);
    expect((await asked('Standard Price Book')).body).toMatchObject({
      net: entry?.['UnitPrice'],
      currency: 'EUR',
    });
    expect((await asked('Another')).status).toBe(404);
    await user.change('PricebookEntry', id, { IsActive: false });
    await run('prices');
    expect((await asked('Standard Price Book')).status).toBe(404);
    await user.change('PricebookEntry', id, { IsActive: true, UnitPrice: 12.34 });
    await run('prices');
    expect((await asked('Standard Price Book')).body).toMatchObject({ net: 12.34 });
  });

  it('accounts stand in their hierarchy; one that is deleted goes, with the customer that it was', async () => {
    const ParentId = await user.create('Account', { Name: 'Holding', BillingCity: 'Bremen' });
    const child = await user.create('Account', { Name: 'Works', ParentId });
    await run('customers', 'accounts');
    const idOf = (account: string): string => stableId(CRM, 'organization', account);
    const tree = await get(`${urls.views}/organizations/${idOf(ParentId)}/hierarchy`);
    expect(JSON.stringify(tree.body)).toContain(idOf(child));
    const customer = stableId(CRM, 'customer', child);
    expect((await get(`${urls.customer}/${customer}`)).body).toMatchObject({
      engagedParty: { id: idOf(child) },
    });
    await user.remove('Account', child);
    await run('customers', 'accounts');
    expect((await get(`${urls.customer}/${customer}`)).status).toBe(404);
    expect((await get(`${urls.party}/organization/${idOf(child)}`)).status).toBe(404);
    expect((await get(`${urls.party}/organization/${idOf(ParentId)}`)).body).toMatchObject({
      name: 'Holding',
    });
  });

  it('an opportunity is one in sales, with its account, until it is won; the quote stream goes its own way', async () => {
    await run('salesOpportunities');
    const [deal] = await user.query(
      "SELECT Id, Name, Amount FROM Opportunity WHERE StageName = 'Qualification'",
    );
    const url = `${urls.sales}/${stableId(CRM, 'salesOpportunity', String(deal?.['Id']))}`;
    const open = (await get(url)).body;
    expect(open).toMatchObject({
      name: deal?.['Name'],
      status: 'inProgress',
      revenueEstimate: [{ amount: { unit: 'EUR', value: deal?.['Amount'] } }],
      relatedParty: [{ role: 'account' }],
    });
    await user.change('Opportunity', String(deal?.['Id']), { StageName: 'Closed Won' });
    await run('salesOpportunities');
    expect((await get(url)).body).toMatchObject({ status: 'accepted', statusChangeReason: 'Closed Won' });
    const lost = await get(`${urls.sales}?status=rejected`);
    expect(lost.body).toMatchObject([{ statusChangeReason: 'Closed Lost' }]);
  });

  it('a product that is not sold any more is retired; nothing is read twice', async () => {
    const code = `CRM-${RUN}`;
    const id = await user.create('Product2', { Name: 'Gasket', ProductCode: code, IsActive: true });
    await run('products');
    await user.change('Product2', id, { IsActive: false });
    await run('products');
    const { body } = await get(`${urls.catalog}/productSpecification?productNumber=${code}`);
    expect(body).toMatchObject([{ name: 'Gasket', lifecycleStatus: 'Retired' }]);
    const again = await connector.runStream('products');
    expect(again.counts).toMatchObject({ created: 0, updated: 0, rejected: 0 });
  });
});
