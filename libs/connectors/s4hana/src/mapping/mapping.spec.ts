import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import { isRejection } from '@quotebridge/connectors/sdk';
import { Decimal } from 'decimal.js';
import { offeringId, priceId } from './ids';
import { endsOffering, mapOffering } from './offering';
import { mapOrderStatus } from './order-status';
import { endsPrice, mapPrice } from './price';
import { readPriceCondition } from './price-condition';
import { toSalesOrder } from './sales-order';
import { SETTINGS as settings } from './settings.fixture';
import { mapSpecification } from './specification';

const CHANGED = '2026-01-01T00:00:00.000Z';
const date = (iso: string): string => `/Date(${Date.parse(iso)})/`;

const condition = (more: JsonObject = {}, scales: JsonObject[] = [], key: JsonObject = {}): JsonObject => ({
  ConditionRecord: '0000000007',
  ConditionType: 'PPR0',
  ConditionRateValue: '10.50',
  ConditionRateValueUnit: 'EUR',
  ConditionQuantity: '1',
  ConditionQuantityUnit: 'PC',
  ConditionValidityStartDate: date('2020-01-01T00:00:00Z'),
  ConditionValidityEndDate: date('9999-12-31T00:00:00Z'),
  LastChangeDateTime: date(CHANGED),
  to_SlsPrcgCndnRecdValidity: {
    results: [{ Material: 'M1', SalesOrganization: '1710', DistributionChannel: '10', Customer: '', ...key }],
  },
  to_SlsPrcgCndnRecordScale: { results: scales },
  ...more,
});

const scale = (line: number, from: number, rate: string): JsonObject => ({
  ConditionScaleLine: String(line).padStart(4, '0'),
  ConditionScaleQuantity: `${from}.000`,
  ConditionRateValue: rate,
  ConditionRateValueUnit: 'EUR',
});

const pricesOf = (record: JsonObject): JsonObject[] => {
  const mapped = mapPrice('erp', settings)(record);
  if (isRejection(mapped)) throw new Error(JSON.stringify(mapped));
  return mapped.map(({ resource }) => resource);
};

describe('list prices', () => {
  it('a condition without scale is one price, open-ended', () => {
    expect(pricesOf(condition())).toMatchObject([
      {
        priceType: 'oneTime',
        price: { unit: 'EUR', value: 10.5 },
        unitOfMeasure: { amount: 1, units: 'PC' },
        lifecycleStatus: 'Launched',
        validFor: { startDateTime: '2020-01-01T00:00:00.000Z' },
      },
    ]);
  });

  it('a unit that is a period makes the price recur', () => {
    expect(pricesOf(condition({ ConditionQuantityUnit: 'MON' }))).toMatchObject([
      { priceType: 'recurring', recurringChargePeriodType: 'month', recurringChargePeriodLength: 1 },
    ]);
  });

  it('every quantity from 1 lies in exactly one tier, with the rate of the last scale line it reaches', () => {
    const cents = fc.integer({ min: 1, max: 100_000 }).map((value) => new Decimal(value).div(100).toFixed(2));
    const lines = fc.uniqueArray(fc.record({ from: fc.integer({ min: 0, max: 60 }), rate: cents }), {
      minLength: 1,
      maxLength: 6,
      selector: ({ from }) => Math.max(1, from),
    });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 100 }), (given, quantity) => {
        const read = readPriceCondition(
          condition(
            {},
            given.map(({ from, rate }, index) => scale(index, from, rate)),
          ),
          settings,
        );
        const tiers = read.ok ? (read.value?.tiers ?? []) : [];
        const inside = tiers.filter(({ from = 1, to = Infinity }) => from <= quantity && quantity <= to);
        const reached = given
          .filter(({ from }) => from <= quantity)
          .sort((a, b) => a.from - b.from)
          .at(-1);
        expect(inside).toHaveLength(1);
        expect(inside[0]?.rate.toFixed(2)).toBe(reached?.rate ?? '10.50');
      }),
    );
  });

  it.each<[string, JsonObject]>([
    ['another sales organization', condition({}, [], { SalesOrganization: '9999' })],
    ['a group of customers', condition({}, [], { CustomerPriceGroup: 'A1' })],
    ['no material', condition({}, [], { Material: '' })],
  ])('a price for %s is none of our business', (_name, record) => {
    expect(pricesOf(record)).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    ['a percentage', condition({ ConditionRateValueUnit: '%' }), 'ConditionRateValueUnit'],
    ['no rate', condition({ ConditionRateValue: '' }), 'ConditionRateValue'],
    [
      'more digits than a number holds',
      condition({ ConditionRateValue: '12345678901234567.89' }),
      'ConditionRateValue',
    ],
    ['a scale by value', condition({ PricingScaleBasis: 'B' }, [scale(1, 1, '5')]), 'PricingScaleBasis'],
    [
      'half a piece',
      condition({}, [{ ...scale(1, 1, '5'), ConditionScaleQuantity: '0.5' }]),
      'ConditionScaleQuantity',
    ],
  ])('%s is rejected with the path', (_name, record, field) => {
    const mapped = mapPrice('erp', settings)(record);
    expect(isRejection(mapped) && mapped.faults[0]?.path).toContain(field);
  });

  it('a deleted price ends with its deletion, and is over', () => {
    const deleted = condition({ ConditionIsDeleted: true });
    expect(pricesOf(deleted)[0]?.['validFor']).toMatchObject({ endDateTime: CHANGED });
    expect(endsPrice(deleted, settings, CHANGED)).toBe(true);
    expect(endsPrice(condition(), settings, CHANGED)).toBe(false);
  });

  it('a price that was deleted before it began is valid at no time', () => {
    const start = '2030-01-01T00:00:00.000Z';
    const deleted = condition({ ConditionIsDeleted: true, ConditionValidityStartDate: date(start) });
    expect(pricesOf(deleted)[0]?.['validFor']).toEqual({ startDateTime: start, endDateTime: start });
  });

  it('a validity includes its last day', () => {
    const record = condition({ ConditionValidityEndDate: date('2026-03-31T00:00:00Z') });
    expect(pricesOf(record)[0]?.['validFor']).toMatchObject({ endDateTime: '2026-04-01T00:00:00.000Z' });
    expect(endsPrice(record, settings, '2026-03-31T23:59:59.000Z')).toBe(false);
    expect(endsPrice(record, settings, '2026-04-01T00:00:00.000Z')).toBe(true);
  });
});

describe('offerings and specifications', () => {
  const product = (more: JsonObject = {}): JsonObject => ({
    Product: 'M1',
    LastChangeDateTime: date(CHANGED),
    to_Description: {
      results: [
        { Language: 'DE', ProductDescription: 'Pumpe' },
        { Language: 'EN', ProductDescription: 'Pump' },
      ],
    },
    to_SalesDelivery: { results: [{ ProductSalesOrg: '1710', ProductDistributionChnl: '10' }] },
    ...more,
  });
  const offering = (conditions: JsonObject[], more: JsonObject = {}): JsonObject | undefined => {
    const mapped = mapOffering(
      'erp',
      settings,
    )({
      product: product(more),
      conditions,
      changedAt: CHANGED,
      readAt: CHANGED,
    });
    if (isRejection(mapped)) throw new Error(JSON.stringify(mapped));
    return mapped[0]?.resource;
  };

  it('the offering refers to exactly the prices that the price stream publishes', () => {
    const record = condition({}, [scale(1, 1, '10'), scale(2, 5, '9')]);
    const mapped = mapPrice('erp', settings)(record);
    const refs = (offering([record])?.['productOfferingPrice'] ?? []) as JsonObject[];
    expect(refs.map(({ id }) => id)).toEqual(isRejection(mapped) ? [] : mapped.map(({ id }) => id));
    expect(refs[0]?.['id']).toBe(priceId('erp', '0000000007-0001'));
  });

  it.each<[string, JsonObject[], JsonObject, JsonObject]>([
    ['with a price', [condition()], {}, { lifecycleStatus: 'Launched', isSellable: true }],
    ['that never had a price', [], {}, { lifecycleStatus: 'Active', isSellable: false }],
    [
      'whose price was deleted',
      [condition({ ConditionIsDeleted: true })],
      {},
      { lifecycleStatus: 'Launched', isSellable: false, productOfferingPrice: [] },
    ],
    [
      'marked for deletion',
      [condition()],
      { IsMarkedForDeletion: true },
      { lifecycleStatus: 'Retired', isSellable: false },
    ],
  ])('a material %s', (_name, conditions, more, expected) => {
    expect(offering(conditions, more)).toMatchObject(expected);
  });

  it('a material of another sales area is none of our business', () => {
    expect(
      offering([], {
        to_SalesDelivery: { results: [{ ProductSalesOrg: '1', ProductDistributionChnl: '10' }] },
      }),
    ).toBeUndefined();
    expect(endsOffering({ product: product({ IsMarkedForDeletion: true }) }, settings)).toBe(true);
  });

  it.each([
    ['EN', 'Pump'],
    ['DE', 'Pumpe'],
    ['FR', 'Pump'],
  ])('the specification takes its name in %s or falls back to English', (language, name) => {
    const mapped = mapSpecification('erp', { ...settings, language })(product());
    expect(isRejection(mapped) ? {} : mapped[0]?.resource).toMatchObject({ name, productNumber: 'M1' });
  });
});

describe('sales orders', () => {
  const line = (id: string, quantity: number, amounts: number[], action = 'add'): JsonObject => ({
    id,
    action,
    quantity,
    productOffering: { id: offeringId('erp', `M${id}`) },
    itemPrice: amounts.map((value) => ({
      priceType: 'oneTime',
      price: { dutyFreeAmount: { unit: 'EUR', value } },
    })),
  });
  const order = (items: JsonObject[], more: JsonObject = {}): JsonObject & { id: string } => ({
    id: '11111111-2222-3333-4444-555555555555',
    relatedParty: [{ role: 'Customer', partyOrPartyRole: { id: '10100001' } }],
    productOrderItem: items,
    ...more,
  });
  const materials = new Map(['1', '2', '3'].map((id) => [offeringId('erp', `M${id}`), `M${id}`]));
  const mapped = (given: JsonObject & { id: string }) =>
    toSalesOrder(given, settings, (id) => materials.get(id));

  it('the sum of all items in the ERP is the sum of the order, to the last digit', () => {
    const amount = fc.integer({ min: 1, max: 10_000_000 }).map((cents) => cents / 100);
    const lines = fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 999 }),
        amounts: fc.array(amount, { minLength: 1, maxLength: 3 }),
      }),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    fc.assert(
      fc.property(lines, (given) => {
        const result = mapped(
          order(given.map(({ quantity, amounts }, index) => line(String(index + 1), quantity, amounts))),
        );
        const items = (result.ok ? result.value['to_Item'] : []) as JsonObject[];
        items.forEach((item, index) => {
          const [price] = item['to_PricingElement'] as JsonObject[];
          const total = new Decimal(String(price?.['ConditionRateValue']))
            .div(String(price?.['ConditionQuantity']))
            .times(String(item['RequestedQuantity']));
          const expected = (given[index]?.amounts ?? []).reduce(
            (sum, value) => sum.plus(value),
            new Decimal(0),
          );
          expect(total.toDecimalPlaces(2).equals(expected)).toBe(true);
        });
        expect(items).toHaveLength(given.length);
      }),
    );
  });

  it('takes the id as external document number and the customer by role', () => {
    expect(mapped(order([line('1', 2, [5])]))).toMatchObject({
      ok: true,
      value: {
        ExternalDocumentID: '11111111-2222-3333-4444-555555555555',
        SenderBusinessSystemName: 'QUOTEBRIDGE',
        SoldToParty: '10100001',
        to_Item: [{ SalesOrderItem: '10', Material: 'M1', RequestedQuantity: '2' }],
      },
    });
  });

  it.each<[string, JsonObject & { id: string }, string]>([
    ['names no customer', order([line('1', 1, [5])], { relatedParty: [] }), 'customer'],
    ['has an offering of others', order([line('9', 1, [5])]), 'no material here'],
    ['has an item without price', order([line('1', 1, [])]), 'has no price'],
    ['has a quantity of nothing', order([line('1', 0, [5])]), 'quantity'],
    ['orders nothing', order([line('1', 1, [5], 'delete')]), 'action add'],
  ])('an order that %s is refused with the reason', (_name, given, reason) => {
    const result = mapped(given);
    expect(result.ok ? '' : result.error).toContain(reason);
  });

  it.each([
    [{ OverallSDProcessStatus: 'A' }, 'inProgress'],
    [{ OverallSDProcessStatus: 'B' }, 'inProgress'],
    [{ OverallSDProcessStatus: 'C' }, 'completed'],
    [{ OverallSDProcessStatus: 'C', OverallSDDocumentRejectionSts: 'C' }, 'failed'],
  ])('status %j makes the order %s', (status, state) => {
    const record = {
      SalesOrder: '1',
      ExternalDocumentID: 'o1',
      SenderBusinessSystemName: 'QUOTEBRIDGE',
      ...status,
    };
    const result = mapOrderStatus('erp', 'QUOTEBRIDGE')(record);
    expect(
      isRejection(result) ? [] : result.map(({ id, op, resource }) => [id, op, resource['state']]),
    ).toEqual([['o1', 'patch', state]]);
  });

  it('a sales order of somebody else is none of our business', () => {
    expect(
      mapOrderStatus(
        'erp',
        'QUOTEBRIDGE',
      )({ SalesOrder: '1', ExternalDocumentID: 'x', SenderBusinessSystemName: 'SHOP' }),
    ).toEqual([]);
  });
});
