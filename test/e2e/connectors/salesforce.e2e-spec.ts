import { randomUUID } from 'node:crypto';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { salesforce } from '@quotebridge/connectors/salesforce';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import {
  DEMO_OPPORTUNITY_ID,
  SALESFORCE_SANDBOX_CREDENTIALS,
  startSalesforceSandbox,
} from '@quotebridge/sandbox/salesforce';
import { Store } from '@quotebridge/platform/store';
import { validatorFor } from '@quotebridge/tmf-specs';
import { ON_LOOPBACK } from './on-loopback';
import { orgLogin, OrgUser } from './org-user';
import { Owner } from './owner';
import { control, eventually } from './sandbox-control';
import { startServers, type Servers } from './servers';

type Sandbox = Awaited<ReturnType<typeof startSalesforceSandbox>>;

const INSTANCE = `sf-${randomUUID().slice(0, 8)}`;
const ERP = `erp-${randomUUID().slice(0, 8)}`;
const DATABASE = `connector_${INSTANCE.replace('-', '_')}`;
const CHANGES_SECRET = 'change-events-secret';
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
    owner = await Owner.start(bus, INSTANCE, ['quote', 'individual']);
    sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1', pageSize: 2 });
    org = control(sandbox.url);
    connector = await startConnector({
      definition: salesforce,
      instance: INSTANCE,
      settings: {
        ...orgLogin(sandbox.url).settings,
        offeringSource: ERP,
        fields: {
          quoteId: 'QuoteBridge_Quote_Id__c',
          orderNumber: 'ERP_Order_Number__c',
          orderStatus: 'ERP_Order_Status__c',
        },
        attemptSeconds: 2,
        changeEvents: true,
        accountOwners: { name: 'quotebridge', address: 'quotebridge' },
      },
      secrets: {
        clientSecret: SALESFORCE_SANDBOX_CREDENTIALS.clientSecret,
        'webhook-changes': CHANGES_SECRET,
      },
      mongodbUri: servers.mongodbUri,
      database: DATABASE,
      natsUrl: servers.natsUrl,
      ...ON_LOOPBACK,
    });
  });
  afterAll(async () => {
    await connector?.stop();
    await Promise.all([sandbox?.close(), bus?.close()]);
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

  const publishEvent = async (
    api: string,
    eventType: string,
    event: JsonObject,
    key: string,
    at = new Date(),
  ) => {
    const eventId = randomUUID();
    const [resource = ''] = Object.keys(event);
    const envelope = { eventId, eventType, '@type': eventType, eventTime: at.toISOString(), event };
    await bus.publish(`tmf.${api}.${resource}.${eventType}`, envelope, { id: eventId, key });
  };
  const publish = (quote: JsonObject, at?: Date): Promise<void> =>
    publishEvent('TMF648', 'QuoteStateChangeEvent', { quote }, QUOTE, at);
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
        expect.objectContaining({ id: stableId(ERP, 'productOffering', String(line['ProductCode'])) }),
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

  it('a query that the org forgets between two pages is asked anew, and nothing is lost', async () => {
    const whole = await connector.runStream('opportunities', { mode: 'full' });
    await org.fault({ name: 'expireQueryLocator' });
    const run = await connector.runStream('opportunities', { mode: 'full' });
    expect(await org.played('expireQueryLocator')).toBe(true);
    expect(run).toMatchObject({ state: 'succeeded', counts: { rejected: 0 } });
    expect(run.counts.read).toBeGreaterThanOrEqual(whole.counts.read);
  });

  let cents = 0;
  it.each([
    ['a locked row', { name: 'unableToLockRow', times: 2 }],
    ['a locked row inside a composite', { name: 'compositePartLocked', times: 2 }],
    ['a lost answer', { name: 'dropResponseAfterCommit', path: '/composite' }],
    ['an expired session', { name: 'expireToken', method: 'POST', path: '/composite' }],
    ['a server that is down at first', { name: 'respond5xx', times: 3 }],
  ])('an approved quote reports its amounts in spite of %s', async (_name, fault) => {
    // Another one each time, else nothing would be written.
    cents += 27_183;
    const amount = cents / 100;
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
    expect(await org.played(fault.name)).toBe(true);
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

  describe('what the ERP says', () => {
    const identified = (owner: string, externalIdentifierType: string, id: string): JsonObject => ({
      '@type': 'ExternalIdentifier',
      owner,
      externalIdentifierType,
      id,
    });
    it('a customer that changes in the ERP changes his account, in what is owned here, once; one from the CRM only when the ERP has him, too', async () => {
      const [account] = (await org.table('Account')).filter((row) => row['AccountNumber'] !== null);
      const number = String(account?.['AccountNumber']);
      const read = async (): Promise<JsonObject | undefined> =>
        (await org.table('Account')).find((row) => row['Id'] === account?.['Id']);
      const change = (name: string, ...more: JsonObject[]): Promise<void> => {
        const contactMedium = [
          { '@type': 'PhoneContactMedium', phoneNumber: '0' },
          {
            '@type': 'GeographicAddressContactMedium',
            contactType: 'postalAddress',
            street1: 'Kai 9',
            city: 'Kiel',
          },
        ];
        const externalIdentifier = [identified(ERP, 'customer', number), ...more];
        const customer = { id: number, name, contactMedium, externalIdentifier };
        return publishEvent('TMF629', 'CustomerAttributeValueChangeEvent', { customer }, number);
      };
      await change('Renamed by the ERP');
      const written = await eventually(async () => {
        const row = await read();
        return row?.['Name'] === 'Renamed by the ERP' ? row : undefined;
      });
      expect(written).toMatchObject({ BillingStreet: 'Kai 9', BillingCity: 'Kiel', BillingCountry: null });
      expect(written['Phone']).toBe(account?.['Phone']);
      await change('Renamed in the CRM', identified(INSTANCE, 'account', String(account?.['Id'])));
      await change('Renamed by the ERP');
      await change('Renamed again');
      await eventually(async () => ((await read())?.['Name'] === 'Renamed again' ? true : undefined));
      const patches = (await org.requests()).filter(
        ({ method, url }) => method === 'PATCH' && url.includes('/sobjects/Account/'),
      );
      expect(patches).toHaveLength(2);
      // From now on the ERP has brought the customer that the CRM had brought first.
      const store = await Store.connect({ uri: servers.mongodbUri, database: DATABASE, appName: 'test' });
      await store.collection('connector_fingerprints').insertOne({
        _id: `${ERP}/customers/${number}`,
        ...{ instance: ERP, externalId: number, print: '', ids: [number] },
      });
      await store.close();
      await change('Renamed by both', identified(INSTANCE, 'account', String(account?.['Id'])));
      await eventually(async () => ((await read())?.['Name'] === 'Renamed by both' ? true : undefined));
    });
  });

  describe('forwarded change events', () => {
    const forward = async (id: string, more: JsonObject): Promise<{ status: number; body: JsonObject }[]> => {
      const url = `${connector.url}/webhooks/changes`;
      const order = { url, secret: CHANGES_SECRET, entity: 'Contact', ids: [id], ...more };
      const { answers } = (await org.post('/__sandbox/changes', order)) as {
        answers: { status: number; body: string }[];
      };
      return answers.map(({ status, body }) => ({ status, body: JSON.parse(body) as JsonObject }));
    };
    const runs = async (): Promise<number> =>
      ((await (await fetch(`${connector.url}/runs?stream=contacts`)).json()) as unknown[]).length;

    it('one begins the delta of its stream, once however often it comes; a forged or stale one does nothing', async () => {
      const user = await OrgUser.signIn(sandbox.url);
      const [contact] = await user.query('SELECT Id FROM Contact LIMIT 1');
      const id = String(contact?.['Id']);
      for (const spoilt of [
        { spoil: 'signature' },
        { secret: 'guessed' },
        { spoil: 'body' },
        { spoil: 'timestamp' },
      ])
        expect(await forward(id, spoilt)).toMatchObject([{ status: 401 }]);
      expect(await runs()).toBe(0);
      await user.change('Contact', id, { FirstName: 'Grace', LastName: 'Pushed' });
      const answers = await forward(id, { times: 3 });
      expect(answers).toMatchObject([
        { status: 202, body: { runs: { contacts: expect.any(String) as string } } },
        { status: 200, body: { duplicate: true } },
        { status: 200, body: { duplicate: true } },
      ]);
      const key = stableId(INSTANCE, 'individual', id);
      await eventually(() => (owner.resources.get(key)?.['familyName'] === 'Pushed' ? true : undefined));
      expect(await runs()).toBe(1);
    });

    it('a deletion is pushed as well, and an object that is not read begins nothing', async () => {
      const user = await OrgUser.signIn(sandbox.url);
      const [contact] = await user.query('SELECT Id FROM Contact ORDER BY Id DESC LIMIT 1');
      const id = String(contact?.['Id']);
      const key = stableId(INSTANCE, 'individual', id);
      expect(owner.resources.has(key)).toBe(true);
      await user.remove('Contact', id);
      await forward(id, { changeType: 'DELETE' });
      await eventually(() => (owner.resources.has(key) ? undefined : true));
      expect(await forward(id, { entity: 'User' })).toEqual([{ status: 202, body: { runs: {} } }]);
    });
  });
});
