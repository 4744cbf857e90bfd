import { objectsIn, stableId, type JsonObject } from '@quotebridge/platform/core';
import { crmOrdersWorld } from './crm-orders-world';
import { eventually } from './sandbox-control';

describe('items of an order, from a client of product ordering to the sales order and back', () => {
  const world = crmOrdersWorld({});

  const priced = (id: string, material: string, quantity: number, net: number): JsonObject => ({
    '@type': 'ProductOrderItem',
    id,
    action: 'add',
    quantity,
    productOffering: {
      '@type': 'ProductOfferingRef',
      id: stableId(world.erpInstance, 'productOffering', material),
    },
    itemPrice: [
      {
        '@type': 'OrderPrice',
        priceType: 'oneTime',
        price: { '@type': 'Price', dutyFreeAmount: { unit: 'EUR', value: net } },
      },
    ],
  });
  const orderOf = (productOrderItem: JsonObject[]): JsonObject => ({
    '@type': 'ProductOrder',
    relatedParty: [
      {
        '@type': 'RelatedPartyRefOrPartyRoleRef',
        role: 'customer',
        partyOrPartyRole: { '@type': 'PartyRef', '@referredType': 'Organization', id: '10100001' },
      },
    ],
    productOrderItem,
  });
  const step = (id: string, state: string): JsonObject => ({
    '@type': 'ProductOrderItem',
    id,
    action: 'add',
    state,
  });
  const change = (id: string, ...productOrderItem: JsonObject[]): Promise<JsonObject> =>
    world.api('PATCH', `/${id}`, { '@type': 'ProductOrder', productOrderItem });
  const inState = (id: string, state: string): Promise<JsonObject> =>
    eventually(async () => {
      const order = await world.api('GET', `/${id}`);
      return order['state'] === state ? order : undefined;
    });
  const statesOf = (order: JsonObject): unknown[] =>
    (order['productOrderItem'] as JsonObject[]).map((item) => item['state']);
  /** Number, material, quantity and reason of rejection of each line of a sales order. */
  const linesOf = async (number: unknown): Promise<unknown[][]> =>
    (await world.erp.table('A_SalesOrderItem'))
      .filter((row) => row['SalesOrder'] === number)
      .map((row) =>
        ['SalesOrderItem', 'Material', 'RequestedQuantity', 'SalesDocumentRjcnReason'].map(
          (name) => row[name],
        ),
      );

  it.each<[string, JsonObject[]]>([
    ['no fault', []],
    [
      'the answers of the ERP lost',
      [
        { name: 'dropResponseAfterCommit', method: 'POST', path: 'to_Item' },
        { name: 'dropResponseAfterCommit', method: 'POST', path: '$batch' },
      ],
    ],
  ])(
    'guarantee 4: one that is added and one that is cancelled are there once, with %s',
    async (_name, faults) => {
      const made = await world.api(
        'POST',
        '',
        orderOf([priced('1', 'SP-2001', 3, 999.99), priced('2', 'SC-2001', 1, 351)]),
      );
      const id = String(made['id']);
      await inState(id, 'inProgress');
      const [{ SalesOrder: number } = {}] = await world.salesOrdersFor(id);
      for (const fault of faults) await world.erp.fault(fault);

      await change(id, step('1', 'inProgress'), step('2', 'inProgress'), priced('3', 'SP-1003', 2, 120.5));
      await change(id, step('1', 'inProgress'), step('2', 'held'), step('3', 'inProgress'));
      await change(id, step('1', 'inProgress'), step('2', 'cancelled'), step('3', 'inProgress'));
      const wanted = [
        ['10', 'SP-2001', '3', ''],
        ['20', 'SC-2001', '1', '00'],
        ['30', 'SP-1003', '2', ''],
      ];
      const told = JSON.stringify(wanted);
      await eventually(async () => JSON.stringify(await linesOf(number)) === told || undefined);
      expect(statesOf(await inState(id, 'inProgress'))).toEqual(['inProgress', 'cancelled', 'inProgress']);

      // Delivered there, both that are left are completed here; nothing of it changes the sales order once more.
      await world.erp.post(`/__sandbox/orders/${String(number)}/advance`, { to: 'C' });
      await world.run('erp', 'orderStatuses');
      expect(statesOf(await inState(id, 'partial'))).toEqual(['completed', 'cancelled', 'completed']);
      expect(await linesOf(number)).toEqual(wanted);
      expect(await world.salesOrdersFor(id)).toMatchObject([
        { SalesOrder: number, TotalNetAmount: '1120.49' },
      ]);
    },
  );

  it('a change and a cancellation that the ERP refuses are told once each, though that is news of the order too', async () => {
    const made = await world.api('POST', '', orderOf([priced('1', 'SP-2001', 3, 999.99)]));
    const id = String(made['id']);
    await inState(id, 'inProgress');
    const [{ SalesOrder: number } = {}] = await world.salesOrdersFor(id);
    // It is delivered, and nobody here knows yet.
    await world.erp.post(`/__sandbox/orders/${String(number)}/advance`, { to: 'C' });
    const refusals = async (code: string): Promise<JsonObject[]> =>
      objectsIn((await world.api('GET', `/${id}`))['productOrderErrorMessage']).filter(
        (message) => message['code'] === code,
      );
    const refused = (code: string, times: number): Promise<JsonObject[]> =>
      eventually(async () => {
        const found = await refusals(code);
        return found.length >= times ? found : undefined;
      });
    await change(id, { ...step('1', 'inProgress'), quantity: 5 });
    await refused('erpNotChanged', 1);
    await change(id, { ...step('1', 'inProgress'), quantity: 6 });
    await refused('erpNotChanged', 2);
    // Another order goes all the way meanwhile, through the same connector.
    const other = await world.api('POST', '', orderOf([priced('1', 'SP-2001', 1, 10)]));
    await inState(String(other['id']), 'inProgress');
    expect(await refusals('erpNotChanged')).toHaveLength(2);
    await world.cancel(id);
    await inState(id, 'assessingCancellation');
    await world.api('PATCH', `/${id}`, { '@type': 'ProductOrder', state: 'pendingCancellation' });
    await refused('erpNotCancelled', 1);
    const third = await world.api('POST', '', orderOf([priced('1', 'SP-2001', 1, 10)]));
    await inState(String(third['id']), 'inProgress');
    expect(await refusals('erpNotCancelled')).toHaveLength(1);
    expect(await refusals('erpNotChanged')).toHaveLength(2);
  });
});
