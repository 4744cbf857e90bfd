import { objectsAt, type JsonObject } from '@quotebridge/platform/core';
import { authorizationsFor, highestDiscount, nameOf, openAuthorizations, valuesOf } from './authorization';
import { readThresholds } from './thresholds';

const thresholds = readThresholds(['10:manager', '30:director'], ['EUR:5000:finance']);
const giver = { actor: 'ann', at: '2026-06-15T12:00:00.000Z' };
const eur = (value: number): JsonObject => ({ dutyFreeAmount: { unit: 'EUR', value } });
const entry = (net: number, change: number, more: JsonObject = {}): JsonObject => ({
  priceType: 'oneTime',
  price: eur(net),
  priceAlteration: [{ name: 'a', price: eur(change), ...more }],
});
const quoteOf = (entries: readonly JsonObject[], total = 0, more: JsonObject = {}): JsonObject => ({
  quoteItem: [{ id: '1', quoteItemPrice: [...entries] }],
  quoteTotalPrice: [{ priceType: 'oneTime', price: eur(total) }],
  ...more,
});
const names = (list: readonly JsonObject[]): unknown[] => list.map(({ name }) => name);
const MANAGER = 'discount above 10 % (manager)';

describe('the highest discount', () => {
  it.each<[string, readonly JsonObject[], string]>([
    ['of one item', [entry(90, -10)], '10'],
    ['of several is the highest, not the mean', [entry(1000, 0), entry(50, -50)], '50'],
    ['leaves the discounts of the catalog out', [entry(50, -50, { productOfferingPrice: { id: 'p' } })], '0'],
    ['of a gift is everything', [entry(0, -10)], '100'],
    ['of nothing is nothing', [entry(0, 0)], '0'],
    ['keeps two decimals', [entry(2, -1)], '33.33'],
  ])('%s', (_name, entries, percent) => expect(highestDiscount(quoteOf(entries)).toString()).toBe(percent));
});

describe('the authorizations of a quote', () => {
  const asked = authorizationsFor(quoteOf([entry(85, -15)]), undefined, thresholds, giver);

  it.each<[string, JsonObject, readonly string[]]>([
    ['at the threshold nobody is asked', quoteOf([entry(90, -10)], 5000), []],
    ['above one', quoteOf([entry(85, -15)]), [MANAGER]],
    ['above two', quoteOf([entry(60, -40)]), [MANAGER, 'discount above 30 % (director)']],
    ['by the total', quoteOf([], 5000.01), ['total above 5000.00 EUR (finance)']],
    [
      'only in the currency of the threshold',
      quoteOf([], 0, { quoteTotalPrice: [{ price: { dutyFreeAmount: { unit: 'USD', value: 9999 } } }] }),
      [],
    ],
    [
      'entries that people added stay',
      quoteOf([], 0, { authorization: [{ name: 'legal', state: 'requested' }] }),
      ['legal'],
    ],
  ])('%s', (_name, quote, expected) => {
    expect(names(authorizationsFor(quote, undefined, thresholds, giver))).toEqual(expected);
  });

  it('are open at first and say what for and who', () => {
    expect(asked).toEqual([
      {
        '@type': 'Authorization',
        name: MANAGER,
        description: 'discount of 15 %',
        state: 'requested',
        requestedDate: giver.at,
        approver: [{ '@type': 'RelatedPartyOrPartyRole', role: 'manager' }],
      },
    ]);
    expect(openAuthorizations({ authorization: asked })).toEqual([`${MANAGER} (discount of 15 %)`]);
  });

  const give = (quote: JsonObject, state = 'approved'): JsonObject[] =>
    authorizationsFor(
      { ...quote, authorization: [{ name: MANAGER, state }] },
      { authorization: asked },
      thresholds,
      {
        actor: 'bob',
        at: '2026-06-16T08:00:00.000Z',
      },
    );

  it('are given by their name, with the approver and the date', () => {
    expect(give(quoteOf([entry(85, -15)]))).toMatchObject([
      {
        state: 'approved',
        requestedDate: giver.at,
        givenDate: '2026-06-16T08:00:00.000Z',
        approver: [{ role: 'manager', partyOrPartyRole: { id: 'bob' } }],
      },
    ]);
  });

  it.each([
    ['bob', ['bob']],
    ['alice', ['alice', 'bob']],
  ])('always name who gave them, also when %s is named', (id, expected) => {
    const approver = [{ role: 'manager', partyOrPartyRole: { id } }];
    const quote = {
      ...quoteOf([entry(85, -15)]),
      authorization: [{ name: MANAGER, state: 'approved', approver }],
    };
    const given = authorizationsFor(quote, { authorization: asked }, thresholds, { ...giver, actor: 'bob' });
    expect(objectsAt(given[0] ?? {}, 'approver')).toMatchObject(
      expected.map((one) => ({ partyOrPartyRole: { id: one } })),
    );
  });

  it('fall back to open when the figure changes', () => {
    const given = give(quoteOf([entry(85, -15)]));
    const later = { ...quoteOf([entry(84, -16)]), authorization: given };
    expect(authorizationsFor(later, { authorization: given }, thresholds, giver)).toMatchObject([
      { state: 'requested', description: 'discount of 16 %' },
    ]);
  });

  it('cannot be given before they were asked for', () => {
    const forged = { ...quoteOf([entry(85, -15)]), authorization: [{ name: MANAGER, state: 'approved' }] };
    expect(authorizationsFor(forged, undefined, thresholds, giver)).toMatchObject([{ state: 'requested' }]);
  });

  it('cannot be left out by the client', () => {
    const emptied = { ...quoteOf([entry(85, -15)]), authorization: [] };
    expect(names(authorizationsFor(emptied, { authorization: asked }, thresholds, giver))).toEqual([MANAGER]);
  });

  it('are dropped when the figure no longer needs them', () => {
    const cheaper = { ...quoteOf([entry(95, -5)]), authorization: asked };
    expect(authorizationsFor(cheaper, { authorization: asked }, thresholds, giver)).toEqual([]);
  });
});

describe('thresholds', () => {
  it('count one period of recurring amounts and no usage', () => {
    const totals = [
      { priceType: 'oneTime', price: eur(0.1) },
      { priceType: 'recurring', price: eur(0.2) },
      { priceType: 'usage', price: eur(9) },
    ];
    expect(valuesOf({ quoteTotalPrice: totals }).get('EUR')?.toString()).toBe('0.3');
  });

  it.each(['x:manager', '10', '10:', '-1:manager', '10:a:b'])('refuse the discount %s', (text) => {
    expect(() => readThresholds([text], [])).toThrow(text);
  });

  it.each(['EUR:5', 'euro:5:a', 'EUR:x:a', 'EUR:5:a:b'])('refuse the total %s', (text) => {
    expect(() => readThresholds([], [text])).toThrow(text);
  });

  it('have names that differ', () => expect(new Set(thresholds.map(nameOf)).size).toBe(3));
});
