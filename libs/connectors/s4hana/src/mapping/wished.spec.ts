import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { fieldsOf, missingIn, wishedIn } from './wished';

const order = (day: string | undefined, purchaseOrder: string | undefined): JsonObject => ({
  ...(day === undefined ? {} : { requestedCompletionDate: `${day}T15:30:00.000Z` }),
  externalId:
    purchaseOrder === undefined
      ? []
      : [{ '@type': 'ExternalIdentifier', externalIdentifierType: 'purchaseOrder', id: purchaseOrder }],
});

describe('what a sales order follows of its product order', () => {
  const day = fc
    .date({ noInvalidDate: true, min: new Date('2000-01-01'), max: new Date('2099-12-31') })
    .map((date) => date.toISOString().slice(0, 10));
  const orders = fc
    .tuple(
      fc.option(day, { nil: undefined }),
      fc.option(fc.stringMatching(/^[A-Z0-9-]{1,60}$/), { nil: undefined }),
    )
    .map(([on, number]) => order(on, number));

  it('is fulfilled by a sales order that is made of it, and by no other wish', () => {
    fc.assert(
      fc.property(orders, orders, (one, other) => {
        const salesOrder = fieldsOf(wishedIn(one));
        expect(missingIn(salesOrder, wishedIn(one))).toEqual({});
        const left = missingIn(salesOrder, wishedIn(other));
        expect(missingIn({ ...salesOrder, ...fieldsOf(left) }, wishedIn(other))).toEqual({});
      }),
    );
  });

  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    [
      'another day',
      order('2027-02-01', undefined),
      { RequestedDeliveryDate: '/Date(0)/' },
      { day: '2027-02-01' },
    ],
    [
      'another number',
      order(undefined, 'PO-2'),
      { PurchaseOrderByCustomer: 'PO-1' },
      { purchaseOrder: 'PO-2' },
    ],
    ['nothing that is not said', order(undefined, undefined), { PurchaseOrderByCustomer: 'PO-1' }, {}],
    ['a day where there is none yet', order('2027-02-01', undefined), {}, { day: '2027-02-01' }],
  ])('is %s', (_name, wishing, salesOrder, expected) => {
    expect(missingIn(salesOrder, wishedIn(wishing))).toEqual(expected);
  });
});
