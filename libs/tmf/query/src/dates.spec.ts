import fc from 'fast-check';
import { instantOf } from '@quotebridge/platform/core';
import { equalTexts, looksLikeDate, orderInstants, parseInstant, readInstant } from './dates';
import { matches } from './matches';

/** Nanoseconds since the epoch, computed apart from the code under test. */
const nanos = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.replace('Z', '').split('.');
  const millis = Date.parse(whole.includes('T') ? `${whole}Z` : whole);
  return BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
};

const fraction = fc.oneof(
  fc.constant(''),
  fc.constantFrom('.0', '.5', '.50', '.500', '.499', '.501', '.000000001', '.999999999', '.000'),
);
const stored = fc.oneof(
  fc
    .tuple(fc.constantFrom('2020-01-01T00:00:00', '2020-01-01T00:00:01', '2019-12-31T23:59:59'), fraction)
    .map(([second, digits]) => `${second}${digits}Z`),
  fc.constant('2020-01-01'),
);

describe('date-times', () => {
  it.each([
    ['gt', (a: bigint, b: bigint) => a > b],
    ['gte', (a: bigint, b: bigint) => a >= b],
    ['lt', (a: bigint, b: bigint) => a < b],
    ['lte', (a: bigint, b: bigint) => a <= b],
  ] as const)('%s compares stored texts as instants, whatever their number of digits', (ordering, holds) => {
    fc.assert(
      fc.property(stored, stored, (value, bound) => {
        const instant = parseInstant(bound);
        if (instant === undefined) throw new Error(bound);
        const node = orderInstants('at', ordering, instant);
        expect({ value, bound, found: matches(node, { at: value }) }).toEqual({
          value,
          bound,
          found: holds(nanos(value), nanos(bound)),
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00.000Z'],
    ['2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00Z'],
    ['2020-01-01T02:00:00+02:00', '2020-01-01T00:00:00Z'],
    ['2020-01-01T02:00:00 02:00', '2020-01-01T02:00:00+02:00'],
    ['2019-12-31T19:00:00.5-0500', '2020-01-01T00:00:00.500Z'],
    ['not a date', 'not a date'],
  ])('%s equals the stored %s', (asked, value) => {
    expect(equalTexts(asked)).toContain(value);
  });

  it.each([
    '2020-13-01',
    '2020-02-30',
    '2020-01-01T24:00:00Z',
    '20-01-01',
    '',
    'x2020',
    '2020-01-01T10:00:00+1',
  ])('%p is no instant', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it.each([
    '2026-03-01',
    '2026-03-01T10:30',
    '2026-03-01 10:30:15.25',
    '2026-03-01T10:30:00.123456789-0330',
    '2016-12-31T23:59:60Z',
    '0001-01-01T00:00:00',
    '2026-02-30',
    '2026-03-01T24:00:00Z',
  ])('a query reads %s like everybody else', (text) => {
    const expected = instantOf(text);
    expect(readInstant(text) ?? Number.NaN).toBe(expected);
    const { second = 'none' } = parseInstant(text) ?? {};
    expect(Date.parse(`${second}Z`)).toBe(Math.floor(expected / 1_000) * 1_000);
  });

  it.each([
    ['2026-03-01T10:30:00 02:00', '2026-03-01T10:30:00+02:00'],
    ['2026-03-01 10:30 0200', '2026-03-01T10:30:00+02:00'],
  ])('%s has lost its plus on the way: %s', (text, meant) => {
    expect(readInstant(text)).toBe(instantOf(meant));
    expect(parseInstant(text)).toEqual(parseInstant(meant));
  });

  it('an offset that leads out of the years of four digits is none', () => {
    expect(parseInstant('9999-12-31T23:59:59-05:00')).toBeUndefined();
  });

  it('a text with a blank for the T is ordered as text where no kind is declared', () => {
    expect(['2026-03-01T10:30', '2026-03-01', '2026-03-01 10:30', '2026'].map(looksLikeDate)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
