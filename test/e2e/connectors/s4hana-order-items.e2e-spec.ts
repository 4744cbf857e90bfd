import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@quotebridge/platform/core';
import { eventually } from './sandbox-control';
import { s4World } from './s4hana-world';

describe('items of an order that the ERP has', () => {
  const world = s4World();

  beforeAll(async () => {
    await world.connector.runAll();
  });

  type Placed = JsonObject & { id: string };
  /** An order that has become a sales order; the sales order's number. */
  const handedOver = async (): Promise<{ placed: Placed; number: string }> => {
    const placed = world.order();
    await world.publish(placed);
    await world.patched(placed.id);
    const [made] = await world.salesOrdersOf(placed.id);
    return { placed, number: String(made?.['SalesOrder']) };
  };
  const changed = (order: Placed, number: string, productOrderItem: JsonObject[]): Promise<void> => {
    const externalIdentifier = [
      {
        '@type': 'ExternalIdentifier',
        owner: world.instance,
        externalIdentifierType: 'salesOrder',
        id: number,
      },
    ];
    const whole = { ...order, state: 'inProgress', externalIdentifier, productOrderItem };
    return world.publish(whole, randomUUID(), 'ProductOrderAttributeValueChangeEvent');
  };
  const linesOf = async (number: string): Promise<JsonObject[]> =>
    (await world.s4.table('A_SalesOrderItem')).filter((row) => row['SalesOrder'] === number);
  const first = (order: Placed): JsonObject[] => order['productOrderItem'] as JsonObject[];
  /** An item as the order component tells of one that was added. */
  const added = (id: string, material: string, quantity: number, net: number): JsonObject => ({
    ...world.item(id, material, quantity, net),
    takenOver: { '@type': 'TakenOverItem', quantity, isAdded: true },
  });
  const posts = async (number: string): Promise<number> =>
    (await world.s4.requests()).filter(
      ({ method, url }) => method === 'POST' && decodeURIComponent(url).includes(`'${number}')/to_Item`),
    ).length;
  const told = (id: string) =>
    eventually(() => {
      const resource = world.owner.resources.get(id);
      return resource?.['productOrderErrorMessage'] === undefined ? undefined : resource;
    });

  it.each<[string, JsonObject[]]>([
    ['without faults', []],
    [
      'when the answer is lost after it was added',
      [{ name: 'dropResponseAfterCommit', method: 'POST', path: 'to_Item' }],
    ],
    ['when the session has expired', [{ name: 'expireSession', method: 'POST' }]],
  ])('guarantee 4: a new item becomes one line more at its price, %s', async (_name, faults) => {
    const { placed, number } = await handedOver();
    for (const fault of faults) await world.s4.fault(fault);
    const items = [...first(placed), added('3', 'SP-2001', 7, 100)];
    await changed(placed, number, items);
    const lines = await eventually(async () => {
      const rows = await linesOf(number);
      return rows.length > 2 ? rows : undefined;
    });
    expect(lines[2]).toMatchObject({
      SalesOrderItem: '30',
      Material: 'SP-2001',
      RequestedQuantity: '7',
      NetAmount: '100.00',
    });
    // The same again, and another change after it: nothing is added twice.
    await changed(placed, number, items);
    await changed(placed, number, [...items, added('4', 'SC-2001', 1, 5)]);
    const all = await eventually(async () => {
      const rows = await linesOf(number);
      return rows.length > 3 ? rows : undefined;
    });
    expect(all.map((row) => row['SalesOrderItem'])).toEqual(['10', '20', '30', '40']);
    const [salesOrder] = await world.salesOrdersOf(placed.id);
    expect(salesOrder?.['TotalNetAmount']).toBe('1455.99');
    if (faults.length === 0) expect(await posts(number)).toBe(2);
  });

  it('one that was added and has another quantity since is a line of that many', async () => {
    const { placed, number } = await handedOver();
    const more = (quantity: number, net: number): JsonObject[] => [
      ...first(placed),
      { ...added('3', 'SC-2001', 2, 20), quantity, ...pricedAt(net) },
    ];
    await changed(placed, number, more(2, 20));
    await eventually(async () => (await linesOf(number)).length === 3 || undefined);
    await changed(placed, number, more(5, 50));
    const lines = await eventually(async () => {
      const rows = await linesOf(number);
      return rows[2]?.['RequestedQuantity'] === '5' ? rows : undefined;
    });
    expect(lines[2]).toMatchObject({ NetAmount: '50.00' });
  });
  const pricedAt = (net: number): JsonObject => {
    const { itemPrice } = world.item('3', 'SC-2001', 1, net);
    return itemPrice === undefined ? {} : { itemPrice };
  };

  it('one in whose place the ERP has something else is refused, and the order says so', async () => {
    const { placed, number } = await handedOver();
    await world.write('POST', `API_SALES_ORDER_SRV/A_SalesOrder('${number}')/to_Item`, {
      Material: 'SC-2001',
      RequestedQuantity: '1',
    });
    await changed(placed, number, [...first(placed), added('3', 'SP-2001', 1, 10)]);
    expect(await told(placed.id)).toMatchObject({
      productOrderErrorMessage: [
        {
          code: 'erpNotChanged',
          message: expect.stringContaining(`item 30 of the sales order ${number} is not SP-2001`) as string,
        },
      ],
    });
    expect(await linesOf(number)).toHaveLength(3);
  });

  it.each<[string, JsonObject[]]>([
    ['without faults', []],
    ['when an answer is lost', [{ name: 'dropResponseAfterCommit', path: '$batch' }]],
    ['when somebody else has changed it meanwhile', [{ name: 'changedMeanwhile', times: 2, path: '$batch' }]],
  ])('one that is taken out is rejected there, and the others go on, %s', async (_name, faults) => {
    const { placed, number } = await handedOver();
    for (const fault of faults) await world.s4.fault(fault);
    const [one = {}, two = {}] = first(placed);
    await changed(placed, number, [
      { ...one, state: 'inProgress' },
      { ...two, state: 'cancelled' },
    ]);
    const lines = await eventually(async () => {
      const rows = await linesOf(number);
      return rows.some((row) => row['SalesDocumentRjcnReason'] !== '') ? rows : undefined;
    });
    expect(lines.map((row) => row['SalesDocumentRjcnReason'] !== '')).toEqual([false, true]);
    const [salesOrder] = await world.salesOrdersOf(placed.id);
    expect(salesOrder).toMatchObject({ TotalNetAmount: '999.99', OverallSDDocumentRejectionSts: 'B' });
  });

  it('one that is taken out after it was delivered stays, and the order says so', async () => {
    const { placed, number } = await handedOver();
    await world.s4.post(`/__sandbox/orders/${number}/advance`, { to: 'C' });
    const [one = {}, two = {}] = first(placed);
    await changed(placed, number, [one, { ...two, state: 'cancelled' }]);
    expect(await told(placed.id)).toMatchObject({
      productOrderErrorMessage: [
        { code: 'erpNotChanged', message: expect.stringContaining('it is not taken out') as string },
      ],
    });
  });
});
