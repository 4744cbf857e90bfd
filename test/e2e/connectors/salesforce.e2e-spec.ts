import { randomUUID } from 'node:crypto';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { salesforce } from '@quotebridge/connectors/salesforce';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import { createLogger } from '@quotebridge/platform/telemetry';
import {
  DEMO_OPPORTUNITY_ID,
  SALESFORCE_SANDBOX_CREDENTIALS,
  startSalesforceSandbox,
} from '@quotebridge/sandbox/salesforce';
import { validatorFor } from '@quotebridge/tmf-specs';
import { Owner } from './owner';
import { control, eventually } from './sandbox-control';
import { startServers, type Servers } from './servers';

type Sandbox = Awaited<ReturnType<typeof startSalesforceSandbox>>;

const INSTANCE = `sf-${randomUUID().slice(0, 8)}`;
const QUOTE = stableId(INSTANCE, 'quote', DEMO_OPPORTUNITY_ID);

describe('the Salesforce connector on its sandbox', () => {
  let servers: Servers;
  let bus: EventBus;
  let owner: Owner;
  let sandbox: Sandbox;
  let connector: RunningConnector;
  let org: ReturnType<typeof control>;

  beforeAll(async () => {
    servers = await startServers();
    bus = await EventBus.connect({ servers: servers.natsUrl, name: 'test' });
    owner = await Owner.start(bus, INSTANCE, ['quote']);
    sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1' });
    org = control(sandbox.url);
    connector = await startConnector({
      definition: salesforce,
      instance: INSTANCE,
      settings: {
        instanceUrl: sandbox.url,
        clientId: SALESFORCE_SANDBOX_CREDENTIALS.clientId,
        offeringSource: 's4hana',
        fields: {
          quoteId: 'QuoteBridge_Quote_Id__c',
          orderNumber: 'ERP_Order_Number__c',
          orderStatus: 'ERP_Order_Status__c',
        },
        attemptSeconds: 2,
      },
      secrets: { clientSecret: SALESFORCE_SANDBOX_CREDENTIALS.clientSecret },
      mongodbUri: servers.mongodbUri,
      database: `connector_${INSTANCE.replace('-', '_')}`,
      natsUrl: servers.natsUrl,
      host: '127.0.0.1',
      port: 0,
      outbound: { allow: ['loopback'] },
      logger: createLogger({ service: 'test', level: 'silent' }),
    });
  });
  afterAll(async () => {
    await connector?.stop();
    await sandbox?.close();
    await bus?.close();
    await servers?.stop();
  });
  afterEach(() => org.clear());

  const opportunity = async (): Promise<JsonObject> => {
    const found = (await org.table('Opportunity')).find((row) => row['Id'] === DEMO_OPPORTUNITY_ID);
    if (found === undefined) throw new Error('the demo opportunity is gone');
    return found;
  };

  const lines = async (): Promise<JsonObject[]> =>
    (await org.table('OpportunityLineItem')).filter((row) => row['OpportunityId'] === DEMO_OPPORTUNITY_ID);

  /** The quote as its component would have priced it: 100.01 for each line's whole quantity. */
  const priced = (state: string, more: JsonObject = {}): JsonObject => {
    const quote = owner.resources.get(QUOTE) ?? {};
    const items = (quote['quoteItem'] as JsonObject[]).map((item) => ({
      ...item,
      quoteItemPrice: [
        {
          '@type': 'QuotePrice',
          priceType: 'oneTime',
          price: { '@type': 'Price', dutyFreeAmount: { unit: 'EUR', value: 100.01 } },
        },
      ],
    }));
    return { ...quote, id: QUOTE, state, quoteItem: items, ...more };
  };

  const publish = async (quote: JsonObject, at = new Date()): Promise<void> => {
    const eventId = randomUUID();
    const eventType = 'QuoteStateChangeEvent';
    const event = { eventId, eventType, '@type': eventType, eventTime: at.toISOString(), event: { quote } };
    await bus.publish(`tmf.TMF648.quote.${eventType}`, event, { id: eventId, key: QUOTE });
  };

  const writes = async (): Promise<number> =>
    (await org.requests()).filter(({ method, url }) => method === 'POST' && url.endsWith('/composite'))
      .length;

  it('open opportunities become quotes that the standard accepts', async () => {
    const run = await connector.runStream('opportunities');
    expect(run).toMatchObject({ state: 'succeeded', counts: { rejected: 0 } });
    const open = (await org.table('Opportunity')).filter(
      (row) => row['IsClosed'] !== true && row['HasOpportunityLineItem'] === true,
    );
    const quotes = owner.ofType('Quote');
    expect(quotes).toHaveLength(open.length);
    expect(quotes.flatMap(validatorFor('TMF648', 'v5', 'Quote'))).toEqual([]);
    const sold = await lines();
    const items = owner.resources.get(QUOTE)?.['quoteItem'] as JsonObject[];
    expect(items.map(({ id, quantity, productOffering }) => [id, quantity, productOffering])).toEqual(
      sold.map((line) => [
        line['Id'],
        line['Quantity'],
        expect.objectContaining({ id: stableId('s4hana', 'productOffering', String(line['ProductCode'])) }),
      ]),
    );
  });

  it('a spent daily budget pauses the run with the reason, and the next run goes on', async () => {
    await org.fault({ name: 'requestLimitExceeded' });
    expect(await connector.runStream('opportunities')).toMatchObject({
      state: 'paused',
      error: expect.stringContaining('REQUEST_LIMIT_EXCEEDED') as string,
    });
    expect(await connector.runStream('opportunities')).toMatchObject({ state: 'succeeded' });
  });

  it.each([
    ['a locked row', { name: 'unableToLockRow', times: 2 }],
    ['a locked row inside a composite', { name: 'compositePartLocked', times: 2 }],
    ['a lost answer', { name: 'dropResponseAfterCommit', path: '/composite' }],
    ['an expired session', { name: 'expireToken', method: 'POST', path: '/composite' }],
    ['a server that is down at first', { name: 'respond5xx', times: 3 }],
  ])('an approved quote reports its amounts in spite of %s', async (_name, fault) => {
    const amount = Math.round(Math.random() * 1_000_000) / 100;
    await org.fault(fault);
    const quote = priced('approved');
    const [first] = quote['quoteItem'] as JsonObject[];
    Object.assign(first ?? {}, {
      quoteItemPrice: [
        {
          '@type': 'QuotePrice',
          priceType: 'oneTime',
          price: { dutyFreeAmount: { unit: 'EUR', value: amount } },
        },
      ],
    });
    await publish(quote);
    const shown = await eventually(async () => {
      const isWritten = (await lines()).some((line) => line['TotalPrice'] === amount);
      const row = await opportunity();
      return isWritten && row['QuoteBridge_Quote_Id__c'] === QUOTE ? row : undefined;
    });
    expect(shown['IsClosed']).toBe(false);
  });

  it('the echo of our own write publishes nothing', async () => {
    const before = owner.batches.length;
    const run = await connector.runStream('opportunities');
    expect(run.counts).toMatchObject({ created: 0, updated: 0 });
    expect(run.counts.unchanged).toBeGreaterThan(0);
    expect(owner.batches).toHaveLength(before);
  });

  it('an accepted quote closes the opportunity as won, with the exact amount and the order number', async () => {
    const externalIdentifier = [
      ...((owner.resources.get(QUOTE)?.['externalIdentifier'] as JsonObject[]) ?? []),
      { '@type': 'ExternalIdentifier', owner: 's4hana', externalIdentifierType: 'salesOrder', id: '4711' },
    ];
    const productOrder = [{ '@type': 'ProductOrderRef', id: 'o-1', state: 'inProgress' }];
    await publish(priced('accepted', { externalIdentifier, productOrder }));
    const won = await eventually(async () => {
      const row = await opportunity();
      return row['ERP_Order_Number__c'] === '4711' ? row : undefined;
    });
    const count = (await lines()).length;
    expect(won).toMatchObject({
      StageName: 'Closed Won',
      IsWon: true,
      QuoteBridge_Quote_Id__c: QUOTE,
      ERP_Order_Status__c: 'inProgress',
      Amount: Math.round(10001 * count) / 100,
    });
  });

  it('a repeated event writes nothing, and an older one does not undo a newer', async () => {
    const before = await writes();
    const externalIdentifier = [
      ...((owner.resources.get(QUOTE)?.['externalIdentifier'] as JsonObject[]) ?? []),
      { '@type': 'ExternalIdentifier', owner: 's4hana', externalIdentifierType: 'salesOrder', id: '4711' },
    ];
    const productOrder = [{ '@type': 'ProductOrderRef', id: 'o-1', state: 'inProgress' }];
    await publish(priced('accepted', { externalIdentifier, productOrder }));
    await publish(priced('rejected'), new Date(Date.now() - 60_000));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await writes()).toBe(before);
    expect(await opportunity()).toMatchObject({ StageName: 'Closed Won' });
  });
});
