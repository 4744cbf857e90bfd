import * as fc from 'fast-check';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { isRejection } from '@quotebridge/connectors/sdk';
import { Decimal } from 'decimal.js';
import { planOpportunity } from './opportunity';
import { mapQuote } from './quote';

const settings = { offeringSource: 'erp', customerNumberField: 'AccountNumber' };
const plan = {
  fields: { quoteId: 'Quote__c', orderNumber: 'Order__c', orderStatus: 'Status__c' },
  stageByQuoteState: { accepted: 'Closed Won', rejected: 'Closed Lost' },
  lineAmountField: 'TotalPrice' as const,
  unitPriceDecimals: 2,
};

interface Line {
  readonly quantity: number;
  readonly discount: number;
  readonly net: number;
}

const lines = fc.array(
  fc.record({
    quantity: fc.integer({ min: 1, max: 500 }),
    discount: fc.integer({ min: 0, max: 99 }),
    net: fc.integer({ min: 1, max: 9_999_999 }).map((cents) => cents / 100),
  }),
  { minLength: 1, maxLength: 5 },
);

const opportunity = (given: readonly Line[], more: JsonObject = {}): JsonObject => ({
  Id: '006000000000001',
  Name: 'A deal',
  StageName: 'Negotiation/Review',
  Amount: 1,
  SystemModstamp: '2026-01-01T00:00:00.000+0000',
  Account: { Name: 'Nordhafen', AccountNumber: '10100001' },
  OpportunityLineItems: {
    records: given.map(({ quantity, discount }, index) => ({
      Id: `00k${index}`,
      Quantity: quantity,
      UnitPrice: 1,
      TotalPrice: 1,
      Discount: discount,
      Product2: { ProductCode: `SP-${index}`, Name: `Part ${index}` },
    })),
  },
  ...more,
});

const quoteOf = (record: JsonObject): JsonObject => {
  const mapped = mapQuote('crm', settings)(record);
  if (isRejection(mapped) || mapped[0] === undefined) throw new Error(JSON.stringify(mapped));
  return mapped[0].resource;
};

const priced = (given: readonly Line[], state: string): JsonObject => ({
  id: 'q1',
  state,
  productOrder: [{ id: 'o1', state: 'inProgress' }],
  externalId: [{ owner: 'erp', externalIdentifierType: 'salesOrder', id: '4711' }],
  quoteItem: given.map(({ net }, index) => ({
    id: `00k${index}`,
    quoteItemPrice: [{ priceType: 'oneTime', price: { dutyFreeAmount: { unit: 'EUR', value: net } } }],
  })),
});

/** The opportunity after the plan was written, as Salesforce keeps it. */
const written = (
  record: JsonObject,
  given: JsonObject,
  options: Parameters<typeof planOpportunity>[2],
): JsonObject => {
  const { fields, lines: changes } = planOpportunity(given, record, options);
  const { records } = record['OpportunityLineItems'] as { records: JsonObject[] };
  const after = records.map((line) => ({ ...line, ...changes.find(({ id }) => id === line['Id'])?.fields }));
  return { ...record, ...fields, OpportunityLineItems: { records: after } };
};

describe('mapQuote', () => {
  it('items keep line, product, quantity and discount', () => {
    fc.assert(
      fc.property(lines, (given) => {
        const items = quoteOf(opportunity(given))['quoteItem'] as JsonObject[];
        expect(items).toHaveLength(given.length);
        items.forEach((item, index) => {
          expect(item).toMatchObject({
            id: `00k${index}`,
            action: 'add',
            quantity: given[index]?.quantity,
            productOffering: { id: stableId('erp', 'productOffering', `SP-${index}`) },
          });
          const asked = JSON.stringify(item['quoteItemPrice'] ?? '');
          expect(asked.includes('"priceType":"discount"')).toBe(given[index]?.discount !== 0);
        });
      }),
    );
  });

  it('what we write ourselves does not change the quote', () => {
    fc.assert(
      fc.property(lines, fc.constantFrom('approved', 'accepted', 'rejected'), (given, state) => {
        const record = opportunity(given);
        expect(quoteOf(written(record, priced(given, state), plan))).toEqual(quoteOf(record));
      }),
    );
  });

  it.each<[string, JsonObject, string]>([
    [
      'without account number',
      opportunity([{ quantity: 1, discount: 0, net: 1 }], { Account: { Name: 'X' } }),
      '/Account/AccountNumber',
    ],
    [
      'with half a piece',
      opportunity([{ quantity: 0.5, discount: 0, net: 1 }]),
      '/OpportunityLineItems/records/0/Quantity',
    ],
    [
      'with too much discount',
      opportunity([{ quantity: 1, discount: 101, net: 1 }]),
      '/OpportunityLineItems/records/0/Discount',
    ],
    [
      'without product code',
      opportunity([], { OpportunityLineItems: { records: [{ Id: '1', Quantity: 1, Product2: {} }] } }),
      '/OpportunityLineItems/records/0/Product2/ProductCode',
    ],
  ])('an opportunity %s is rejected with the path', (_name, record, path) => {
    const mapped = mapQuote('crm', settings)(record);
    expect(isRejection(mapped) && mapped.faults.map((fault) => fault.path)).toEqual([path]);
  });

  it('an opportunity without lines is not yet a quote', () => {
    expect(mapQuote('crm', settings)(opportunity([]))).toEqual([]);
  });
});

describe('planOpportunity', () => {
  it('what was written once needs no second write', () => {
    const field = fc.constantFrom('TotalPrice' as const, 'UnitPrice' as const);
    fc.assert(
      fc.property(
        lines,
        fc.constantFrom('approved', 'accepted', 'rejected'),
        field,
        (given, state, lineAmountField) => {
          const options = { ...plan, lineAmountField };
          const quote = priced(given, state);
          const after = written(opportunity(given), quote, options);
          expect(planOpportunity(quote, after, options)).toEqual({ fields: {}, lines: [] });
        },
      ),
    );
  });

  it('line totals are the exact item amounts; unit prices give them back to the rounding', () => {
    fc.assert(
      fc.property(lines, (given) => {
        const quote = priced(given, 'accepted');
        const totals = planOpportunity(quote, opportunity(given), plan).lines;
        for (const { id, fields } of totals)
          expect(fields).toEqual({ TotalPrice: given[Number(id.slice(3))]?.net });
        const units = planOpportunity(quote, opportunity(given), {
          ...plan,
          lineAmountField: 'UnitPrice',
        }).lines;
        for (const { id, fields } of units) {
          const { quantity, discount, net } = given[Number(id.slice(3))] ?? {
            quantity: 1,
            discount: 0,
            net: 0,
          };
          const total = new Decimal(Number(fields['UnitPrice']))
            .times(quantity)
            .times(100 - discount)
            .div(100);
          expect(total.minus(net).abs().toNumber()).toBeLessThanOrEqual(quantity * 0.005 + 1e-9);
        }
      }),
    );
  });

  it.each([
    ['accepted', 'Closed Won'],
    ['rejected', 'Closed Lost'],
    ['approved', undefined],
  ])('a quote that is %s sets the stage %s', (state, stage) => {
    const given = [{ quantity: 1, discount: 0, net: 5 }];
    const { fields } = planOpportunity(priced(given, state), opportunity(given), plan);
    expect(fields['StageName']).toBe(stage);
    expect(fields).toMatchObject({ Quote__c: 'q1', Order__c: '4711', Status__c: 'inProgress' });
    expect('Amount' in fields).toBe(false);
  });

  it('without lines the amount itself is written', () => {
    const quote = priced([{ quantity: 1, discount: 0, net: 12.34 }], 'approved');
    expect(planOpportunity(quote, opportunity([]), plan).fields['Amount']).toBe(12.34);
  });
});
