import type { JsonObject } from '@quotebridge/platform/core';
import { offeringId } from './ids';
import { toSalesOrder } from './sales-order';
import { SETTINGS } from './settings.fixture';

const materials = new Map(['A', 'B', 'C', 'D'].map((id) => [offeringId('erp', id), id]));
const item = (id: string, below: JsonObject[] = [], more: JsonObject = {}): JsonObject => ({
  id,
  action: 'add',
  quantity: 2,
  productOffering: { id: offeringId('erp', id) },
  itemTotalPrice: [{ priceType: 'oneTime', price: { dutyFreeAmount: { unit: 'EUR', value: 1 } } }],
  ...(below.length === 0 ? {} : { productOrderItem: below }),
  ...more,
});
const order = (items: JsonObject[], more: JsonObject = {}): JsonObject & { id: string } => ({
  id: '11111111-2222-3333-4444-555555555555',
  relatedParty: [{ role: 'customer', partyOrPartyRole: { id: '10100001' } }],
  productOrderItem: items,
  ...more,
});
const sold = (given: JsonObject & { id: string }, settings = SETTINGS): JsonObject => {
  const result = toSalesOrder(given, settings, (id) => materials.get(id));
  if (!result.ok) throw new Error(result.error);
  return result.value;
};
const linesOf = (given: JsonObject & { id: string }, settings = SETTINGS): unknown[] =>
  (sold(given, settings)['to_Item'] as JsonObject[]).map(({ SalesOrderItem, Material, HigherLevelItem }) => [
    SalesOrderItem,
    Material,
    HigherLevelItem,
  ]);

describe('the lines of a sales order', () => {
  const whole = order([item('A', [item('B', [item('C')])]), item('D')]);

  it('name the line that they are part of, at every level', () => {
    expect(linesOf(whole)).toEqual([
      ['10', 'A', undefined],
      ['20', 'B', '10'],
      ['30', 'C', '20'],
      ['40', 'D', undefined],
    ]);
  });

  it('name the next one above when what is between orders nothing', () => {
    const bundle = item('A', [item('B', [item('C')], { action: 'noChange' })]);
    expect(linesOf(order([bundle]))).toEqual([
      ['10', 'A', undefined],
      ['20', 'C', '10'],
    ]);
    expect(linesOf(order([item('A', [item('B')], { productOffering: {} })]))).toEqual([
      ['10', 'B', undefined],
    ]);
  });

  it('stand beside one another where the system wants no structure', () => {
    expect(
      linesOf(whole, { ...SETTINGS, orderStructure: false }).map((line) => (line as unknown[])[2]),
    ).toEqual(Array.from({ length: 4 }, () => undefined));
  });
});

describe('the text of a sales order', () => {
  const said = order([item('A')], {
    note: [{ id: '1', text: 'Call before' }],
    notificationContact: 'buying@presses.example',
    businessOrder: {
      phone: '+49 421 1',
      shipTo: { name: 'Gate 3', street: 'Dock 3', postalCode: '28195', city: 'Bremen', country: 'DE' },
      billTo: { city: 'Hamburg' },
    },
  });

  it('tells remarks, addresses and how to reach the customer, where there is a place for it', () => {
    expect(sold(said, { ...SETTINGS, orderText: 'TX01' })['to_Text']).toEqual([
      {
        Language: 'EN',
        LongTextID: 'TX01',
        LongText: [
          'Note: Call before',
          'Ship to: Gate 3, Dock 3, 28195 Bremen, DE',
          'Bill to: Hamburg',
          'E-mail: buying@presses.example',
          'Phone: +49 421 1',
        ].join('\n'),
      },
    ]);
    expect(sold(said)).not.toHaveProperty('to_Text');
    expect(sold(order([item('A')]), { ...SETTINGS, orderText: 'TX01' })).not.toHaveProperty('to_Text');
  });
});
