import { decimalOf, minorUnit, numberOf, roundMoney, textOf, Exact } from './money';
import { chargePeriod } from './period';
import { alterationKind, priceKind } from './price-type';
import { convertQuantity, sameUnit } from './units';

describe('figures', () => {
  it.each([
    ['EUR', '2.345', '2.35'],
    ['EUR', '-2.345', '-2.35'],
    ['EUR', '2.3449999', '2.34'],
    ['JPY', '0.5', '1'],
    ['TND', '0.0005', '0.001'],
    ['CLF', '0.00005', '0.0001'],
  ])('%s %s rounds half-up to %s', (currency, value, expected) => {
    expect(roundMoney(new Exact(value), currency).toString()).toBe(expected);
  });

  it.each([
    [1.005, '1.005'],
    ['12.50', '12.5'],
    [1e-7, '0.0000001'],
    ['1e3', undefined],
    ['', undefined],
    ['0x10', undefined],
    [NaN, undefined],
    [Infinity, undefined],
    [null, undefined],
    [[], undefined],
  ])('%p is read as %s', (value, expected) => expect(decimalOf(value)?.toFixed()).toBe(expected));

  it('never shows minus zero', () => expect(Object.is(numberOf(new Exact('-0')), 0)).toBe(true));

  it('shows the decimals of the currency, and more where they count', () => {
    expect(
      ['5', '5.5', '0.0025'].map((value) => textOf({ value: new Exact(value), currency: 'EUR' })),
    ).toEqual(['5.00 EUR', '5.50 EUR', '0.0025 EUR']);
    expect(minorUnit('EUR')).toBe(2);
  });
});

describe('words of the catalog', () => {
  it.each([
    ['monthly', 1, 'month'],
    ['1 Month', 1, 'month'],
    ['months', 3, '3 month'],
    ['3 months', 1, '3 month'],
    ['annual', 1, 'year'],
    ['fortnight', 1, 'fortnight'],
    ['fortnight', 2, '2 fortnight'],
  ])('the period %s × %d is %s', (type, length, expected) =>
    expect(chargePeriod(type, length)).toBe(expected),
  );

  it.each([
    ['one time', 'oneTime'],
    ['One-Time', 'oneTime'],
    ['non_recurring', 'oneTime'],
    ['Recurring', 'recurring'],
    ['usage', 'usage'],
    ['Allowance', 'discount'],
    ['fee', 'surcharge'],
    ['tribute', undefined],
    [undefined, undefined],
  ])('the price type %s is %s', (type, expected) => expect(priceKind(type)).toBe(expected));

  it('an alteration reduces unless it is named an addition', () => {
    expect(['discount', 'recurring', 'whatever', undefined, 'Surcharge'].map(alterationKind)).toEqual([
      'discount',
      'discount',
      'discount',
      'discount',
      'surcharge',
    ]);
  });

  it.each([
    ['2', 'DZ', 'EA', '24'],
    ['500', 'G', 'KG', '0.5'],
    ['3', 'EA', 'piece', '3'],
    ['3', 'hogshead', 'Hogshead', '3'],
  ])('%s %s is in %s %s', (quantity, from, to, expected) => {
    const converted = convertQuantity(new Exact(quantity), from, to);
    expect(converted.ok && converted.value.toString()).toBe(expected);
  });

  it('does not make pieces of kilograms', () => {
    expect(convertQuantity(new Exact(1), 'KG', 'EA')).toEqual({
      ok: false,
      error: "'KG' and 'EA' do not measure the same thing",
    });
    expect(sameUnit('EA', 'DZ')).toBe(false);
  });
});
