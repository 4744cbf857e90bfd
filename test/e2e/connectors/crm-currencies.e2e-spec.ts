import { randomUUID } from 'node:crypto';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { salesforce } from '@quotebridge/connectors/salesforce';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import { startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import { ON_LOOPBACK } from './on-loopback';
import { orgLogin, OrgUser } from './org-user';
import { Owner } from './owner';
import { publishOrder } from './publish-order';
import { control, eventually } from './sandbox-control';
import { startServers, type Servers } from './servers';

const RUN = randomUUID().slice(0, 8);
const INSTANCE = `sf-${RUN}`;
const ERP = 'erp';
const offeringOf = (code: string): string => stableId(ERP, 'productOffering', code);

describe('an org with several currencies', () => {
  const closers: (() => Promise<unknown>)[] = [];
  let servers: Servers;
  let bus: EventBus;
  let owner: Owner;
  let connector: RunningConnector;
  let org: ReturnType<typeof control>;
  let orgUrl: string;
  let user: OrgUser;

  const start = async (instance: string, more: JsonObject): Promise<RunningConnector> => {
    const login = orgLogin(orgUrl);
    const { currency: _, ...settings } = login.settings;
    const started = await startConnector({
      definition: salesforce,
      instance,
      settings: {
        ...settings,
        offeringSource: ERP,
        lineItemField: 'QuoteBridge_Item__c',
        owners: { lines: 'quotebridge' },
        fields: { quoteId: 'QuoteBridge_Quote_Id__c', quoteState: 'QuoteBridge_Quote_State__c' },
        orders: { idField: 'QuoteBridge_Order__c', fields: { state: 'ERP_Order_Status__c' } },
        ...more,
      },
      secrets: login.secrets,
      mongodbUri: servers.mongodbUri,
      database: `connector_${instance}`,
      natsUrl: servers.natsUrl,
      ...ON_LOOPBACK,
    });
    closers.push(() => started.stop());
    return started;
  };

  beforeAll(async () => {
    servers = await startServers();
    closers.push(() => servers.stop());
    bus = await EventBus.connect({ servers: servers.natsUrl, name: 'test' });
    closers.push(() => bus.close());
    owner = await Owner.start(bus, INSTANCE, ['productOfferingPrice', 'productOrder', 'salesOpportunity']);
    closers.push(() => owner.stop());
    const sandbox = await startSalesforceSandbox({
      port: 0,
      host: '127.0.0.1',
      currencies: ['EUR', 'USD', 'GBP'],
    });
    closers.push(() => sandbox.close());
    orgUrl = sandbox.url;
    org = control(orgUrl);
    user = await OrgUser.signIn(orgUrl);
    connector = await start(INSTANCE, { multiCurrency: true });
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  const row = async (object: string, id: string): Promise<JsonObject> =>
    (await org.table(object)).find((one) => one['Id'] === id) ?? {};
  const entryOf = async (code: string, currency: string): Promise<unknown> => {
    const where = `Product2.ProductCode = '${code}' AND CurrencyIsoCode = '${currency}'`;
    return (await user.query(`SELECT Id FROM PricebookEntry WHERE ${where}`))[0]?.['Id'];
  };
  /** An opportunity with two pumps; gives its id and that of its line. */
  const deal = async (currency: string): Promise<{ id: string; line: string }> => {
    const id = await user.opportunity('Proposal/Price Quote');
    await user.change('Opportunity', id, { CurrencyIsoCode: currency });
    const entry = await entryOf('SP-1001', currency);
    const line = { OpportunityId: id, PricebookEntryId: entry, Quantity: 2 };
    return { id, line: await user.create('OpportunityLineItem', line as JsonObject) };
  };
  const item = (id: string, code: string, quantity: number, unit: string, value: number): JsonObject => ({
    id,
    quantity,
    productOffering: { id: offeringOf(code) },
    quoteItemPrice: [{ priceType: 'oneTime', price: { dutyFreeAmount: { unit, value } } }],
  });
  const opportunityRef = (id: string) => [{ owner: INSTANCE, externalIdentifierType: 'opportunity', id }];
  const publishQuote = async (id: string, state: string, quoteItem: JsonObject[]): Promise<void> => {
    const quote = { id: stableId(INSTANCE, 'quote', id), state, externalId: opportunityRef(id), quoteItem };
    const eventId = randomUUID();
    const eventType = 'QuoteStateChangeEvent';
    const envelope = { eventId, eventType, eventTime: new Date().toISOString(), event: { quote } };
    await bus.publish(`tmf.TMF648.quote.${eventType}`, envelope, { id: eventId, key: quote.id });
  };
  const shows = (id: string, fields: JsonObject): Promise<JsonObject> =>
    eventually(async () => {
      const found = await row('Opportunity', id);
      return Object.entries(fields).every(([name, value]) => found[name] === value) ? found : undefined;
    });
  const concerns = async (): Promise<JsonObject[]> => {
    const status = (await (await fetch(`${connector.url}/status`)).json()) as {
      concerns?: { latest: JsonObject[] };
    };
    return status.concerns?.latest ?? [];
  };

  it.each([
    ['EUR', 1_234.56],
    ['USD', 987.65],
  ])(
    'amounts of a quote in %s, and a line that it adds, are in the currency of the opportunity',
    async (currency, amount) => {
      const { id, line } = await deal(currency);
      await publishQuote(id, 'inProgress', [
        item(line, 'SP-1001', 2, currency, amount),
        item('added', 'SP-2001', 1, currency, 10),
      ]);
      await shows(id, { Amount: Number((amount + 10).toFixed(2)), CurrencyIsoCode: currency });
      const lines = (await org.table('OpportunityLineItem')).filter((one) => one['OpportunityId'] === id);
      expect(lines.map((one) => [one['CurrencyIsoCode'], one['TotalPrice']])).toEqual([
        [currency, amount],
        [currency, 10],
      ]);
      expect(lines[1]?.['PricebookEntryId']).toBe(await entryOf('SP-2001', currency));
      expect(await concerns()).toEqual([]);
    },
  );

  it('amounts in another currency are not written, which is told until they are in that of the opportunity', async () => {
    const { id, line } = await deal('USD');
    const { Amount: before } = await row('Opportunity', id);
    await publishQuote(id, 'approved', [item(line, 'SP-1001', 2, 'EUR', 500)]);
    await shows(id, { QuoteBridge_Quote_State__c: 'approved', Amount: before ?? null });
    expect(await concerns()).toMatchObject([
      {
        what: 'otherCurrency',
        key: id,
        message: 'amounts of the quote are not written: the amounts are in EUR, the record in USD',
      },
    ]);
    expect(await (await fetch(`${connector.url}/concerns?limit=1`)).json()).toMatchObject([{ key: id }]);
    expect(await (await fetch(`${connector.url}/metrics`)).text()).toMatch(
      /quotebridge_connector_concerns\{what="otherCurrency".*\} 1/,
    );
    await publishQuote(id, 'inProgress', [item(line, 'SP-1001', 2, 'USD', 550)]);
    await shows(id, { QuoteBridge_Quote_State__c: 'inProgress', Amount: 550 });
    expect(await concerns()).toEqual([]);
  });

  it('the order of a quote is shown in its own currency, and not at all with amounts in another', async () => {
    const placed = async (unit: string): Promise<{ id: string; opportunity: string }> => {
      const { id: opportunity } = await deal('USD');
      const id = randomUUID();
      const total = { priceType: 'oneTime', price: { dutyFreeAmount: { unit, value: 300 } } };
      await publishOrder(bus, {
        id,
        externalId: opportunityRef(opportunity),
        productOrderItem: [
          {
            id: '1',
            action: 'add',
            quantity: 2,
            productOffering: { id: offeringOf('SP-1001') },
            itemTotalPrice: [total],
          },
        ],
      });
      return { id, opportunity };
    };
    const ordersOf = async (opportunity: string): Promise<JsonObject[]> =>
      (await org.table('Order')).filter((one) => one['OpportunityId'] === opportunity);
    const wrong = await placed('EUR');
    const right = await placed('USD');
    const [order] = await eventually(async () => {
      const found = await ordersOf(right.opportunity);
      return found.length > 0 ? found : undefined;
    });
    expect(order).toMatchObject({ CurrencyIsoCode: 'USD', TotalAmount: 300 });
    await eventually(async () => {
      const text = await (await fetch(`${connector.url}/metrics`)).text();
      return /connector_actions_total\{action="showOrder",result="failed".*\} 1/.test(text) || undefined;
    });
    expect(await ordersOf(wrong.opportunity)).toEqual([]);
  });

  it('prices and opportunities are read in the currency that each tells', async () => {
    const { id } = await deal('GBP');
    for (const stream of ['prices', 'salesOpportunities'])
      expect(await connector.runStream(stream)).toMatchObject({
        state: 'succeeded',
        counts: { rejected: 0 },
      });
    const units = owner
      .ofType('ProductOfferingPrice')
      .filter(({ name }) => String(name).endsWith(' SP-1001'))
      .map(({ price }) => (price as JsonObject)['unit']);
    expect(units.sort()).toEqual(['EUR', 'GBP', 'USD']);
    const [sales] = owner
      .ofType('SalesOpportunity')
      .filter(({ externalIdentifier }) => JSON.stringify(externalIdentifier).includes(id));
    expect(sales?.['revenueEstimate']).toMatchObject([{ amount: { unit: 'GBP' } }]);
  });

  it('where nobody has told the currency, amounts are refused with what to do, and taken for no currency', async () => {
    const untold = await start(`untold-${RUN}`, {});
    const run = await untold.runStream('prices');
    expect(run).toMatchObject({ state: 'succeeded', counts: { created: 0 } });
    expect(run.counts.rejected).toBe(run.counts.read);
    expect(run.named?.[0]?.faults).toMatchObject([{ path: '/CurrencyIsoCode', code: 'currency' }]);
  });
});
