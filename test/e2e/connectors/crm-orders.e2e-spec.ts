import { randomUUID } from 'node:crypto';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { DEMO_OPPORTUNITY_ID } from '@quotebridge/sandbox/salesforce';
import { crmOrdersWorld } from './crm-orders-world';
import { eventually } from './sandbox-control';

describe('orders of the CRM and of the ERP', () => {
  const world = crmOrdersWorld(
    {
      orders: {
        idField: 'QuoteBridge_Order__c',
        fields: { state: 'ERP_Order_Status__c', number: 'ERP_Order_Number__c' },
        take: { from: '2020-01-01T00:00:00Z' },
        payment: { field: 'Payment_Status__c' },
        cancel: { accepted: true },
      },
    },
    { payment: { text: 'ZPAY' } },
  );
  const idOf = (order: string): string => stableId(world.crmInstance, 'productOrder', order);
  /** The order as soon as it shows the number of its sales order. */
  const numbered = (order: string): Promise<JsonObject> =>
    eventually(async () => {
      const row = await world.orderAt(order);
      return typeof row['ERP_Order_Number__c'] === 'string' ? row : undefined;
    });

  it.each([
    ['no fault', undefined],
    ['answers of the ERP and of the CRM that are lost', { name: 'dropResponseAfterCommit' }],
  ])(
    'one that is activated becomes one sales order, whose number and state come back, with %s',
    async (_name, fault) => {
      const id = await world.draft(
        [
          ['SP-1001', 2, 2480.5],
          ['SP-2001', 3, 99.99],
        ],
        { PoNumber: 'PO-17' },
      );
      expect((await world.take()).counts).toMatchObject({ created: 0 });
      await world.activate(id);
      if (fault !== undefined) {
        await world.erp.fault({ ...fault, method: 'POST', path: 'A_SalesOrder' });
        await world.crm.fault({ ...fault, method: 'PATCH', path: `/Order/${id}` });
      }
      expect((await world.take()).counts).toMatchObject({ created: 1 });
      const shown = await numbered(id);
      const sold = await world.salesOrdersOf(id);
      expect(sold).toMatchObject([
        {
          SoldToParty: '10100001',
          PurchaseOrderByCustomer: 'PO-17',
          SalesOrder: shown['ERP_Order_Number__c'],
        },
      ]);
      expect(Number(sold[0]?.['TotalNetAmount'])).toBe(5260.97);
      expect(shown).toMatchObject({ QuoteBridge_Order__c: idOf(id), Status: 'Activated' });

      // Our own writes moved the order; they come back without an effect.
      const again = await world.take();
      expect(again.counts).toMatchObject({ created: 0, updated: 0 });
      await world.erp.post(`/__sandbox/orders/${String(shown['ERP_Order_Number__c'])}/advance`, { to: 'C' });
      await world.run('erp', 'orderStatuses');
      await eventually(async () =>
        (await world.orderAt(id))['ERP_Order_Status__c'] === 'completed' ? true : undefined,
      );
      expect(await world.salesOrdersOf(id)).toHaveLength(1);
    },
  );

  it('one that nobody can deliver is kept with the reason and goes on when it is put right; others do not wait', async () => {
    const product = await world.user.create('Product2', {
      Name: 'Unknown',
      ProductCode: 'XX-1',
      IsActive: true,
    });
    const [book] = await world.user.query('SELECT Id FROM Pricebook2 LIMIT 1');
    await world.user.create('PricebookEntry', {
      Pricebook2Id: book?.['Id'],
      Product2Id: product,
      UnitPrice: 1,
      IsActive: true,
    });
    const nobody = await world.user.create('Account', { Name: 'Not in the ERP' });
    const [unknown, strange, good] = [
      await world.draft([['XX-1', 1, 1]]),
      await world.draft([['SP-1001', 1, 1]], { AccountId: nobody }),
      await world.draft([['SP-1001', 1, 2480]]),
    ];
    for (const id of [unknown, strange, good]) await world.activate(id);
    expect((await world.take()).counts).toMatchObject({ created: 1, rejected: 2 });
    await numbered(good);
    expect(await world.quarantined(unknown)).toMatchObject({
      faults: [{ path: '/productOrderItem/0/productOffering/id', code: 'unknownReference' }],
    });
    expect(await world.quarantined(strange)).toMatchObject({ faults: [{ path: '/Account/AccountNumber' }] });

    await world.user.change('Account', nobody, { AccountNumber: '10100002' });
    await world.user.change('Order', strange, { Description: 'Number added' });
    expect((await world.take()).counts).toMatchObject({ created: 1 });
    await numbered(strange);
    expect(await world.quarantined(strange)).toBeUndefined();
  });

  it('what was ordered stays: an order that is opened again and changed is refused with the reason', async () => {
    const id = await world.draft([['SP-1001', 1, 2480]]);
    await world.activate(id);
    await world.take();
    await numbered(id);
    await world.user.change('Order', id, { Status: 'Draft' });
    const [item] = await world.user.query(`SELECT Id FROM OrderItem WHERE OrderId = '${id}'`);
    await world.user.change('OrderItem', String(item?.['Id']), { Quantity: 5 });
    await world.activate(id);
    await world.take();
    expect(await world.quarantined(id)).toMatchObject({
      faults: [{ path: '/productOrderItem/0', code: 'alreadyOrdered' }],
    });
    expect(await world.productOrderOf(id)).toMatchObject({ productOrderItem: [{ quantity: 1 }] });
    expect(await world.salesOrdersOf(id)).toHaveLength(1);
  });

  // Orders of quotes carry the opportunity's identifier.
  const quoted = async (): Promise<string> => {
    const offering = stableId(world.erpInstance, 'productOffering', 'SP-2001');
    const money = { '@type': 'Money', unit: 'EUR', value: 100.01 };
    const made = await world.api('POST', '', {
      '@type': 'ProductOrder',
      externalId: [
        {
          '@type': 'ExternalIdentifier',
          owner: world.crmInstance,
          externalIdentifierType: 'opportunity',
          id: DEMO_OPPORTUNITY_ID,
        },
      ],
      relatedParty: [
        {
          '@type': 'RelatedPartyRefOrPartyRoleRef',
          role: 'customer',
          partyOrPartyRole: { '@type': 'PartyRef', '@referredType': 'Organization', id: '10100001' },
        },
      ],
      note: [{ '@type': 'Note', id: '1', text: randomUUID() }],
      productOrderItem: [
        {
          '@type': 'ProductOrderItem',
          id: '1',
          action: 'add',
          quantity: 10,
          productOffering: { '@type': 'ProductOfferingRef', id: offering },
          itemPrice: [
            {
              '@type': 'OrderPrice',
              priceType: 'oneTime',
              price: { '@type': 'Price', dutyFreeAmount: money },
            },
          ],
        },
      ],
    });
    return String(made['id']);
  };
  const shownAs = async (productOrder: string): Promise<JsonObject[]> =>
    (await world.crm.table('Order')).filter((row) => row['QuoteBridge_Order__c'] === productOrder);

  it.each([
    ['no fault', undefined],
    ['a lost answer', { name: 'dropResponseAfterCommit', path: '/composite' }],
    ['an error after the commit', { name: 'respond5xxAfterCommit', path: '/composite' }],
    ['a locked row', { name: 'compositePartLocked', times: 2 }],
  ])(
    'the order of a quote is shown once with its products, and is no new order when it is activated, with %s',
    async (_name, fault) => {
      if (fault !== undefined) await world.crm.fault(fault);
      const productOrder = await quoted();
      const shown = await eventually(async () =>
        (await shownAs(productOrder)).find((row) => typeof row['ERP_Order_Number__c'] === 'string'),
      );
      const id = String(shown['Id']);
      const items = (await world.crm.table('OrderItem')).filter((row) => row['OrderId'] === id);
      expect(items).toMatchObject([{ Quantity: 10, UnitPrice: 10 }]);
      const [opportunity] = (await world.crm.table('Opportunity')).filter(
        (row) => row['Id'] === DEMO_OPPORTUNITY_ID,
      );
      const { AccountId, Pricebook2Id } = opportunity ?? {};
      expect(shown).toMatchObject({
        AccountId,
        Pricebook2Id,
        Status: 'Draft',
        ERP_Order_Status__c: 'inProgress',
      });

      await world.activate(id);
      expect((await world.take()).counts).toMatchObject({ created: 0 });
      expect(await world.quarantined(id)).toBeUndefined();
      expect(await shownAs(productOrder)).toMatchObject([{ Status: 'Activated' }]);
      expect(await world.salesOrdersFor(productOrder)).toHaveLength(1);
      expect(await world.salesOrdersOf(id)).toEqual([]);
    },
  );

  describe('one that is cancelled in the CRM', () => {
    const sold = async (): Promise<string> => {
      const id = await world.draft([
        ['SP-1001', 1, 2480],
        ['SP-2001', 2, 99],
      ]);
      await world.activate(id);
      await world.take();
      await numbered(id);
      return id;
    };
    const reasonsOf = async (id: string): Promise<unknown[]> => {
      const [order] = await world.salesOrdersOf(id);
      return (await world.erp.table('A_SalesOrderItem'))
        .filter((row) => row['SalesOrder'] === order?.['SalesOrder'])
        .map((row) => row['SalesDocumentRjcnReason']);
    };
    const state = (id: string, wanted: string): Promise<JsonObject> =>
      eventually(async () => {
        const order = await world.productOrderOf(id);
        return order['state'] === wanted ? order : undefined;
      });
    const cancel = (id: string): Promise<void> => world.user.change('Order', id, { Status: 'Cancelled' });
    const remove = async (id: string): Promise<void> => {
      await world.user.change('Order', id, { Status: 'Draft' });
      await world.user.remove('Order', id);
    };

    it.each([
      ['by its status', cancel, 'The order is Cancelled in the CRM'],
      ['by being deleted', remove, 'The order was deleted in the CRM'],
    ])('%s is cancelled in the ERP as well, once', async (_name, end, reason) => {
      const id = await sold();
      await end(id);
      await world.take();
      await world.take('cancellations');
      await state(id, 'cancelled');
      expect(await reasonsOf(id)).toEqual(['00', '00']);
      await world.take();
      await world.take('cancellations');
      expect(await world.cancellationsOf(id)).toMatchObject([{ cancellationReason: reason }]);
      for (const stream of ['orders', 'cancellations'])
        expect(await world.quarantined(id, stream)).toBeUndefined();
      expect(await world.salesOrdersOf(id)).toHaveLength(1);
    });

    it('after the ERP has delivered it stays delivered, and the reason is kept for somebody', async () => {
      const id = await sold();
      const [order] = await world.salesOrdersOf(id);
      await world.erp.post(`/__sandbox/orders/${String(order?.['SalesOrder'])}/advance`, { to: 'C' });
      await world.run('erp', 'orderStatuses');
      await state(id, 'completed');
      await cancel(id);
      await world.take('cancellations');
      expect(await world.quarantined(id, 'cancellations')).toMatchObject({
        faults: [{ path: '/productOrder/id', code: 'notCancellable' }],
      });
      expect(await reasonsOf(id)).toEqual(['', '']);
    });

    it('before it was ordered asks for nothing', async () => {
      const id = await world.draft([['SP-1001', 1, 2480]]);
      await world.user.remove('Order', id);
      await world.take();
      await world.take('cancellations');
      expect(await world.cancellationsOf(id)).toEqual([]);
      expect(await world.quarantined(id, 'cancellations')).toBeUndefined();
    });
  });

  describe('the payment status', () => {
    /** What the ERP, the CRM and product ordering have for an order. */
    const statusOf = async (id: string, salesOrder: string): Promise<readonly unknown[]> => {
      const [text] = (await world.erp.table('A_SalesOrderText')).filter(
        (row) => row['SalesOrder'] === salesOrder,
      );
      const { businessOrder } = await world.productOrderOf(id);
      return [
        text?.['LongText'],
        (await world.orderAt(id))['Payment_Status__c'],
        (businessOrder as JsonObject | undefined)?.['paymentStatus'],
      ];
    };
    const everywhere = (id: string, salesOrder: string, status: string): Promise<true> =>
      eventually(async () =>
        (await statusOf(id, salesOrder)).every((one) => one === status) ? true : undefined,
      );
    const inErp = (salesOrder: string, LongText: string): Promise<void> =>
      world.inErp(
        'PATCH',
        `API_SALES_ORDER_SRV/A_SalesOrderText(SalesOrder='${salesOrder}',Language='EN',LongTextID='ZPAY')`,
        { LongText },
      );
    const writes = async (): Promise<number> =>
      [...(await world.crm.requests()), ...(await world.erp.requests())].filter(
        ({ method, url }) => method !== 'GET' && !url.includes('/token') && !url.includes('__sandbox'),
      ).length;

    it('follows a change of either side to the other, and the ERP when both changed it at the same time', async () => {
      const id = await world.draft([['SP-1001', 1, 2480]], { Payment_Status__c: 'open' });
      await world.activate(id);
      await world.take();
      const salesOrder = String((await numbered(id))['ERP_Order_Number__c']);
      await world.run('crm', 'payments');
      await everywhere(id, salesOrder, 'open');

      await inErp(salesOrder, 'paid');
      await world.run('erp', 'payments');
      await everywhere(id, salesOrder, 'paid');

      await world.user.change('Order', id, { Payment_Status__c: 'disputed' });
      await inErp(salesOrder, 'cleared');
      await world.run('crm', 'payments');
      await world.run('erp', 'payments');
      await everywhere(id, salesOrder, 'cleared');

      // What comes back of our own writes has no effect.
      const before = await writes();
      for (const side of ['crm', 'erp', 'crm'] as const) await world.run(side, 'payments');
      expect(await writes()).toBe(before);
      await everywhere(id, salesOrder, 'cleared');
    });
  });
});
