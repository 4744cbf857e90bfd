import { randomUUID } from 'node:crypto';
import { productInventory, productInventorySettings } from '@quotebridge/components/product-inventory';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { salesforce } from '@quotebridge/connectors/salesforce';
import { loadSettings } from '@quotebridge/platform/config';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { freePort } from '../support';
import { startOrderingSuite, type OrderingSuite } from '../support/ordering-suite';
import { quoteItem, quoteOf } from '../support/quote-bodies';
import { ON_LOOPBACK } from './on-loopback';
import { orgLogin, OrgUser } from './org-user';
import { eventually } from './sandbox-control';

const INSTANCE = `crm-${randomUUID().slice(0, 8)}`;
const QUOTES = '/tmf-api/quoteManagement/v5/quote';
const PRODUCTS = '/tmf-api/productInventory/v5/product';

describe('what the items of a quote are built of', () => {
  const closers: (() => Promise<unknown>)[] = [];
  let suite: OrderingSuite;
  let inventoryPort: number;
  let inventoryDatabase: string;
  let user: OrgUser;
  let connector: RunningConnector;

  beforeAll(async () => {
    inventoryPort = await freePort();
    suite = await startOrderingSuite({
      quoteEnv: () => ({
        INVENTORY_URL: `http://127.0.0.1:${inventoryPort}`,
        // What is tested is what comes of it, not how fast this machine is.
        INVENTORY_DEADLINE: '10s',
        CATALOG_CACHE_FRESH: '50ms',
        REPRICE_INTERVAL: '100ms',
        DISCOUNT_THRESHOLDS: '',
      }),
    });
    closers.push(() => suite.stop());
    await suite.offer('SP-1001', 100, ['Launched'], { id: offeringOf('SP-1001') });
    await suite.offer('SP-2001', 10, ['Launched'], { id: offeringOf('SP-2001') });
    inventoryDatabase = suite.mongo.database('inventory');
    await fillInventory();
    const sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1' });
    closers.push(() => sandbox.close());
    user = await OrgUser.signIn(sandbox.url);
    connector = await startConnector({
      definition: salesforce,
      instance: INSTANCE,
      settings: {
        ...orgLogin(sandbox.url).settings,
        offeringSource: 'erp',
        stages: ['Qualification'],
        fields: { quoteId: 'QuoteBridge_Quote_Id__c' },
      },
      secrets: orgLogin(sandbox.url).secrets,
      mongodbUri: suite.mongo.uri,
      database: suite.mongo.database('connector'),
      natsUrl: suite.nats.url,
      ...ON_LOOPBACK,
    });
    closers.push(() => connector.stop());
  }, 120_000);
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  const offeringOf = (code: string): string => stableId('erp', 'productOffering', code);
  const read = async (id: string): Promise<JsonObject> =>
    (await request(suite.quotes.url).get(`${QUOTES}/${id}`).expect(200)).body as JsonObject;
  const statuses = (quote: JsonObject): unknown[] =>
    (quote['quoteItem'] as JsonObject[]).map(
      ({ productStructure }) => (productStructure as JsonObject | undefined)?.['status'],
    );
  const startInventory = (port: number): Promise<RunningComponent> =>
    startComponent(
      productInventory,
      loadSettings(productInventorySettings, {
        AUTH: 'off',
        LOG_LEVEL: 'error',
        PORT: String(port),
        DATABASE: inventoryDatabase,
        MONGODB_URI: suite.mongo.uri,
        NATS_URL: suite.nats.url,
      }),
    );
  const contains = (id: string, amount: number) => ({
    '@type': 'ProductRelationship',
    relationshipType: 'contains',
    id,
    position: '10',
    quantity: { amount, units: 'PC' },
  });
  /** SP-1001 is built of a drive with two motors, SP-2001 of nothing; press SN-1 has another drive. */
  const fillInventory = async (): Promise<void> => {
    const filling = await startInventory(0);
    const product = async (body: object): Promise<string> => {
      const answer = await request(filling.url)
        .post(PRODUCTS)
        .send({ '@type': 'Product', status: 'active', ...body })
        .expect(201);
      return answer.body.id as string;
    };
    const offering = await request(suite.orderEnv['CATALOG_URL'] ?? '')
      .get(`/productOffering/${offeringOf('SP-1001')}`)
      .expect(200);
    const motor = await product({ name: 'Motor' });
    const drive = await product({ name: 'Drive', productRelationship: [contains(motor, 2)] });
    const { id } = offering.body.productSpecification as { id: string };
    const productSpecification = { '@type': 'ProductSpecificationRef', id };
    await product({ name: 'Press kit', productSpecification, productRelationship: [contains(drive, 3)] });
    const old = await product({ name: 'Old drive' });
    const machine = { name: 'Press', productSerialNumber: 'SN-1', productRelationship: [contains(old, 1)] };
    await product({ ...machine, productSpecification });
    await filling.close();
  };
  const kit = {
    '@type': 'Product',
    productRelationship: [
      {
        relationshipType: 'contains',
        name: 'Drive',
        position: '10',
        quantity: { amount: 3, units: 'PC' },
        product: { productRelationship: [{ name: 'Motor', quantity: { amount: 2, units: 'PC' } }] },
      },
    ],
  };

  it('stands on the quote of an opportunity, and on its order, as soon as the inventory answers', async () => {
    const opportunity = await user.opportunity('Prospecting');
    for (const code of ['SP-1001', 'SP-2001']) await user.addLine(opportunity, code, 2);
    await connector.runStream('opportunities');
    const id = stableId(INSTANCE, 'quote', opportunity);
    await request(suite.quotes.url).get(`${QUOTES}/${id}`).expect(404);

    // The change of the stage makes the quote, priced; the inventory is away.
    await user.change('Opportunity', opportunity, { StageName: 'Qualification' });
    expect(await connector.runStream('opportunities')).toMatchObject({ state: 'succeeded' });
    const made = await eventually(async () => {
      const { status, body } = await request(suite.quotes.url).get(`${QUOTES}/${id}`);
      return status === 200 ? (body as JsonObject) : undefined;
    });
    expect(made).toMatchObject({
      state: 'inProgress',
      quoteTotalPrice: [{ price: { dutyFreeAmount: { unit: 'EUR', value: 220 } } }],
    });
    expect(statuses(made)).toEqual(['waiting', 'waiting']);
    expect(made['waitingStructure']).toHaveLength(2);

    const inventory = await startInventory(inventoryPort);
    closers.push(() => inventory.close());
    const whole = await eventually(async () => {
      const quote = await read(id);
      return statuses(quote).includes('attached') && quote['waitingStructure'] === undefined
        ? quote
        : undefined;
    });
    const [first, second] = whole['quoteItem'] as JsonObject[];
    const lines = [first, second].map((one) => [
      (one?.['productOffering'] as JsonObject)['id'],
      one?.['product'],
      (one?.['productStructure'] as JsonObject | undefined)?.['product'],
    ]);
    expect(lines).toEqual(
      expect.arrayContaining([
        [
          offeringOf('SP-1001'),
          expect.objectContaining({ '@type': 'Product' }),
          expect.objectContaining({ name: 'Press kit' }),
        ],
        [offeringOf('SP-2001'), undefined, undefined],
      ]),
    );
    expect(whole).toMatchObject({ quoteTotalPrice: made['quoteTotalPrice'] as JsonObject[] });
    const kitOf = (holder: JsonObject, name: string): unknown =>
      (holder[name] as JsonObject[]).find(
        (one) => (one['productOffering'] as JsonObject)['id'] === offeringOf('SP-1001'),
      )?.['product'];
    expect(kitOf(whole, 'quoteItem')).toMatchObject(kit);

    // Once more the same opportunity: it keeps what was quoted.
    await user.change('Opportunity', opportunity, { Description: 'A note of the CRM' });
    await connector.runStream('opportunities');
    expect(kitOf(await read(id), 'quoteItem')).toEqual(kitOf(whole, 'quoteItem'));

    for (const state of ['approved', 'accepted'])
      await request(suite.quotes.url).patch(`${QUOTES}/${id}`).send({ '@type': 'Quote', state }).expect(200);
    const order = await eventually(async () => {
      const path = '/tmf-api/productOrderingManagement/v5/productOrder';
      const { body } = await request(suite.orders?.url ?? '')
        .get(path)
        .expect(200);
      return (body as JsonObject[])[0];
    });
    expect(kitOf(order, 'productOrderItem')).toMatchObject(kit);
    const row = await eventually(async () => {
      const [found] = await user.query(
        `SELECT StageName, QuoteBridge_Quote_Id__c FROM Opportunity WHERE Id = '${opportunity}'`,
      );
      return found?.['StageName'] === 'Closed Won' ? found : undefined;
    });
    expect(row).toMatchObject({ QuoteBridge_Quote_Id__c: id });
  });

  it('is told to a TMF client in both versions, for a machine by its serial number as well', async () => {
    const machine = (id: string, serial: string) =>
      quoteItem(id, offeringOf('SP-2001'), {
        product: { '@type': 'Product', productSerialNumber: serial },
      });
    const { body: made } = await request(suite.quotes.url)
      .post(QUOTES)
      .send(quoteOf([machine('1', 'SN-1'), machine('2', 'SN-9'), quoteItem('3', offeringOf('SP-1001'))]))
      .expect(201);
    expect(statuses(made as JsonObject)).toEqual(['attached', 'unknown', 'attached']);
    expect(made.quoteItem[0].product).toMatchObject({
      productSerialNumber: 'SN-1',
      productRelationship: [{ relationshipType: 'contains', name: 'Old drive' }],
    });
    expect(made.quoteItem[1].productStructure.message).toContain('SN-9');
    const { body: v4 } = await request(suite.quotes.url)
      .get(`${QUOTES.replace('v5', 'v4')}/${made.id}`)
      .expect(200);
    expect(v4.quoteItem[2].product.productRelationship).toMatchObject([
      {
        relationshipType: 'contains',
        product: { name: 'Drive', productRelationship: [{ product: { name: 'Motor' } }] },
      },
    ]);
    // What a v4 client reads and sends back is no change.
    const patched = await request(suite.quotes.url)
      .patch(`${QUOTES.replace('v5', 'v4')}/${made.id}`)
      .send({ quoteItem: v4.quoteItem })
      .expect(200);
    expect(patched.body.quoteItem).toEqual(v4.quoteItem);
  });
});
