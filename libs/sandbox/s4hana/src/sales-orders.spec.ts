import type { JsonObject } from '@quotebridge/platform/core';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { startS4Sandbox } from './start';
import { TestCaller, at, orderBody, rows, type Answer } from './testing';

const SERVICE = 'API_SALES_ORDER_SRV';
const ORDERS = `${SERVICE}/A_SalesOrder`;

let sandbox: Sandbox;
let caller: TestCaller;
let now = 0;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 10);
  sandbox = await startS4Sandbox({
    port: 0,
    host: '127.0.0.1',
    clock: { now: () => now },
    autoProgressMs: 60_000,
  });
  caller = new TestCaller(sandbox.url);
  await caller.fetchCsrf();
});

afterEach(() => sandbox.close());

const create = (changes: JsonObject = {}): Promise<Answer> =>
  caller.write('POST', ORDERS, orderBody(changes));

const one = async (order: string): Promise<Answer> =>
  caller.get(`${ORDERS}('${order}')?$expand=to_Item/to_ScheduleLine`);

const line = (changes: JsonObject): JsonObject => ({
  to_Item: [{ Material: 'SP-2001', RequestedQuantity: '10', ...changes }],
});

const named = async (external: string): Promise<JsonObject[]> =>
  rows(await caller.get(`${ORDERS}?$filter=${encodeURIComponent(`ExternalDocumentID eq '${external}'`)}`));

describe('creating a sales order', () => {
  it('numbers it, prices its items from the condition records and gives an ETag', async () => {
    const answer = await create();
    expect(answer.status).toBe(201);
    expect(at(answer.json, 'd.SalesOrder')).toBe('4711');
    // 2 x 2480.00 and, on the scale from 10 on, 10 x 342.00
    expect(at(answer.json, 'd.TotalNetAmount')).toBe('8380.00');
    expect(at(answer.json, 'd.OverallSDProcessStatus')).toBe('A');
    expect(at(answer.json, 'd.to_Item.results.1.NetAmount')).toBe('3420.00');
    expect(answer.headers.get('etag')).toBe(at(answer.json, 'd.__metadata.etag'));
    expect(answer.headers.get('location')).toContain("A_SalesOrder('4711')");
  });

  it('takes the body wrapped in d as well', async () => {
    expect((await caller.write('POST', ORDERS, { d: orderBody() })).status).toBe(201);
  });

  it.each<[string, JsonObject[], string]>([
    ['a given price', [{ ConditionType: 'PPR0', ConditionRateValue: '300.00' }], '3000.00'],
    [
      'a given price per hundred',
      [{ ConditionType: 'PMP0', ConditionRateValue: '1234.56', ConditionQuantity: '100' }],
      '123.46',
    ],
    ['a discount on the list price', [{ ConditionType: 'DRG1', ConditionRateValue: '-5.00' }], '3249.00'],
    [
      'a given price and a discount',
      [
        { ConditionType: 'PPR0', ConditionRateValue: '300.00' },
        { ConditionType: 'DRG1', ConditionRateValue: '10' },
      ],
      '2700.00',
    ],
  ])('prices by %s', async (_what, to_PricingElement, net) => {
    const answer = await create(line({ to_PricingElement }));
    expect(at(answer.json, 'd.TotalNetAmount')).toBe(net);
  });

  it('prefers the price of the customer to the one for everybody', async () => {
    const item = [{ Material: 'SP-1003', RequestedQuantity: '1' }];
    expect(at((await create({ to_Item: item })).json, 'd.TotalNetAmount')).toBe('418.50');
    expect(at((await create({ to_Item: item, SoldToParty: '10100003' })).json, 'd.TotalNetAmount')).toBe(
      '396.00',
    );
  });

  it.each<[string, JsonObject]>([
    ['no order type', { SalesOrderType: '' }],
    ['an unknown customer', { SoldToParty: '99' }],
    ['an unknown material', line({ Material: 'NOPE' })],
    ['a quantity of zero', line({ RequestedQuantity: '0' })],
    ['a quantity as a JSON number', line({ RequestedQuantity: 2 })],
    ['a foreign unit', line({ RequestedQuantityUnit: 'KG' })],
    [
      'an unknown condition type',
      line({ to_PricingElement: [{ ConditionType: 'ZZZ9', ConditionRateValue: '1' }] }),
    ],
    ['a chosen number', { SalesOrder: '1' }],
    ['an unknown property', { Nope: 'x' }],
    [
      'one item number twice',
      { to_Item: [1, 2].map(() => ({ SalesOrderItem: '10', Material: 'SP-1001', RequestedQuantity: '1' })) },
    ],
  ])('refuses %s and keeps nothing', async (_what, changes) => {
    const answer = await create(changes);
    expect(answer.status).toBe(400);
    expect(at(answer.json, 'error.innererror.errordetails.0.message')).toEqual(expect.any(String));
    expect(rows(await caller.get(ORDERS))).toEqual([]);
    expect(rows(await caller.get(`${SERVICE}/A_SalesOrderItem`))).toEqual([]);
  });

  it('is found by external document id and by purchase order, and is not unique', async () => {
    await create();
    await create();
    expect(await named('order-1')).toHaveLength(2);
    const filter = encodeURIComponent("PurchaseOrderByCustomer eq 'PO-1' and SoldToParty eq '10100001'");
    expect(rows(await caller.get(`${ORDERS}?$filter=${filter}&$top=1`))).toHaveLength(1);
  });
});

describe('changing a sales order', () => {
  const path = `${ORDERS}('4711')`;
  const etag = async (): Promise<string> => (await caller.get(path)).headers.get('etag') ?? '';

  beforeEach(() => create());

  it.each(['PATCH', 'MERGE'])(
    'by %s wants If-Match (428), the current one (412), and then answers 204',
    async (method) => {
      const body = { PurchaseOrderByCustomer: 'PO-2' };
      const first = await etag();
      expect((await caller.write(method, path, body)).status).toBe(428);
      expect((await caller.write(method, path, body, { 'if-match': first })).status).toBe(204);
      expect((await caller.write(method, path, body, { 'if-match': first })).status).toBe(412);
      expect((await caller.write(method, path, body, { 'if-match': '*' })).status).toBe(204);
      expect(at((await one('4711')).json, 'd.PurchaseOrderByCustomer')).toBe('PO-2');
    },
  );

  it('by POST with X-HTTP-Method: MERGE is the same', async () => {
    const headers = { 'x-http-method': 'MERGE', 'if-match': await etag() };
    expect((await caller.write('POST', path, { PurchaseOrderByCustomer: 'PO-3' }, headers)).status).toBe(204);
  });

  it('refuses what the system sets', async () => {
    const answer = await caller.write('PATCH', path, { TotalNetAmount: '1.00' }, { 'if-match': '*' });
    expect(answer.status).toBe(400);
  });

  it('prices an item anew when its quantity changes', async () => {
    const before = await etag();
    const item = `${SERVICE}/A_SalesOrderItem(SalesOrder='4711',SalesOrderItem='20')`;
    const change = { RequestedQuantity: '4' };
    expect((await caller.write('PATCH', item, change)).status).toBe(428);
    const ofItem = (await caller.get(item)).headers.get('etag') ?? '';
    expect((await caller.write('PATCH', item, change, { 'if-match': ofItem })).status).toBe(204);
    expect((await caller.write('PATCH', item, change, { 'if-match': ofItem })).status).toBe(412);
    expect(at((await one('4711')).json, 'd.TotalNetAmount')).toBe('6516.00');
    expect(await etag()).not.toBe(before);
  });

  it('counts rejected items out of the total and says how much is rejected', async () => {
    const reject = (item: string): Promise<Answer> =>
      caller.write(
        'PATCH',
        `${SERVICE}/A_SalesOrderItem(SalesOrder='4711',SalesOrderItem='${item}')`,
        { SalesDocumentRjcnReason: '61' },
        { 'if-match': '*' },
      );
    await reject('20');
    expect((await one('4711')).json).toMatchObject({
      d: { TotalNetAmount: '4960.00', OverallSDDocumentRejectionSts: 'B' },
    });
    await reject('10');
    expect((await one('4711')).json).toMatchObject({
      d: { TotalNetAmount: '0.00', OverallSDDocumentRejectionSts: 'C' },
    });
  });

  it('deletes an order that is not delivered, and no other', async () => {
    await create();
    await caller.call('POST', '/__sandbox/orders/4711/advance', { to: 'B' });
    expect((await caller.write('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(400);
    expect((await caller.write('DELETE', `${ORDERS}('4712')`, undefined, { 'if-match': '*' })).status).toBe(
      204,
    );
    expect((await caller.get(`${ORDERS}('4712')`)).status).toBe(404);
  });

  it('moves on by the sandbox call: items, schedule lines and change stamp with it', async () => {
    const before = await etag();
    const moved = await caller.call('POST', '/__sandbox/orders/4711/advance', { to: 'C' });
    expect(moved.json).toMatchObject({ OverallSDProcessStatus: 'C' });
    const order = await one('4711');
    expect(order.json).toMatchObject({ d: { OverallDeliveryStatus: 'C', OverallOrdReltdBillgStatus: 'C' } });
    expect(at(order.json, 'd.to_Item.results.0.to_ScheduleLine.results.0.DeliveredQtyInOrderQtyUnit')).toBe(
      '2',
    );
    expect(await etag()).not.toBe(before);
    expect((await caller.call('POST', '/__sandbox/orders/1/advance', {})).status).toBe(404);
  });

  it('moves on by itself after the time set: A, then B, then C', async () => {
    const states: unknown[] = [];
    for (const wait of [0, 60_000, 60_000]) {
      now += wait;
      states.push(at((await one('4711')).json, 'd.OverallSDProcessStatus'));
    }
    expect(states).toEqual(['A', 'B', 'C']);
  });
});

describe('faults around a create', () => {
  it('loses the answer of an order that was created, and a look-up finds it', async () => {
    await caller.arm({ name: 'dropResponseAfterCommit', path: 'A_SalesOrder' });
    await expect(create()).rejects.toThrow();
    expect(await named('order-1')).toHaveLength(1);
    const journal = (await caller.call('GET', '/__sandbox/requests')).text;
    expect(journal).toContain('"status":0');
    expect(journal).toContain('dropResponseAfterCommit');
  });

  it('cuts the connection before anything is done, and nothing is there', async () => {
    await caller.arm({ name: 'dropRequest', method: 'POST' });
    await expect(create()).rejects.toThrow();
    expect(await named('order-1')).toEqual([]);
  });

  it('answers 502 although the order is there', async () => {
    await caller.arm({ name: 'respond5xxAfterCommit' });
    expect((await create()).status).toBe(502);
    expect(await named('order-1')).toHaveLength(1);
  });

  it.each<[JsonObject, number, string | null]>([
    [{ name: 'respond429', retryAfterSeconds: 2 }, 429, '2'],
    [{ name: 'respond429' }, 429, null],
    [{ name: 'respond5xx', status: 500 }, 500, null],
    [{ name: 'expireToken' }, 403, null],
  ])('shows %j once and nothing is created', async (fault, status, retryAfter) => {
    await caller.arm({ ...fault, method: 'POST' });
    const answer = await create();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(await named('order-1')).toEqual([]);
    await caller.fetchCsrf();
    expect((await create()).status).toBe(201);
  });

  it.each([
    ['changedMeanwhile', 412],
    ['wantsExactEtag', 428],
  ])('by %s refuses a change once with %d, and leaves the order as it is', async (name, status) => {
    await create();
    await caller.arm({ name });
    const change = (): Promise<Answer> =>
      caller.write('PATCH', `${ORDERS}('4711')`, { PurchaseOrderByCustomer: 'x' }, { 'if-match': '*' });
    expect((await change()).status).toBe(status);
    expect(at((await one('4711')).json, 'd.PurchaseOrderByCustomer')).toBe('PO-1');
    expect((await change()).status).toBe(204);
  });

  it('locks the document against a change', async () => {
    await create();
    await caller.arm({ name: 'lockedByUser' });
    const answer = await caller.write(
      'PATCH',
      `${ORDERS}('4711')`,
      { PurchaseOrderByCustomer: 'x' },
      { 'if-match': '*' },
    );
    expect([answer.status, at(answer.json, 'error.code')]).toEqual([400, 'V1/042']);
  });
});
