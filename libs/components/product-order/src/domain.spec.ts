import { validatorFor, annotateTypes } from '@quotebridge/tmf-specs';
import type { JsonObject } from '@quotebridge/platform/core';
import { catalogFaults, itemFaults, offeringIdsOf, type OfferingView } from './catalog-rules';
import { orderFromQuote, orderIdOfQuote } from './from-quote';
import { noticeEvents, withProgress } from './progress';
import type { ItemState } from './states';

const AT = '2026-01-31T08:00:00.000Z';
const moment = { orderId: 'o1', at: AT };
const items = (...states: readonly ItemState[]) => states.map((state, i) => ({ id: String(i + 1), state }));

describe('the catalog', () => {
  const catalog: Readonly<Record<string, OfferingView>> = {
    sold: { lifecycleStatus: 'Launched' },
    part: { lifecycleStatus: 'Launched', isSellable: false },
    old: { lifecycleStatus: 'Retired' },
    gone: { lifecycleStatus: 'Obsolete' },
    later: { lifecycleStatus: 'Launched', validFrom: 2000 },
  };
  const faultsOf = (...productOrderItem: JsonObject[]) =>
    catalogFaults({ productOrderItem }, (id) => catalog[id], 1000);
  const item = (action: string, offering?: string, product?: string): JsonObject => ({
    id: '1',
    action,
    ...(offering === undefined ? {} : { productOffering: { id: offering } }),
    ...(product === undefined ? {} : { product: { id: product } }),
  });

  it.each([
    [item('add', 'sold')],
    [item('modify', 'old', 'p')],
    [item('delete', 'gone', 'p')],
    [item('delete', undefined, 'p')],
    [item('noChange', 'old')],
    [{ ...item('add', 'sold'), productOrderItem: [item('add', 'part')] }],
  ])('has nothing against %j', (good) => {
    expect(faultsOf(good)).toEqual([]);
  });

  it.each([
    [item('add'), '/productOrderItem/0/productOffering/id', 'required'],
    [item('add', 'unknown'), '/productOrderItem/0/productOffering/id', 'unknownReference'],
    [item('add', 'old'), '/productOrderItem/0/productOffering', 'offeringNotOrderable'],
    [item('add', 'part'), '/productOrderItem/0/productOffering', 'offeringNotOrderable'],
    [item('add', 'later'), '/productOrderItem/0/productOffering', 'offeringNotOrderable'],
    [item('modify', 'gone', 'p'), '/productOrderItem/0/productOffering', 'offeringNotOrderable'],
    [item('modify', 'sold'), '/productOrderItem/0/product/id', 'required'],
    [item('buy', 'sold'), '/productOrderItem/0/action', 'enum'],
    [
      { ...item('add', 'sold'), productOrderItem: [item('add', 'old')] },
      '/productOrderItem/0/productOrderItem/0/productOffering',
      'offeringNotOrderable',
    ],
  ])('refuses %j', (bad, path, code) => {
    expect(faultsOf(bad)).toMatchObject([{ path, code }]);
  });

  it('is asked for the version that an item names', () => {
    const named = { ...item('add'), productOffering: { id: 'sold', version: '0.9' } };
    expect(offeringIdsOf({ productOrderItem: [named] })).toEqual(['sold:(version=0.9)']);
    expect(faultsOf(named)).toMatchObject([{ code: 'unknownReference' }]);
  });

  it('is asked for each offering once', () => {
    const order = {
      productOrderItem: [item('add', 'a'), { ...item('add', 'a'), productOrderItem: [item('add', 'b')] }],
    };
    expect(offeringIdsOf(order)).toEqual(['a', 'b']);
  });

  it('is not needed to see that items are unusable', () => {
    expect(itemFaults({ productOrderItem: [] })).toMatchObject([{ code: 'minItems' }]);
    expect(itemFaults({ productOrderItem: [{ id: '1', quantity: 0 }, { id: '1' }] })).toMatchObject([
      { path: '/productOrderItem/0/quantity', code: 'minimum' },
      { path: '/productOrderItem/1/id', code: 'duplicate' },
    ]);
  });
});

describe('the order of an accepted quote', () => {
  const price = {
    '@type': 'QuotePrice',
    priceType: 'oneTime',
    price: { '@type': 'Price', dutyFreeAmount: { unit: 'EUR', value: 90.1 }, taxRate: 19 },
    priceAlteration: [
      { '@type': 'PriceAlteration', priceType: 'discount', price: { '@type': 'Price', percentage: 10 } },
    ],
  };
  const quote: JsonObject = {
    '@type': 'Quote',
    id: 'q1',
    href: 'https://host.example/quote/q1',
    state: 'accepted',
    category: 'b2b',
    externalIdentifier: [
      { '@type': 'ExternalIdentifier', owner: 'crm', externalIdentifierType: 'opportunity', id: '006' },
    ],
    billingAccount: [{ '@type': 'BillingAccountRef', id: 'b1' }],
    relatedParty: [
      {
        '@type': 'RelatedPartyOrPartyRole',
        role: 'customer',
        partyOrPartyRole: { '@type': 'Organization', id: 'c1', name: 'Acme', tradingName: 'Acme' },
      },
    ],
    quoteTotalPrice: [price],
    quoteItem: [
      {
        '@type': 'QuoteItem',
        id: '1',
        action: 'add',
        quantity: 3,
        state: 'accepted',
        productOffering: { '@type': 'ProductOfferingRef', id: 'of1' },
        quoteItemPrice: [price],
        quoteItem: [{ '@type': 'QuoteItem', id: '1.1', action: 'add', quoteItemPrice: [price] }],
      },
    ],
  };

  it('carries prices, references, parties and identifiers', () => {
    const result = orderFromQuote(quote);
    const order = result.ok ? result.value : {};
    expect(order).toMatchObject({
      category: 'b2b',
      quote: [{ '@type': 'QuoteRef', id: 'q1', href: 'https://host.example/quote/q1' }],
      billingAccount: { id: 'b1' },
      externalId: [{ owner: 'crm', externalIdentifierType: 'opportunity', id: '006' }],
      orderTotalPrice: [{ ...price, '@type': 'OrderPrice' }],
      relatedParty: [
        {
          '@type': 'RelatedPartyRefOrPartyRoleRef',
          role: 'customer',
          partyOrPartyRole: { '@type': 'PartyRef', '@referredType': 'Organization', id: 'c1', name: 'Acme' },
        },
      ],
      productOrderItem: [
        {
          id: '1',
          quantity: 3,
          action: 'add',
          itemPrice: [{ ...price, '@type': 'OrderPrice' }],
          quoteItem: { quoteId: 'q1', quoteItemId: '1' },
          productOrderItem: [{ id: '1.1', quoteItem: { quoteId: 'q1', quoteItemId: '1.1' } }],
        },
      ],
    });
    const valid = validatorFor('TMF622', 'v5', 'ProductOrder_FVO');
    expect(valid(annotateTypes('TMF622', 'ProductOrder_FVO', order))).toEqual([]);
  });

  it('has the same id each time', () => {
    expect(orderIdOfQuote('q1')).toBe(orderIdOfQuote('q1'));
    expect(orderIdOfQuote('q1')).not.toBe(orderIdOfQuote('q2'));
  });

  it.each([
    [{ state: 'approved' }, "The quote q1 is 'approved', not accepted."],
    [{ quoteItem: [] }, 'The quote q1 has no items.'],
    [{ quoteItem: [{ id: '7', action: 'add' }] }, 'The quote q1 has no price for item 7.'],
  ])('is refused where the quote has %j', (change, reason) => {
    expect(orderFromQuote({ ...quote, ...change })).toEqual({ ok: false, error: reason });
  });

  it('needs no price for an item that ends a product', () => {
    expect(orderFromQuote({ ...quote, quoteItem: [{ id: '7', action: 'delete' }] }).ok).toBe(true);
  });
});

describe('the progress of an order', () => {
  const created = withProgress(
    undefined,
    { state: 'acknowledged', productOrderItem: items('acknowledged') },
    moment,
  );
  const statuses = (order: JsonObject) =>
    (order['productOrderMilestone'] as JsonObject[]).map(
      ({ id, status }) => `${String(id)} ${String(status)}`,
    );

  it('begins with its milestones', () => {
    expect(statuses(created)).toEqual([
      'accepted Completed',
      'started Yet-To-Reach',
      'completed Yet-To-Reach',
    ]);
    expect(noticeEvents(undefined, created)).toEqual(['ProductOrderMilestoneEvent']);
  });

  it('completes milestones, and violates those that can no longer be reached', () => {
    const failed = withProgress(
      created,
      { ...created, state: 'failed', productOrderItem: items('failed') },
      moment,
    );
    expect(statuses(failed)).toEqual(['accepted Completed', 'started Completed', 'completed Violated']);
  });

  it('changes nothing when nothing happened', () => {
    expect(withProgress(created, created, moment)).toBe(created);
    expect(noticeEvents(created, { ...created })).toEqual([]);
  });

  it('tells of an item that is stopped, once', () => {
    const held = withProgress(
      created,
      { ...created, state: 'held', productOrderItem: items('held') },
      moment,
    );
    expect(held['productOrderJeopardyAlert']).toMatchObject([
      {
        exception: 'held',
        alertDate: AT,
        productOrderItem: [{ productOrderId: 'o1', productOrderItemId: '1' }],
      },
    ]);
    expect(withProgress(held, held, moment)).toBe(held);
    expect(noticeEvents(created, held)).toContain('ProductOrderJeopardyAlertEvent');
  });

  it('tells once that the order is late', () => {
    const due = { ...created, requestedCompletionDate: '2026-01-30T00:00:00Z' };
    const late = withProgress(created, due, moment);
    expect(late['productOrderJeopardyAlert']).toMatchObject([{ exception: 'late' }]);
    expect(withProgress(late, late, moment)).toBe(late);
  });

  it('has a message for items that failed', () => {
    const failed = withProgress(
      created,
      { ...created, state: 'failed', productOrderItem: items('failed') },
      moment,
    );
    expect(failed['productOrderErrorMessage']).toMatchObject([
      { code: 'itemFailed', timestamp: AT, productOrderItem: [{ productOrderItemId: '1' }] },
    ]);
  });

  it('dates the end of an order, and asks for information when it waits', () => {
    expect(withProgress(created, { ...created, state: 'completed' }, moment)).toMatchObject({
      completionDate: AT,
    });
    expect(withProgress(created, { ...created, state: 'cancelled' }, moment)).toMatchObject({
      cancellationDate: AT,
    });
    expect(noticeEvents(created, { ...created, state: 'pending' })).toEqual([
      'ProductOrderInformationRequiredEvent',
    ]);
  });
});
