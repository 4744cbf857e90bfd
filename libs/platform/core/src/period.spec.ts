import { endOf, isInForce, startOf } from './period';

const NOW = Date.parse('2026-06-01T00:00:00Z');

test.each([
  [undefined, true],
  [{}, true],
  [{ startDateTime: '2026-06-01T00:00:00Z' }, true],
  [{ startDateTime: '2026-06-01T00:00:01Z' }, false],
  [{ startDateTime: '2026-06-01T01:00:00+02:00' }, true],
  [{ endDateTime: '2026-06-01T00:00:00Z' }, false],
  [{ endDateTime: '2026-06-01' }, false],
  [{ endDateTime: '2016-12-31T23:59:60Z' }, false],
  [{ startDateTime: 'soon', endDateTime: '2026-02-30T00:00:00Z' }, true],
])('a period %j holds at the first of June: %s', (period, inForce) => {
  expect(isInForce(period, NOW)).toBe(inForce);
  expect(startOf(period) <= NOW && NOW < endOf(period)).toBe(inForce);
});
