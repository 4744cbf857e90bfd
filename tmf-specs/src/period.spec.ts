import * as fc from 'fast-check';
import { isReversed } from './period';

const EARLY = '2026-01-01T00:00:00Z';
const LATE = '2026-02-01T00:00:00Z';

test.each([
  ['ends before it starts', { startDateTime: LATE, endDateTime: EARLY }, true],
  ['ends after it starts', { startDateTime: EARLY, endDateTime: LATE }, false],
  ['ends when it starts', { startDateTime: EARLY, endDateTime: EARLY }, false],
  ['has no end', { startDateTime: LATE }, false],
  ['has no start', { endDateTime: EARLY }, false],
  [
    'is in order by its offsets only',
    { startDateTime: '2026-01-01T01:00:00+02:00', endDateTime: '2026-01-01T00:00:00Z' },
    false,
  ],
  [
    'is reversed by its offsets only',
    { startDateTime: '2026-01-01T00:00:00Z', endDateTime: '2026-01-01T01:00:00+02:00' },
    true,
  ],
  [
    'has no offset on one side',
    { startDateTime: '2026-01-01T00:00', endDateTime: '2026-01-01T00:00:00Z' },
    false,
  ],
  ['is reversed by a leap second', { startDateTime: LATE, endDateTime: '2016-12-31T23:59:60Z' }, true],
  ['has a bound that is no date', { startDateTime: LATE, endDateTime: 'never' }, false],
  ['is no object', 'always', false],
])('a period that %s', (_case, period, reversed) => {
  expect(isReversed(period)).toBe(reversed);
});

test('of two different instants exactly one order is reversed', () => {
  const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(day, day, (a, b) => {
      fc.pre(a.getTime() !== b.getTime());
      const [startDateTime, endDateTime] = [a.toISOString(), b.toISOString()];
      expect(isReversed({ startDateTime, endDateTime })).toBe(a > b);
      expect(isReversed({ startDateTime: endDateTime, endDateTime: startDateTime })).toBe(a < b);
    }),
  );
});
