import { customerPrice, type PriceDocument } from '@quotebridge/cpq/parts';
import { isJsonObject, objectsAt, type JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { buyerOf } from './customer-terms';
import { Desk, forWhom, item, off, offering, price, quote, TestCatalog } from './quote.fixture';

const PART = { productSpecification: { '@type': 'ProductSpecificationRef', id: 'part' } };
const party = (id: string, role = 'customer'): JsonObject => ({
  '@type': 'RelatedPartyOrPartyRole',
  role,
  partyOrPartyRole: { '@type': 'PartyRef', id },
});
const buying = (customer: string, more: JsonObject = {}): JsonObject => ({
  relatedParty: [party(customer)],
  ...more,
});
const reduction = (id: string, percentage: number, more: JsonObject = {}): JsonObject => ({
  '@type': 'ProductOfferingPrice',
  id,
  name: id,
  priceType: 'discount',
  lifecycleStatus: 'Launched',
  percentage,
  ...more,
});

/** A seal at 100 EUR with maintenance at 5 EUR a month; dealers and two customers have terms. */
const seals = (): TestCatalog => {
  const monthly = { priceType: 'recurring', recurringChargePeriodType: 'month' };
  const catalog = new TestCatalog(
    offering('seal', ['list', 'care'], PART),
    offering('plain', ['list']),
    price('list', 100),
    price('care', 5, monthly),
  );
  catalog.terms = [
    price('dealer', 90, forWhom({ priceList: 'dealers' })),
    price('agreed', 70, forWhom({ customer: 'c-1' })),
    reduction('loyal', 10, forWhom({ customer: 'c-2' })),
    reduction('pumps', 5, forWhom({ category: 'pumps' })),
  ];
  return catalog;
};

const itemAt = (json: JsonObject, index = 0): JsonObject => objectsAt(json, 'quoteItem')[index] ?? {};
const netsOf = (quoteItem: JsonObject): unknown[] =>
  objectsAt(quoteItem, 'quoteItemPrice').map(({ priceType, price: of, productOfferingPrice: from }) => [
    priceType,
    isJsonObject(of) && isJsonObject(of['dutyFreeAmount']) ? of['dutyFreeAmount']['value'] : undefined,
    isJsonObject(from) ? from['id'] : undefined,
  ]);
const textsOf = (quoteItem: JsonObject): string[] =>
  objectsAt(quoteItem, 'priceExplanation').map(({ text }) => String(text));

describe('who buys', () => {
  it.each<[string, JsonObject, unknown]>([
    ['the party in the role customer', buying('c-1'), { customer: 'c-1', priceLists: [] }],
    [
      'in whatever case the role is written',
      { relatedParty: [party('c-1', 'Customer')] },
      { customer: 'c-1', priceLists: [] },
    ],
    ['from a price list', { priceList: 'dealers' }, { priceLists: ['dealers'] }],
    ['from several', { priceList: ['a', 'b'] }, { priceLists: ['a', 'b'] }],
    ['no other party', { relatedParty: [party('s-1', 'seller')] }, undefined],
    ['nobody', {}, undefined],
  ])('is %s', (_name, more, expected) => {
    expect(buyerOf({ ...more })).toEqual(expected);
  });
});

describe('a quote for a customer', () => {
  it.each<[string, string, JsonObject, unknown[]]>([
    [
      'nobody: list prices',
      'seal',
      {},
      [
        ['oneTime', 200, 'list'],
        ['recurring', 10, 'care'],
      ],
    ],
    [
      'what was agreed with him, less what counts for the category',
      'seal',
      buying('c-1'),
      [
        ['oneTime', 133, 'agreed'],
        ['recurring', 10, 'care'],
      ],
    ],
    [
      'his price list, less what counts for the category',
      'seal',
      { priceList: 'dealers' },
      [
        ['oneTime', 171, 'dealer'],
        ['recurring', 10, 'care'],
      ],
    ],
    [
      'the list price less the discounts that count for him',
      'seal',
      buying('c-2'),
      [
        ['oneTime', 171, 'list'],
        ['recurring', 10, 'care'],
      ],
    ],
    [
      'what was agreed, before his price list',
      'seal',
      buying('c-1', { priceList: 'dealers' }),
      [
        ['oneTime', 133, 'agreed'],
        ['recurring', 10, 'care'],
      ],
    ],
    ['the list price of what is no part', 'plain', buying('c-1'), [['oneTime', 200, 'list']]],
  ])('has %s', async (_name, offered, more, expected) => {
    const made = await new Desk(seals()).create(quote([item('1', offered, { quantity: 2 })], more));
    expect(netsOf(itemAt(made))).toEqual(expected);
    expect(itemAt(made)['unpricedReason']).toBeUndefined();
  });

  it('says for whom each price and discount is, and that the list price gives way', async () => {
    const desk = new Desk(seals());
    const agreed = textsOf(itemAt(await desk.create(quote([item('1', 'seal')], buying('c-1')))));
    expect(agreed).toContain("The list price 'list' gives way to the price of this customer.");
    expect(agreed).toContain("Price 'agreed' (agreed), for 1 unit, once, agreed with customer c-1.");
    const dealer = textsOf(
      itemAt(await desk.create(quote([item('1', 'seal')], { priceList: ['x', 'dealers'] }))),
    );
    expect(dealer).toContain("Price 'dealer' (dealer), for 1 unit, once, price list dealers.");
    expect(dealer).toContain("Discount 'pumps': 5 % (for every customer).");
    const loyal = textsOf(itemAt(await desk.create(quote([item('1', 'seal')], buying('c-2')))));
    expect(loyal).toContain("Discount 'loyal': 10 % (agreed with customer c-2).");
    expect(loyal.filter((text) => text.includes('gives way'))).toEqual([]);
  });

  it('counts what is asked for an item last, and keeps it as asked when it is priced again', async () => {
    const desk = new Desk(seals());
    const made = await desk.create(quote([item('1', 'seal', off(10))], buying('c-2')));
    // 100 less 5 % for the category, less 10 % for the customer, less 10 % asked for.
    expect(netsOf(itemAt(made))[0]).toEqual(['oneTime', 76.95, 'list']);
    const again = await desk.change(made, { currency: 'EUR' });
    expect(netsOf(itemAt(again))).toEqual(netsOf(itemAt(made)));
  });

  it('is priced anew when its customer changes, and never after its approval', async () => {
    const desk = new Desk(seals());
    const made = await desk.create(quote([item('1', 'seal')], buying('c-2')));
    const other = await desk.change(made, buying('c-1'));
    expect(netsOf(itemAt(other))[0]).toEqual(['oneTime', 66.5, 'agreed']);
    const approved = await desk.change(other, { state: 'approved' });
    desk.catalog.terms = [price('cheaper', 1, forWhom({ customer: 'c-1' }))];
    const accepted = await desk.change(approved, { state: 'accepted' });
    expect(itemAt(accepted)['quoteItemPrice']).toEqual(itemAt(other)['quoteItemPrice']);
    expect(itemAt(accepted)['priceExplanation']).toEqual(itemAt(other)['priceExplanation']);
  });

  it('has a price where only the customer has one, and says when there are two currencies', async () => {
    const catalog = new TestCatalog(offering('seal', [], PART));
    catalog.terms = [price('agreed', 70, forWhom({ customer: 'c-1' }))];
    const desk = new Desk(catalog);
    const made = await desk.create(quote([item('1', 'seal')], buying('c-1')));
    expect(netsOf(itemAt(made))).toEqual([['oneTime', 70, 'agreed']]);
    expect(itemAt(await desk.create(quote([item('1', 'seal')], buying('c-9'))))).toMatchObject({
      unpricedReason: { code: 'noPrice' },
    });
    const dollars = { ...forWhom({ customer: 'c-1' }), price: { unit: 'USD', value: 80 } };
    catalog.terms = [...catalog.terms, price('dollars', 80, dollars)];
    expect(itemAt(await desk.create(quote([item('1', 'seal')], buying('c-1'))))).toMatchObject({
      unpricedReason: { code: 'severalCurrencies' },
    });
    const asked = await desk.create(quote([item('1', 'seal')], buying('c-1', { currency: 'USD' })));
    expect(netsOf(itemAt(asked))).toEqual([['oneTime', 80, 'dollars']]);
  });

  it('never adds an agreed price to charges in another currency', async () => {
    const catalog = seals();
    const dollars = { ...forWhom({ customer: 'c-1' }), price: { unit: 'USD', value: 80 } };
    catalog.terms = [price('dollars', 80, dollars)];
    const made = await new Desk(catalog).create(quote([item('1', 'seal')], buying('c-1')));
    expect(itemAt(made)).toMatchObject({ quoteItemPrice: [], unpricedReason: { code: 'currencyMix' } });
  });

  const conditions = fc.constantFrom<Readonly<Record<string, string>>>(
    {},
    { customer: 'c-1' },
    { customer: 'c-2' },
    { priceList: 'dealers' },
    { category: 'pumps' },
  );
  const cents = fc.integer({ min: 1, max: 99_999 }).map((value) => value / 100);
  const term = fc.record({
    value: cents,
    percentage: fc.integer({ min: 1, max: 400 }).map((value) => value / 10),
    kind: fc.constantFrom('price', 'discount', 'amount', 'surcharge'),
    whom: conditions,
    per: fc.constantFrom(1, 3, 100),
    since: fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
  });
  const terms = fc.array(term, { maxLength: 6 }).map((found) =>
    found.map(({ value, percentage, kind, whom, per, since }, index): JsonObject => {
      const more = {
        ...forWhom(whom),
        validFor: { startDateTime: since },
        unitOfMeasure: { amount: per, units: 'pc' },
      };
      if (kind === 'price') return price(`t${index}`, value, more);
      if (kind === 'amount') return price(`t${index}`, value / 1000, { ...more, priceType: 'discount' });
      const { unitOfMeasure: _per, ...reduced } = more;
      return reduction(`t${index}`, percentage, { ...reduced, priceType: kind });
    }),
  );

  it('asks what was agreed as the item names the offering: also of a catalog that knows no versions', async () => {
    const catalog = new TestCatalog(
      offering('seal', ['list'], { ...PART, version: '1.0' }),
      price('list', 9),
    );
    const asked = jest.spyOn(catalog, 'customerPrices');
    const named = item('2', '', { productOffering: { id: 'seal', version: '1.0' } });
    await new Desk(catalog).create(quote([item('1', 'seal'), named], buying('c-1')));
    expect(asked.mock.calls.map(([id]) => id).sort()).toEqual(['seal', 'seal:(version=1.0)']);
  });

  it('costs to the cent what the customer is told for a single part', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        terms,
        fc.integer({ min: 1, max: 500 }),
        fc.constantFrom('c-1', 'c-2', 'c-3'),
        fc.boolean(),
        async (found, quantity, customer, isDealer) => {
          const priceLists = isDealer ? ['dealers'] : [];
          const catalog = new TestCatalog(offering('seal', ['list'], PART), price('list', 100));
          catalog.terms = found;
          const desk = new Desk(catalog);
          const made = itemAt(
            await desk.create(
              quote([item('1', 'seal', { quantity })], buying(customer, { priceList: priceLists })),
            ),
          );
          const { prices, categories } = await catalog.customerPrices('seal');
          const documents: PriceDocument[] = prices.map((one) => ({ id: String(one['id']), price: one }));
          const told = customerPrice(documents, {
            customer,
            priceLists,
            categories,
            quantity: String(quantity),
            date: new Date(desk.clock.time).toISOString(),
          });
          if (!told.ok) return void expect(made['unpricedReason']).toBeDefined();
          compared += 1;
          expect(netsOf(made)).toEqual([['oneTime', told.value.net, told.value.steps[0]?.priceId]]);
        },
      ),
    );
    expect(compared).toBeGreaterThan(10);
  });
});
