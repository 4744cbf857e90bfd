import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import { mongo } from 'mongoose';
import { claimedFacts } from './claimed-facts';

describe('what an order says of itself', () => {
  it.each<[string, JsonObject, object]>([
    [
      'in the words of the CRM',
      {
        customer_id: 10100001,
        order_number: '0017',
        payment_method: 'card',
        amount: '26.020',
        currency: 'EUR',
        order_date: '2026-11-21',
      },
      {
        customerId: '10100001',
        orderNumber: 17,
        paymentMethod: 'card',
        amount: '26.02',
        currency: 'EUR',
        date: '2026-11-21',
      },
    ],
    [
      'with its whole structure',
      { orderNumber: 7, customer: { id: 'C' }, payment: { method: 'invoice' }, orderDate: '2026-11-21' },
      { orderNumber: 7, customerId: 'C', paymentMethod: 'invoice', date: '2026-11-21' },
    ],
    [
      'by a number of as many digits as a number can have',
      { order_number: 9007199254740991 },
      { orderNumber: 9007199254740991 },
    ],
    ['by no number that was rounded', { order_number: '9007199254740993' }, {}],
    [
      'of which nothing can be kept',
      { order_number: 'ten', amount: 'much', customer_id: {}, payment: [] },
      {},
    ],
  ])('is told %s', (_name, body, facts) => {
    expect(claimedFacts(body)).toEqual(facts);
  });

  it('can be stored, whatever was sent', () => {
    const names = [
      'customer_id',
      'order_number',
      'payment_method',
      'amount',
      'currency',
      'customer',
      'payment',
    ];
    const body = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(fc.jsonValue(), fc.double(), fc.bigInt().map(String)),
    );
    fc.assert(
      fc.property(body, (sent) => {
        const { amount, orderNumber, ...texts } = claimedFacts(sent);
        if (amount !== undefined) mongo.Decimal128.fromString(amount);
        if (orderNumber !== undefined) expect(Number.isSafeInteger(orderNumber)).toBe(true);
        for (const text of Object.values(texts)) expect(String(text).length).toBeLessThanOrEqual(200);
      }),
    );
  });
});
