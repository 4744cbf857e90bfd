import { randomUUID } from 'node:crypto';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { consumerOf } from '@quotebridge/connectors/sdk';
import { listDeadLetters, TMF_EVENTS } from '@quotebridge/platform/events';
import { eventually, toBePlayed } from './sandbox-control';
import { s4World } from './s4hana-world';

describe('guarantee 4: an order is created in the ERP exactly once', () => {
  const world = s4World({ settings: { orderText: 'TX01' } });

  beforeAll(async () => {
    await world.connector.runAll();
  });

  it.each([
    ['without faults', []],
    [
      'when the CSRF cookies are missing',
      [{ name: 'csrfWithoutCookie' }, { name: 'expireSession', method: 'POST' }],
    ],
  ])('%s', async (_name, faults) => {
    for (const fault of faults) await world.s4.fault(fault);
    const placed = world.order();
    await world.publish(placed);
    const patch = await world.patched(placed.id);
    // Long enough for a request that was given up to arrive after all.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const created = await world.salesOrdersOf(placed.id);
    expect(created).toHaveLength(1);
    expect(patch).toMatchObject({
      state: 'inProgress',
      externalIdentifier: [
        { owner: world.instance, externalIdentifierType: 'salesOrder', id: created[0]?.['SalesOrder'] },
      ],
    });
    // 999.99 for three pieces does not divide into cents; the total must be exact all the same.
    expect(created[0]?.['TotalNetAmount']).toBe('1350.99');
    for (const name of toBePlayed(faults)) expect(await world.s4.played(name)).toBe(true);
  });

  it('with its structure, and a text for what has no field', async () => {
    const pump = {
      ...world.item('1', 'SP-2001', 1, 500),
      productOrderItem: [world.item('1.1', 'SC-2001', 4, 0)],
    };
    const placed = {
      ...world.order(),
      productOrderItem: [pump],
      businessOrder: { shipTo: { street: 'Dock 3', city: 'Bremen' } },
    };
    await world.publish(placed);
    await world.patched(placed.id);
    const [created] = await world.salesOrdersOf(placed.id);
    const ofIt = async (table: string) =>
      (await world.s4.table(table)).filter((row) => row['SalesOrder'] === created?.['SalesOrder']);
    expect(await ofIt('A_SalesOrderItem')).toMatchObject([
      { SalesOrderItem: '10' },
      {
        SalesOrderItem: '20',
        HigherLevelItem: '10',
        RequestedQuantity: expect.stringMatching(/^4/) as string,
      },
    ]);
    expect(await ofIt('A_SalesOrderText')).toMatchObject([
      { LongTextID: 'TX01', Language: 'EN', LongText: 'Ship to: Dock 3, Bremen' },
    ]);
  });

  it('for the customer that the order names by its number or by its id', async () => {
    for (const customer of ['10100001', stableId(world.instance, 'customer', '10100001')]) {
      const placed = world.order(customer);
      await world.publish(placed);
      await world.patched(placed.id);
      expect(await world.salesOrdersOf(placed.id)).toMatchObject([{ SoldToParty: '10100001' }]);
    }
  });

  it('when the event comes twice', async () => {
    const placed = world.order();
    const eventId = randomUUID();
    await world.publish(placed, eventId);
    await world.patched(placed.id);
    await world.publish(placed, eventId);
    await world.publish(placed);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await world.salesOrdersOf(placed.id)).toHaveLength(1);
  });

  it('an order that the ERP refuses is told to the order and kept as a dead letter with the reason', async () => {
    const placed = world.order('99999999');
    await world.publish(placed);
    const told = await eventually(() => world.owner.resources.get(placed.id));
    expect(told).toMatchObject({
      state: 'pending',
      productOrderErrorMessage: [{ message: expect.stringContaining('99999999') as string }],
    });
    const letter = await eventually(async () =>
      (await listDeadLetters(world.bus)).find(({ payload }) => payload.includes(placed.id)),
    );
    expect(letter.reason).toContain('VP/112');
    // The order says so itself: nobody is alarmed by the letter as well.
    expect(letter.told).toBe(true);
    expect(await world.salesOrdersOf(placed.id)).toHaveLength(0);
  });

  it('an order of offerings that are not ours is left alone', async () => {
    const foreign = { ...world.order(), productOrderItem: [world.item('1', 'NOT-OURS', 1, 5)] };
    await world.publish(foreign);
    const ours = world.order();
    await world.publish(ours);
    await world.patched(ours.id);
    expect(await world.salesOrdersOf(foreign.id)).toHaveLength(0);
  });

  describe('a change of the order', () => {
    const on = (day: string): number => Date.parse(day);
    const dayOf = (row: JsonObject | undefined): unknown => row?.['RequestedDeliveryDate'];
    const changed = (
      order: JsonObject & { id: string },
      salesOrder: JsonObject | undefined,
      more: JsonObject,
    ): Promise<void> => {
      const externalIdentifier = [
        {
          '@type': 'ExternalIdentifier',
          owner: world.instance,
          externalIdentifierType: 'salesOrder',
          id: String(salesOrder?.['SalesOrder']),
        },
      ];
      const whole = { ...order, state: 'inProgress', externalIdentifier, ...more };
      return world.publish(whole, randomUUID(), 'ProductOrderAttributeValueChangeEvent');
    };
    const writes = async (): Promise<number> =>
      (await world.s4.requests()).filter(({ method, url }) => method !== 'GET' && url.includes('SALES_ORDER'))
        .length;

    const FAULTS: readonly [string, JsonObject[]][] = [
      ['without faults', []],
      ['when an answer is lost', [{ name: 'dropResponseAfterCommit', path: '$batch' }]],
      [
        'when somebody else has changed it meanwhile',
        [{ name: 'changedMeanwhile', times: 2, path: '$batch' }],
      ],
      [
        'when the system takes no vague version',
        [{ name: 'wantsExactEtag', times: 'always', path: '$batch' }],
      ],
    ];

    it.each<[string, JsonObject[]]>([
      ...FAULTS,
      ['when somebody else is changing it', [{ name: 'lockedByUser', times: 2, path: '$batch' }]],
    ])('is a change of the sales order, %s', async (_name, faults) => {
      const placed = { ...world.order(), requestedCompletionDate: '2027-03-01T12:00:00.000Z' };
      await world.publish(placed);
      await world.patched(placed.id);
      const [made] = await world.salesOrdersOf(placed.id);
      expect(dayOf(made)).toBe(on('2027-03-01'));
      for (const fault of faults) await world.s4.fault(fault);
      await changed(placed, made, { requestedCompletionDate: '2027-04-02T00:00:00.000Z' });
      const after = await eventually(async () => {
        const [row] = await world.salesOrdersOf(placed.id);
        return dayOf(row) === on('2027-04-02') ? row : undefined;
      });
      expect(after['TotalNetAmount']).toBe(made?.['TotalNetAmount']);
      for (const name of toBePlayed(faults)) expect(await world.s4.played(name)).toBe(true);
    });

    const itemsOf = async (salesOrder: JsonObject | undefined): Promise<JsonObject[]> =>
      (await world.s4.table('A_SalesOrderItem')).filter(
        (row) => row['SalesOrder'] === salesOrder?.['SalesOrder'],
      );
    /** The order with so many of its first item, as the order component tells it. */
    const requantified = (order: JsonObject, quantity: number): JsonObject => {
      const [first = {}, ...rest] = order['productOrderItem'] as JsonObject[];
      const takenOver = { '@type': 'TakenOverItem', quantity: first['quantity'] ?? 1 };
      return { productOrderItem: [{ ...first, quantity, takenOver }, ...rest] };
    };

    it.each(FAULTS)(
      'another quantity is one of the item, at the price of one that was agreed, %s',
      async (_name, faults) => {
        const placed = world.order();
        await world.publish(placed);
        await world.patched(placed.id);
        const [made] = await world.salesOrdersOf(placed.id);
        for (const fault of faults) await world.s4.fault(fault);
        await changed(placed, made, requantified(placed, 5));
        const items = await eventually(async () => {
          const rows = await itemsOf(made);
          return rows[0]?.['RequestedQuantity'] === '5' ? rows : undefined;
        });
        expect(items.map((row) => [row['RequestedQuantity'], row['NetAmount']])).toEqual([
          ['5', '1666.65'],
          ['1', '351.00'],
        ]);
        for (const name of toBePlayed(faults)) expect(await world.s4.played(name)).toBe(true);
      },
    );

    it('of the quantity of what is delivered is refused, and the order says so', async () => {
      const placed = world.order();
      await world.publish(placed);
      await world.patched(placed.id);
      const [made] = await world.salesOrdersOf(placed.id);
      await world.s4.post(`/__sandbox/orders/${String(made?.['SalesOrder'])}/advance`, { to: 'C' });
      await changed(placed, made, requantified(placed, 5));
      const told = await eventually(() => {
        const resource = world.owner.resources.get(placed.id);
        return resource?.['productOrderErrorMessage'] === undefined ? undefined : resource;
      });
      expect(told).toMatchObject({
        productOrderErrorMessage: [
          { code: 'erpNotChanged', message: expect.stringContaining('its quantity stays 3') as string },
        ],
      });
      expect((await itemsOf(made))[0]).toMatchObject({ RequestedQuantity: '3' });
    });

    it('is written once, and what is changed in the ERP afterwards stays', async () => {
      const placed = { ...world.order(), requestedCompletionDate: '2027-03-01T12:00:00.000Z' };
      await world.publish(placed);
      await world.patched(placed.id);
      const [made] = await world.salesOrdersOf(placed.id);
      const wish = { requestedCompletionDate: '2027-05-03T00:00:00.000Z' };
      await changed(placed, made, wish);
      await eventually(async () => {
        const [row] = await world.salesOrdersOf(placed.id);
        return dayOf(row) === on('2027-05-03') ? true : undefined;
      });
      await world.write('PATCH', `API_SALES_ORDER_SRV/A_SalesOrder('${String(made?.['SalesOrder'])}')`, {
        RequestedDeliveryDate: `/Date(${on('2028-01-02')})/`,
      });
      const before = await writes();
      await changed(placed, made, { ...wish, description: 'Something else' });
      await eventually(async () => {
        const { waiting, inWork } = await world.bus.lag(
          TMF_EVENTS,
          consumerOf(world.instance, 'changeSalesOrder'),
        );
        return waiting + inWork === 0 || undefined;
      });
      const [row] = await world.salesOrdersOf(placed.id);
      expect(dayOf(row)).toBe(on('2028-01-02'));
      expect(await writes()).toBe(before);
    });
  });

  it('the finished sales order completes the product order', async () => {
    const placed = world.order();
    await world.publish(placed);
    await world.patched(placed.id);
    const [created] = await world.salesOrdersOf(placed.id);
    await world.s4.post(`/__sandbox/orders/${String(created?.['SalesOrder'])}/advance`, { to: 'C' });
    await world.connector.runStream('orderStatuses');
    expect(world.owner.resources.get(placed.id)).toMatchObject({ state: 'completed' });
  });
});
