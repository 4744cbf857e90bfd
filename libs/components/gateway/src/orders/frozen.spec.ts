import type { JsonObject } from '@quotebridge/platform/core';
import type { BusinessOrder } from './business-order';
import { frozenFaults } from './frozen';
import { toProductOrder } from './product-order';

const ordered: BusinessOrder = {
  number: 17,
  customer: { id: 'C1', email: 'a@b.example' },
  payment: { status: 'open' },
  currency: 'EUR',
  amount: '25',
  items: [{ part: 'P', quantity: 2, unitPrice: '12.5', components: [] }],
  requestedDelivery: '2027-01-31T00:00:00Z',
  purchaseOrder: 'PO-7',
  note: 'Gate 3',
};
const before: JsonObject = toProductOrder(ordered, {
  id: 'o1',
  caller: 'crm',
  digest: 'd',
  offeringOf: (part) => part,
});
const { requestedDelivery: _, purchaseOrder: __, note: ___, amount: ____, ...plain } = ordered;

describe('what was ordered', () => {
  it.each<[string, BusinessOrder]>([
    ['as it was', ordered],
    [
      'with another contact, payment and date',
      { ...ordered, customer: { id: 'C1' }, payment: {}, date: '2026-01-31' },
    ],
    ['without what another version of the contract has', plain],
    ['with the same time in another zone', { ...ordered, requestedDelivery: '2027-01-31T01:00:00+01:00' }],
  ])('may be sent %s', (_name, wanted) => {
    expect(frozenFaults(before, wanted)).toEqual([]);
  });

  it.each<[string, Partial<BusinessOrder>]>([
    ['/amount', { amount: '24' }],
    ['/requested_delivery_date', { requestedDelivery: '2027-02-28T00:00:00Z' }],
    ['/purchase_order', { purchaseOrder: 'PO-8' }],
    ['/note', { note: 'Gate 4' }],
    ['/customer_id', { customer: { id: 'C2' } }],
    ['/currency', { currency: 'USD' }],
  ])('is not changed by a call that says otherwise at %s', (path, more) => {
    // The catalog gave the price: the items say nothing against another amount.
    const items = [{ part: 'P', quantity: 2, components: [] }];
    expect(frozenFaults(before, { ...ordered, items, ...more })).toMatchObject([{ path, code: 'frozen' }]);
  });
});
