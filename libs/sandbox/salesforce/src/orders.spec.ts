import type { JsonObject } from '@quotebridge/platform/core';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { startSalesforceSandbox } from './start';
import { TestCaller, at } from './testing';

describe('orders of the org', () => {
  let sandbox: Sandbox;
  let caller: TestCaller;
  let account = '';
  let book = '';
  let entry = '';

  beforeEach(async () => {
    sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1' });
    caller = new TestCaller(sandbox.url);
    await caller.signIn();
    const first = async (soql: string): Promise<string> => String((await caller.records(soql))[0]?.['Id']);
    account = await first('SELECT Id FROM Account LIMIT 1');
    book = await first('SELECT Id FROM Pricebook2 LIMIT 1');
    entry = await first("SELECT Id FROM PricebookEntry WHERE ProductCode = 'SP-1001' LIMIT 1");
  });
  afterEach(() => sandbox.close());

  const order = (more: JsonObject = {}): JsonObject => ({
    AccountId: account,
    Pricebook2Id: book,
    EffectiveDate: '2026-11-21',
    Status: 'Draft',
    ...more,
  });
  const create = async (object: string, body: JsonObject): Promise<string> => {
    const answer = await caller.api('POST', `sobjects/${object}`, body);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return String(at(answer.body, 'id'));
  };
  const item = (OrderId: string, Quantity = 3): Promise<string> =>
    create('OrderItem', { OrderId, PricebookEntryId: entry, Quantity, UnitPrice: 10.01 });
  const activate = (id: string) => caller.api('PATCH', `sobjects/Order/${id}`, { Status: 'Activated' });
  const read = async (id: string) => (await caller.api('GET', `sobjects/Order/${id}`)).body;

  it('add up their products, have numbers and tell when they were activated', async () => {
    const id = await create('Order', order());
    const line = await item(id);
    await item(id, 2);
    expect((await activate(id)).status).toBe(204);
    const [found] = await caller.records(
      `SELECT OrderNumber, StatusCode, TotalAmount, ActivatedDate, (SELECT Id, TotalPrice, Order.Status, Product2.ProductCode FROM OrderItems ORDER BY Id) FROM Order WHERE Id = '${id}' ORDER BY SystemModstamp`,
    );
    expect(found).toMatchObject({
      OrderNumber: '00000001',
      StatusCode: 'Activated',
      TotalAmount: 50.05,
      ActivatedDate: expect.any(String) as string,
    });
    expect(at(found, 'OrderItems.records.0')).toMatchObject({
      Id: line,
      TotalPrice: 30.03,
      Order: { Status: 'Activated' },
      Product2: { ProductCode: 'SP-1001' },
    });
  });

  it.each<[string, (id: string) => Promise<{ status: number; body: unknown }>, string]>([
    ['activated without products', activate, 'FAILED_ACTIVATION'],
    [
      'begun as activated',
      () => caller.api('POST', 'sobjects/Order', order({ Status: 'Activated' })),
      'FAILED_ACTIVATION',
    ],
    [
      'given an unknown status',
      (id) => caller.api('PATCH', `sobjects/Order/${id}`, { Status: 'Nope' }),
      'INVALID_STATUS',
    ],
    [
      'given a product without a price',
      (id) => caller.api('POST', 'sobjects/OrderItem', { OrderId: id, PricebookEntryId: entry, Quantity: 1 }),
      'REQUIRED_FIELD_MISSING',
    ],
    [
      'given a product of another price book',
      async () =>
        caller.api('POST', 'sobjects/OrderItem', {
          OrderId: await create('Order', order({ Pricebook2Id: null })),
          PricebookEntryId: entry,
          Quantity: 1,
          UnitPrice: 1,
        }),
      'FIELD_INTEGRITY_EXCEPTION',
    ],
  ])('cannot be %s', async (_name, attempt, errorCode) => {
    expect(await attempt(await create('Order', order()))).toMatchObject({
      status: 400,
      body: [{ errorCode }],
    });
  });

  it('stay what they are once they are activated, but for the rest of their fields', async () => {
    const id = await create('Order', order());
    const line = await item(id);
    await activate(id);
    const other = await create('Account', { Name: 'Other' });
    const refusals = [
      await caller.api('PATCH', `sobjects/Order/${id}`, { AccountId: other }),
      await caller.api('PATCH', `sobjects/OrderItem/${line}`, { Quantity: 9 }),
      await caller.api('DELETE', `sobjects/OrderItem/${line}`),
      await caller.api('DELETE', `sobjects/Order/${id}`),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect((await caller.api('PATCH', `sobjects/Order/${id}`, { ERP_Order_Number__c: '4711' })).status).toBe(
      204,
    );
    expect(await read(id)).toMatchObject({
      AccountId: account,
      TotalAmount: 30.03,
      ERP_Order_Number__c: '4711',
    });
  });

  it('are deleted with their products while they are drafts', async () => {
    const id = await create('Order', order());
    await item(id);
    expect((await caller.api('DELETE', `sobjects/Order/${id}`)).status).toBe(204);
    expect(await caller.records('SELECT Id FROM OrderItem')).toEqual([]);
  });
});
