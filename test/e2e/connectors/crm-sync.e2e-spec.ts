import { randomUUID } from 'node:crypto';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
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
const INSTANCE = `sf-${RUN}`;
const CODES = ['SP-1001', 'SP-2001', 'SP-2101'];
const offeringOf = (code: string): string => stableId('s4hana', 'productOffering', code);

describe('quotes and opportunities in step', () => {
  const closers: (() => Promise<unknown>)[] = [];
  let servers: Servers;
  let quotes: string;
  let connector: RunningConnector;
  let org: ReturnType<typeof control>;
  let user: OrgUser;
  let store: Store;
  let bus: EventBus;

  const json = async (url: string, method = 'GET', body?: object): Promise<JsonObject> => {
    const reply = await fetch(url, {
      method,
      headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${text}`);
    return JSON.parse(text) as JsonObject;
  };

  beforeAll(async () => {
    servers = await startServers();
    closers.push(() => servers.stop());
    const env = componentEnv(servers);
    const catalog = await startComponent(
      productCatalog,
      loadSettings(productCatalogSettings, env(`sync-catalog-${RUN}`)),
    );
    closers.push(() => catalog.close());
    const catalogUrl = catalog.addresses['TMF620/v5'] ?? '';
    for (const [index, code] of CODES.entries()) {
      const base = { lastUpdate: '2026-01-01T00:00:00Z', lifecycleStatus: 'Active' };
      const spec = await json(`${catalogUrl}/productSpecification`, 'POST', {
        '@type': 'ProductSpecification',
        name: code,
        ...base,
      });
      const price = await json(`${catalogUrl}/productOfferingPrice`, 'POST', {
        '@type': 'ProductOfferingPrice',
        name: code,
        priceType: 'oneTime',
        price: { unit: 'EUR', value: 100 + index },
        ...base,
      });
      const url = `${catalogUrl}/productOffering`;
      const id = offeringOf(code);
      await json(url, 'POST', {
        '@type': 'ProductOffering',
        id,
        name: code,
        productSpecification: { '@type': 'ProductSpecificationRef', id: spec['id'] },
        productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: price['id'] }],
        ...base,
        lifecycleStatus: 'In Study',
      });
      for (const lifecycleStatus of ['In Design', 'In Test', 'Active', 'Launched'])
        await json(`${url}/${id}`, 'PATCH', { '@type': 'ProductOffering', lifecycleStatus });
    }
    const quote = await startComponent(
      quoteComponent,
      loadSettings(
        quoteSettings,
        env(`sync-quote-${RUN}`, {
          CATALOG_URL: catalogUrl,
          DISCOUNT_THRESHOLDS: '',
          EXPIRY_STATES: 'approved:rejected',
          EXPIRY_INTERVAL: '100ms',
        }),
      ),
    );
    closers.push(() => quote.close());
    quotes = `${quote.addresses['TMF648/v5'] ?? ''}/quote`;
    store = await Store.connect({
      uri: servers.mongodbUri,
      database: `sync-quote-${RUN}`,
      appName: 'test',
    });
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
        stages: ['Proposal/Price Quote'],
        fields: { quoteId: 'QuoteBridge_Quote_Id__c', quoteState: 'QuoteBridge_Quote_State__c' },
        owners: { quantity: 'quotebridge', lines: 'quotebridge' },
        lineItemField: 'QuoteBridge_Item__c',
      },
      secrets: orgLogin(sandbox.url).secrets,
      mongodbUri: servers.mongodbUri,
      database: `sync-connector-${RUN}`,
      natsUrl: servers.natsUrl,
      ...ON_LOOPBACK,
    });
    closers.push(() => connector.stop());
    await connector.runStream('opportunities');
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  const read = async (id: string): Promise<JsonObject> => {
    const found = (await org.table('Opportunity')).find((row) => row['Id'] === id);
    if (found === undefined) throw new Error(`there is no opportunity ${id}`);
    return found;
  };
  const linesOf = async (id: string): Promise<JsonObject[]> =>
    (await org.table('OpportunityLineItem')).filter(
      (row) => row['OpportunityId'] === id && row['IsDeleted'] !== true,
    );
  const quoteUrl = (id: string): string => `${quotes}/${stableId(INSTANCE, 'quote', id)}`;
  const quoteOf = (id: string): Promise<JsonObject> => json(quoteUrl(id));
  const patch = (id: string, body: object): Promise<JsonObject> =>
    json(quoteUrl(id), 'PATCH', { '@type': 'Quote', ...body });
  const itemsOf = (quote: JsonObject): JsonObject[] => quote['quoteItem'] as JsonObject[];
  const writes = async (): Promise<number> =>
    (await org.requests()).filter(({ method, url }) => method === 'POST' && url.endsWith('/composite'))
      .length;
  const run = async (): Promise<void> => {
    expect(await connector.runStream('opportunities')).toMatchObject({ state: 'succeeded' });
  };

  const opportunity = async (stage: string, lines: readonly [string, number][]): Promise<string> => {
    const [account] = await user.query('SELECT Id FROM Account WHERE AccountNumber != null LIMIT 1');
    const [book] = await user.query('SELECT Id FROM Pricebook2 LIMIT 1');
    const id = await user.create('Opportunity', {
      Name: `Deal ${randomUUID()}`,
      AccountId: account?.['Id'],
      Pricebook2Id: book?.['Id'],
      StageName: stage,
      CloseDate: '2027-01-31',
    });
    for (const [code, quantity] of lines) {
      const [entry] = await user.query(
        `SELECT Id FROM PricebookEntry WHERE Product2.ProductCode = '${code}' LIMIT 1`,
      );
      await user.create('OpportunityLineItem', {
        OpportunityId: id,
        PricebookEntryId: entry?.['Id'],
        Quantity: quantity,
      });
    }
    return id;
  };
  /** Linked both ways, with the amount of the quote. */
  const inStep = (id: string, amount: number, more: JsonObject = {}): Promise<JsonObject> =>
    eventually(async () => {
      const row = await read(id);
      const fits = Object.entries(more).every(([name, value]) => row[name] === value);
      return fits && row['Amount'] === amount && row['QuoteBridge_Quote_Id__c'] !== null ? row : undefined;
    });
  /** No event of a quote is on its way any more: one change may have several, and each puts back what it finds. */
  const told = (): Promise<true> =>
    eventually(async () => {
      if ((await store.collection('quote').countDocuments({ '_outbox.0': { $exists: true } })) > 0)
        return undefined;
      const { waiting, inWork } = await bus.lag(TMF_EVENTS, consumerOf(INSTANCE, 'updateOpportunity'));
      return waiting + inWork === 0 || undefined;
    });
  const taken = async (lines: readonly [string, number][], amount: number): Promise<string> => {
    const id = await opportunity('Proposal/Price Quote', lines);
    await run();
    await inStep(id, amount);
    return id;
  };

  it('an opportunity becomes a quote when it reaches the stage, and both know one another', async () => {
    const id = await opportunity('Qualification', [['SP-1001', 2]]);
    await run();
    expect((await fetch(quoteUrl(id))).status).toBe(404);
    await user.change('Opportunity', id, { StageName: 'Proposal/Price Quote' });
    await run();
    const row = await inStep(id, 200, { QuoteBridge_Quote_State__c: 'inProgress' });
    const quote = await quoteOf(id);
    expect(row['QuoteBridge_Quote_Id__c']).toBe(quote['id']);
    expect(quote['externalId']).toMatchObject([{ owner: INSTANCE, id }]);
  });

  it('each field follows its owner, and our own writes come back without an effect', async () => {
    const id = await taken([['SP-1001', 2]], 200);
    const [line] = await linesOf(id);
    const name = `Renamed ${randomUUID()}`;
    await user.change('Opportunity', id, { Name: name });
    await user.change('OpportunityLineItem', String(line?.['Id']), { Quantity: 5 });
    const before = await writes();
    await run();
    expect(await quoteOf(id)).toMatchObject({ description: name, quoteItem: [{ quantity: 2 }] });
    await inStep(id, 200, { Name: name });
    expect((await linesOf(id))[0]).toMatchObject({ Quantity: 2, TotalPrice: 200 });
    // Neither a repetition nor the echo of what was put back is another write, or a change of the quote.
    const settled = await quoteOf(id);
    for (let round = 0; round < 3; round += 1) await run();
    expect(await writes()).toBe(before + 1);
    expect(await quoteOf(id)).toEqual(settled);
  });

  it('lines follow the items of the quote: one is made, one goes, in one request each', async () => {
    const id = await taken(
      [
        ['SP-1001', 1],
        ['SP-2001', 1],
      ],
      201,
    );
    const [first] = itemsOf(await quoteOf(id));
    const added = {
      '@type': 'QuoteItem',
      id: 'extra',
      action: 'add',
      quantity: 3,
      productOffering: { '@type': 'ProductOfferingRef', id: offeringOf('SP-2101') },
    };
    const before = await writes();
    await patch(id, { quoteItem: [first, added] });
    await inStep(id, 406);
    const lines = await linesOf(id);
    expect(lines.map((one) => [one['ProductCode'], one['Quantity'], one['TotalPrice']])).toEqual([
      ['SP-1001', 1, 100],
      ['SP-2101', 3, 306],
    ]);
    expect(await writes()).toBe(before + 1);
    // The new line comes back as the item that it was made for.
    await run();
    expect(itemsOf(await quoteOf(id)).map((item) => item['id'])).toEqual([first?.['id'], 'extra']);
    expect(await writes()).toBe(before + 1);
  });

  it.each([
    ['lost', (id: string) => user.change('Opportunity', id, { StageName: 'Closed Lost' }), /is Closed Lost/],
    ['deleted', (id: string) => user.remove('Opportunity', id), /was deleted/],
  ])('the quote of an opportunity that is %s is cancelled, with the reason', async (_name, end, reason) => {
    const id = await taken([['SP-1001', 1]], 100);
    await end(id);
    await run();
    const quote = await quoteOf(id);
    expect(quote['state']).toBe('cancelled');
    expect(quote['stateReason']).toMatch(reason);
    expect((await (await fetch(`${connector.url}/quarantine?stream=opportunities`)).json()) as []).toEqual(
      [],
    );
  });

  it('a quote that expires closes the opportunity as lost', async () => {
    const id = await taken([['SP-1001', 1]], 100);
    await patch(id, { state: 'approved' });
    const _id = stableId(INSTANCE, 'quote', id);
    const past = (ms: number): string => new Date(Date.now() - ms).toISOString();
    const validFor = { startDateTime: past(2_000), endDateTime: past(1_000) };
    const found = await store
      .collection<{ _id: string }>('quote')
      .updateOne({ _id }, { $set: { validFor: { '@type': 'TimePeriod', ...validFor } } });
    expect(found.matchedCount).toBe(1);
    await inStep(id, 100, { StageName: 'Closed Lost', QuoteBridge_Quote_State__c: 'rejected' });
    expect(await quoteOf(id)).toMatchObject({ state: 'rejected', stateReason: 'expired' });
    await run();
    expect(await quoteOf(id)).toMatchObject({ state: 'rejected', stateReason: 'expired' });
  });

  it('an opportunity that its quote lost, and somebody opens and loses again between two runs, ends the quote', async () => {
    const id = await taken([['SP-1001', 1]], 100);
    await patch(id, { state: 'approved' });
    await patch(id, { state: 'rejected' });
    await inStep(id, 100, { StageName: 'Closed Lost' });
    await patch(id, { state: 'inProgress', version: '2' });
    await inStep(id, 100, { QuoteBridge_Quote_State__c: 'inProgress' });
    await told();
    await run();
    expect(await quoteOf(id)).toMatchObject({ state: 'inProgress' });
    await user.change('Opportunity', id, { StageName: 'Negotiation/Review' });
    await user.change('Opportunity', id, { StageName: 'Closed Lost' });
    await run();
    expect(await quoteOf(id)).toMatchObject({ state: 'cancelled' });
  });

  it('an accepted quote wins the opportunity; losing it afterwards is refused, shown and put back', async () => {
    const id = await taken([['SP-1001', 1]], 100);
    await patch(id, { state: 'approved' });
    await patch(id, { state: 'accepted' });
    await inStep(id, 100, { StageName: 'Closed Won', QuoteBridge_Quote_State__c: 'accepted' });
    await told();
    await user.change('Opportunity', id, { StageName: 'Closed Lost' });
    const lost = await connector.runStream('opportunities');
    expect(lost).toMatchObject({ state: 'succeeded', counts: { rejected: 1 } });
    expect(JSON.stringify(lost['named'])).toContain("'accepted' is final");
    expect(await read(id)).toMatchObject({ StageName: 'Closed Won' });
    await run();
    expect(await quoteOf(id)).toMatchObject({ state: 'accepted' });
    expect((await (await fetch(`${connector.url}/quarantine?stream=opportunities`)).json()) as []).toEqual(
      [],
    );
  });
});
