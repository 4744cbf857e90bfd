import * as fc from 'fast-check';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { isRejection } from '@quotebridge/connectors/sdk';
import { Decimal } from 'decimal.js';
import type { SalesforceSettings } from '../settings';
import { isDone, planOpportunity, type PlanSettings } from './opportunity';
import { endsQuote, mapQuote } from './quote';

const settings = {
  offeringSource: 'erp',
  customerNumberField: 'AccountNumber',
  stages: [],
  quoteStateByStage: { 'Closed Lost': 'cancelled' },
  deletedOpportunity: 'cancelled' as const,
};
const owners: SalesforceSettings['owners'] = {
  name: 'crm',
  lines: 'crm',
  quantity: 'crm',
  discount: 'crm',
  description: 'crm',
  price: 'quotebridge',
  stage: 'quotebridge',
};
const plan: PlanSettings = {
  fields: { quoteId: 'Quote__c', orderNumber: 'Order__c', orderStatus: 'Status__c' },
  stageByQuoteState: { accepted: 'Closed Won', rejected: 'Closed Lost' },
  lineAmountField: 'TotalPrice',
  unitPriceDecimals: 2,
  owners,
  currency: 'EUR',
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
      fc.property(lines, fc.constantFrom('approved', 'pending'), (given, state) => {
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

  it.each<[string, JsonObject, string | undefined]>([
    ['lost', { StageName: 'Closed Lost', IsClosed: true }, 'cancelled'],
    ['won, without a rule for it', { StageName: 'Closed Won', IsClosed: true }, undefined],
    ['deleted', { IsDeleted: true }, 'cancelled'],
  ])('one that is %s asks for a state by rule, and for nothing else', (_name, more, state) => {
    const record = opportunity([{ quantity: 1, discount: 0, net: 1 }], more);
    const mapped = mapQuote('crm', settings)(record);
    expect(mapped).toMatchObject(state === undefined ? [] : [{ op: 'patch', resource: { state } }]);
    expect(mapped).toHaveLength(state === undefined ? 0 : 1);
    expect(endsQuote(record, settings)).toBe(true);
    expect(
      mapQuote('crm', { ...settings, quoteStateByStage: {}, deletedOpportunity: 'nothing' })(record),
    ).toEqual([]);
  });

  it('outside the chosen stages it counts only for a quote that is there, and is never rejected', () => {
    const elsewhere = { ...settings, stages: ['Proposal'] };
    const record = opportunity([{ quantity: 1, discount: 0, net: 1 }]);
    expect(endsQuote(record, elsewhere)).toBe(true);
    expect(mapQuote('crm', elsewhere)(record)).toHaveLength(1);
    expect(mapQuote('crm', elsewhere)({ ...record, Account: null })).toEqual([]);
  });

  it('a line that was made here is the item it was made for', () => {
    const id = stableId('crm', 'quote', '006000000000001');
    const marked = opportunity([{ quantity: 1, discount: 0, net: 1 }]);
    const [line] = (marked['OpportunityLineItems'] as { records: JsonObject[] }).records;
    const of = (mark: string): unknown => {
      const record = { ...marked, OpportunityLineItems: { records: [{ ...line, Item__c: mark }] } };
      const mapped = mapQuote('crm', { ...settings, lineItemField: 'Item__c' })(record);
      return isRejection(mapped) ? mapped : (mapped[0]?.resource['quoteItem'] as JsonObject[])[0]?.['id'];
    };
    expect([of(`${id}/7`), of('another/7')]).toEqual(['7', '00k0']);
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
          expect(isDone(planOpportunity(quote, after, options))).toBe(true);
        },
      ),
    );
  });

  it.each<[string, JsonObject, string, boolean]>([
    ['of the org', {}, 'EUR', true],
    ['of its own', { CurrencyIsoCode: 'USD' }, 'USD', true],
    ['that is not its own', { CurrencyIsoCode: 'USD' }, 'EUR', false],
    ['that is not that of the org', {}, 'USD', false],
  ])('amounts in the currency %s are its amounts or none', (_name, more, unit, isWritten) => {
    const given = [{ quantity: 1, discount: 0, net: 7 }];
    const quote = JSON.parse(JSON.stringify(priced(given, 'approved')).replaceAll('EUR', unit)) as JsonObject;
    const options = { ...plan, fields: { quoteAmount: 'Total__c' } };
    const shown = planOpportunity(quote, opportunity(given, more), options);
    const wanted = isWritten ? [{ Total__c: 7 }, [{ TotalPrice: 7 }]] : [{}, []];
    expect([shown.fields, shown.lines.map(({ fields }) => fields)]).toEqual(wanted);
    expect(planOpportunity(quote, opportunity([], more), plan).fields['Amount']).toBe(
      isWritten ? 7 : undefined,
    );
  });

  it('amounts in several currencies are not added up', () => {
    const one = priced([{ quantity: 1, discount: 0, net: 7 }], 'approved');
    const items = one['quoteItem'] as JsonObject[];
    const mixed = [...items, JSON.parse(JSON.stringify(items[0]).replaceAll('EUR', 'USD')) as JsonObject];
    const { fields } = planOpportunity({ ...one, quoteItem: mixed }, opportunity([]), plan);
    expect(fields['Amount']).toBeUndefined();
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

  const given = [
    { quantity: 2, discount: 5, net: 50 },
    { quantity: 1, discount: 0, net: 7 },
  ];
  const ours = (names: readonly (keyof typeof owners)[], more: object = {}) => ({
    ...plan,
    lineItemField: 'Item__c',
    owners: { ...owners, ...Object.fromEntries(names.map((name) => [name, 'quotebridge'])), ...more },
  });
  const changed = (): JsonObject => {
    const quote = priced(given, 'approved');
    const [first] = quote['quoteItem'] as JsonObject[];
    const added = { ...first, id: '9', quantity: 3, productOffering: { id: 'po-9' } };
    return { ...quote, description: 'Renamed', quoteItem: [{ ...first, quantity: 4 }, added] };
  };

  it('what the CRM owns is never written', () => {
    const theirs = ours([], { price: 'crm', stage: 'crm' });
    const { fields, ...rest } = planOpportunity(
      { ...changed(), state: 'accepted' },
      opportunity(given),
      theirs,
    );
    expect(rest).toEqual({ lines: [], newLines: [], goneLines: [] });
    expect(Object.keys(fields).sort()).toEqual(['Order__c', 'Quote__c', 'Status__c']);
  });

  it('what is owned here is written: name, quantities, lines that are made and lines that go', () => {
    const made = planOpportunity(changed(), opportunity(given), ours(['name', 'quantity', 'lines']));
    expect(made).toMatchObject({
      fields: { Name: 'Renamed' },
      lines: [{ id: '00k0', fields: { Quantity: 4, TotalPrice: 50 } }],
      newLines: [{ mark: 'q1/9', offering: 'po-9', fields: { Quantity: 3, TotalPrice: 50 } }],
      goneLines: ['00k1'],
    });
  });

  it('an expired quote has a stage of its own, and the one of its state where no rule says so', () => {
    const quote = { ...priced(given, 'rejected'), stateReason: 'expired' };
    const stageByQuoteState = { rejected: 'Closed Lost', expired: 'Nurturing' };
    const stage = (options: typeof plan): unknown =>
      planOpportunity(quote, opportunity(given), options).fields['StageName'];
    expect(stage({ ...plan, stageByQuoteState })).toBe('Nurturing');
    expect(stage(plan)).toBe('Closed Lost');
  });
});

describe('what a quote earns', () => {
  const fields = { margin: 'Margin__c', marginPercent: 'Percent__c' };
  const written = (more: JsonObject, before: JsonObject = {}): JsonObject =>
    planOpportunity({ id: 'q1', state: 'approved', ...more }, opportunity([], before), { ...plan, fields })
      .fields;
  const margin = { margin: { unit: 'EUR', value: 140 }, percentage: 46.67 };

  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['is shown', { margin }, {}, { Margin__c: 140, Percent__c: 46.67 }],
    ['is written once', { margin }, { Margin__c: 140, Percent__c: 46.67 }, {}],
    [
      'goes while it is not known',
      { margin: { unknownCost: ['1'] } },
      { Margin__c: 1, Percent__c: 1 },
      { Margin__c: null, Percent__c: null },
    ],
    ['is left alone when nobody tells it', {}, { Margin__c: 1 }, {}],
  ])('%s', (_name, quote, before, expected) => {
    expect(written(quote, before)).toEqual(expected);
  });
});
