import * as fc from 'fast-check';
import { isRejection } from '@quotebridge/connectors/sdk';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { Decimal } from 'decimal.js';
import { ORDER_SAMPLE } from '../samples';
import { mapOrder, orderId, type OrderMapSettings } from './order';
import { reportOf, shownLines } from './shown-order';

const settings: OrderMapSettings = {
  offeringSource: 'erp',
  customerNumberField: 'AccountNumber',
  currency: 'EUR',
  orders: {
    idField: 'Id__c',
    status: 'Draft',
    take: { statuses: ['Activated'], from: '2026-11-01T00:00:00Z' },
    fields: { state: 'State__c', number: 'Number__c' },
  },
};
const ID = String(ORDER_SAMPLE['Id']);
const OWN = orderId('crm', ID);
const map = (more: JsonObject = {}) => mapOrder('crm', settings)({ ...ORDER_SAMPLE, ...more });
const resourceOf = (more: JsonObject = {}): JsonObject => {
  const records = map(more);
  if (isRejection(records) || records[0] === undefined) throw new Error(JSON.stringify(records));
  return records[0].resource;
};
const itemsOf = (order: JsonObject): JsonObject[] => order['productOrderItem'] as JsonObject[];

describe('an order of the CRM', () => {
  it('becomes a product order with customer, number and prices', () => {
    expect(resourceOf()).toMatchObject({
      description: 'Spare parts for press 4',
      requestedStartDate: '2026-12-01T00:00:00.000Z',
      externalIdentifier: [
        { owner: 'crm', externalIdentifierType: 'order', id: ID },
        { externalIdentifierType: 'purchaseOrder', id: 'PO-17' },
      ],
      relatedParty: [{ role: 'customer', partyOrPartyRole: { id: '10100002', name: 'Nordhafen Shipyard' } }],
      orderTotalPrice: [{ price: { dutyFreeAmount: { unit: 'EUR', value: 4961 } } }],
      productOrderItem: [
        {
          id: '802000000000001AAA',
          quantity: 2,
          productOffering: { id: stableId('erp', 'productOffering', 'SP-1001') },
          itemTotalPrice: [{ price: { dutyFreeAmount: { value: 4961 } } }],
        },
      ],
    });
  });

  it.each<[string, JsonObject, boolean]>([
    ['made in the CRM', { Id__c: null }, true],
    ['that shows what it became', { Id__c: OWN, State__c: 'completed', Number__c: '4711' }, true],
    ['that we wrote for a quote', { Id__c: 'another' }, false],
    ['that we wrote for a quote and somebody deleted', { Id__c: 'another', IsDeleted: true }, false],
    ['that was ordered and is deleted', { Id__c: OWN, IsDeleted: true, OrderItems: null }, false],
    ['that is a draft', { Status: 'Draft', ActivatedDate: null }, false],
    ['that was activated before', { ActivatedDate: '2026-10-31T23:59:59.000+0000' }, false],
    [
      'that was never activated, by when it was made',
      { ActivatedDate: null, CreatedDate: '2026-10-31T23:59:59.000+0000' },
      false,
    ],
    [
      'that is ours to leave alone, whatever is wrong with it',
      { Status: 'Draft', Account: null, OrderItems: null },
      false,
    ],
  ])('%s: taken %s', (_name, more, taken) => {
    const records = map(more);
    expect(records).toHaveLength(taken ? 1 : 0);
    if (taken)
      expect(records).toMatchObject([{ op: 'upsert', id: OWN, externalId: ID, resource: resourceOf() }]);
  });

  it.each<[string, JsonObject, string]>([
    ['has no number of its customer', { Account: { Name: 'X' } }, '/Account/AccountNumber'],
    ['orders nothing', { OrderItems: null }, '/OrderItems'],
    [
      'takes something back',
      { OrderItems: { records: [{ Id: 'l', Quantity: -1, TotalPrice: 1, Product2: { ProductCode: 'A' } }] } },
      '/OrderItems/records/0/Quantity',
    ],
    [
      'has a product without a code',
      { OrderItems: { records: [{ Id: 'l', Quantity: 1, TotalPrice: 1, Product2: null }] } },
      '/OrderItems/records/0/Product2/ProductCode',
    ],
    [
      'has a product without a price',
      { OrderItems: { records: [{ Id: 'l', Quantity: 1, Product2: { ProductCode: 'A' } }] } },
      '/OrderItems/records/0/TotalPrice',
    ],
    ['has no id', { Id: null }, '/Id'],
  ])('that %s is refused with the place', (_name, more, path) => {
    expect(map(more)).toMatchObject({ faults: [{ path }] });
  });
});

const lines = fc.array(
  fc.record({ quantity: fc.integer({ min: 1, max: 500 }), cents: fc.integer({ min: 0, max: 9_999_999 }) }),
  { minLength: 1, maxLength: 6 },
);

describe('amounts of orders', () => {
  it('go to the product order as they are, and add up exactly', () => {
    fc.assert(
      fc.property(lines, (given) => {
        const records = given.map(({ quantity, cents }, index) => ({
          Id: `802${index}`,
          Quantity: quantity,
          TotalPrice: cents / 100,
          Product2: { ProductCode: `SP-${index}` },
        }));
        const order = resourceOf({ OrderItems: { records } });
        const sum = given.reduce((total, { cents }) => total + cents, 0);
        expect(order['orderTotalPrice']).toMatchObject([{ price: { dutyFreeAmount: { value: sum / 100 } } }]);
        expect(
          itemsOf(order).map(({ quantity, itemTotalPrice }) => [quantity, itemTotalPrice]),
        ).toMatchObject(
          given.map(({ quantity, cents }) => [
            quantity,
            [{ price: { dutyFreeAmount: { value: cents / 100 } } }],
          ]),
        );
      }),
    );
  });

  it('are shown on products by a unit price that is off by its rounding at most', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 0, max: 4 }), (given, decimals) => {
        const productOrderItem = given.map(({ quantity, cents }) => ({
          action: 'add',
          quantity,
          productOffering: { id: 'o' },
          itemPrice: [
            { priceType: 'oneTime', price: { dutyFreeAmount: { unit: 'EUR', value: cents / 100 } } },
          ],
        }));
        const shown = shownLines({ productOrderItem }, decimals);
        const half = new Decimal(10).pow(-decimals).div(2);
        for (const [index, { fields }] of shown.entries()) {
          const { quantity = 1, cents = 0 } = given[index] ?? {};
          const off = new Decimal(Number(fields['UnitPrice'])).minus(
            new Decimal(cents).div(100).div(quantity),
          );
          expect(off.abs().lessThanOrEqualTo(half)).toBe(true);
          expect(fields['Quantity']).toBe(quantity);
        }
        expect(shown).toHaveLength(given.length);
      }),
    );
  });
});

describe('what is shown of a product order', () => {
  const price = (value: number, priceType = 'oneTime') => ({
    priceType,
    price: { dutyFreeAmount: { unit: 'EUR', value } },
  });

  it('counts what an item is made of, its total before its prices, and leaves usage and what adds nothing out', () => {
    const offering = { productOffering: { id: 'o' } };
    const order = {
      productOrderItem: [
        {
          action: 'add',
          quantity: 2,
          ...offering,
          itemPrice: [price(10), price(4, 'recurring'), price(9, 'usage')],
        },
        { action: 'add', ...offering, itemTotalPrice: [price(7)], itemPrice: [price(1)] },
        { action: 'add', ...offering, itemPrice: [price(1)], productOrderItem: [{ itemPrice: [price(2)] }] },
        { action: 'delete', ...offering, itemPrice: [price(1)] },
        { action: 'add', itemPrice: [price(1)] },
      ],
    };
    expect(shownLines(order, 2).map(({ fields }) => fields)).toEqual([
      { Quantity: 2, UnitPrice: 7 },
      { Quantity: 1, UnitPrice: 7 },
      { Quantity: 1, UnitPrice: 3 },
    ]);
  });

  it('is state and number, in the fields that there are', () => {
    const order = {
      state: 'inProgress',
      externalId: [{ owner: 'erp', externalIdentifierType: 'salesOrder', id: '4711' }],
    };
    expect(reportOf(order, settings.orders)).toEqual({ State__c: 'inProgress', Number__c: '4711' });
    expect(reportOf({ state: 'acknowledged' }, settings.orders)).toEqual({ State__c: 'acknowledged' });
    expect(reportOf(order, { ...settings.orders, fields: {} })).toEqual({});
  });
});
