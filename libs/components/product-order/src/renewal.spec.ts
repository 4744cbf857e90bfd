import * as fc from 'fast-check';
import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import { renewalFaults, renewed } from './renewal';

interface Line {
  readonly quantity: number;
  readonly offering: string;
  readonly cents: number;
}

const order = (lines: readonly Line[], more: JsonObject = {}): JsonObject => ({
  '@type': 'ProductOrder',
  externalId: [{ owner: 'crm', externalIdentifierType: 'order', id: '801' }],
  relatedParty: [{ role: 'customer', partyOrPartyRole: { '@type': 'PartyRef', id: '101' } }],
  productOrderItem: lines.map(({ quantity, offering, cents }, index) => ({
    id: String(index),
    action: 'add',
    quantity,
    productOffering: { '@type': 'ProductOfferingRef', id: offering },
    itemTotalPrice: [
      { priceType: 'oneTime', price: { dutyFreeAmount: { unit: 'EUR', value: cents / 100 } } },
    ],
  })),
  ...more,
});
const line = fc.record({
  quantity: fc.integer({ min: 1, max: 9 }),
  offering: fc.constantFrom('a', 'b'),
  cents: fc.integer({ min: 1, max: 9 }),
});
const lines = fc.array(line, { minLength: 1, maxLength: 4 });

/** The order as it is kept here: on its way, with what the ERP said. */
const kept = (given: JsonObject): JsonObject => ({
  ...given,
  state: 'inProgress',
  externalId: [
    ...(given['externalId'] as JsonObject[]),
    { owner: 'erp', externalIdentifierType: 'salesOrder', id: '4711' },
  ],
  productOrderItem: (given['productOrderItem'] as JsonObject[]).map((item) => ({
    ...item,
    state: 'inProgress',
  })),
});

describe('an order that arrives again', () => {
  it('changes nothing when it orders the same', () => {
    fc.assert(
      fc.property(lines, (given) => {
        const current = kept(order(given));
        const after = renewed(current, order(given));
        expect({ ...after, externalId: [] }).toEqual({ ...current, externalId: [] });
        expect(after['externalId']).toEqual(expect.arrayContaining(current['externalId'] as JsonObject[]));
      }),
    );
  });

  it('is refused exactly when it orders something else', () => {
    fc.assert(
      fc.property(lines, lines, (given, other) => {
        const isSame = JSON.stringify(given) === JSON.stringify(other);
        expect(renewalFaults(kept(order(given)), order(other)).length === 0).toBe(isSame);
      }),
    );
  });

  it('is refused for another customer, with the reason and what to do', () => {
    const party = { role: 'Customer', partyOrPartyRole: { id: '102' } };
    const [one] = [{ quantity: 1, offering: 'a', cents: 1 }];
    const attempt = () => renewed(kept(order([one])), order([one], { relatedParty: [party] }));
    expect(attempt).toThrow(Refusal);
    expect(attempt).toThrow('/relatedParty is for another customer');
    expect(attempt).toThrow('make another one');
  });

  it('brings a new number of the purchase order', () => {
    const given = [{ quantity: 1, offering: 'a', cents: 1 }];
    const externalId = [{ owner: 'crm', externalIdentifierType: 'purchaseOrder', id: 'PO-2' }];
    expect(renewed(kept(order(given)), order(given, { externalId }))['externalId']).toContainEqual(
      externalId[0],
    );
  });
});
