import fc from 'fast-check';
import { isDateTime } from './date-time';

test.each([
  '2026-01-31T09:30:00Z',
  '2026-01-31T09:30:00.123456Z',
  '2026-01-31T09:30:00+02:00',
  '2026-01-31T09:30:00-0330',
  '2024-02-29T00:00:00Z',
  '2016-12-31T23:59:60Z',
  '2017-08-27T00:00',
])('%s is a date-time', (text) => {
  expect(isDateTime(text)).toBe(true);
});

test.each([
  '',
  '2026-01-31',
  '09:30:00Z',
  '2026-13-01T00:00:00Z',
  '2026-00-01T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2100-02-29T00:00:00Z',
  '2026-01-31T24:00:00Z',
  '2026-01-31T09:60:00Z',
  '2026-01-31T09:30:00+24:00',
  '2026-01-31T09:30:00Zulu',
  '31.01.2026 09:30',
])('"%s" is no date-time', (text) => {
  expect(isDateTime(text)).toBe(false);
});

test('every instant that JavaScript writes is a date-time', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      (date) => isDateTime(date.toISOString()),
    ),
  );
});
