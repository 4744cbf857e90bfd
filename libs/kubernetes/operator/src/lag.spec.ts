import fc from 'fast-check';
import { coarseAge } from './lag';

describe('coarseAge', () => {
  it.each([
    [-5, '<1m'],
    [0, '<1m'],
    [59.9, '<1m'],
    [60, '1m'],
    [3_599, '30m'],
    [86_400, '1d'],
    [2 * 86_400, '2d'],
    [30.5 * 86_400, '30d'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(coarseAge(seconds * 1000)).toBe(text);
  });

  it('changes at most eleven times in two days', () => {
    const seen = new Set(Array.from({ length: 2 * 1440 }, (_, minute) => coarseAge(minute * 60_000)));
    expect(seen.size).toBeLessThanOrEqual(11);
  });

  it('is never undefined', () => {
    fc.assert(fc.property(fc.double({ noNaN: true }), (ms) => coarseAge(ms).length > 1));
  });
});
