import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { endedBy, isLaunch, lifecycle } from './lifecycle';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const { machine } = lifecycle;
const step = (from: string, to: string, after: JsonObject = {}) =>
  machine.check(from, to, { before: {}, after, now: NOW });

/** TMF620 user guide, life cycle: every step there is. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  'In Study': ['In Design'],
  'In Design': ['In Test'],
  'In Test': ['Active', 'Rejected'],
  Active: ['Launched', 'Retired'],
  Launched: ['Retired'],
  Rejected: [],
  Retired: ['Obsolete'],
  Obsolete: [],
};

describe('the life cycle', () => {
  it('knows the states of the guide', () => {
    expect([...machine.states].sort()).toEqual(Object.keys(STEPS).sort());
  });

  it('has the steps of the guide and no others', () => {
    const state = fc.constantFrom(...Object.keys(STEPS));
    fc.assert(
      fc.property(state, state, (from, to) => {
        fc.pre(from !== to);
        expect(step(from, to).ok).toBe(STEPS[from]?.includes(to));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['2026-06-01T00:00:00Z', false],
    ['2020-01-01T00:00:00Z', false],
    ['2016-12-31T23:59:60Z', false],
    ['2026-06-01T00:00:01Z', true],
  ])('launches what is valid until %s: %s', (endDateTime, allowed) => {
    const after = { validFor: { endDateTime } };
    expect(step('Active', 'Launched', after).ok).toBe(allowed);
    expect(endedBy(after, NOW) === undefined).toBe(allowed);
  });

  it('never starts in a final state', () => {
    for (const state of ['Rejected', 'Obsolete']) expect(lifecycle.creatable).not.toContain(state);
  });

  it('is a launch only on the way to Launched', () => {
    const launched = { lifecycleStatus: 'Launched' };
    expect(isLaunch(undefined, launched)).toBe(true);
    expect(isLaunch({ lifecycleStatus: 'Active' }, launched)).toBe(true);
    expect(isLaunch(launched, launched)).toBe(false);
    expect(isLaunch(launched, { lifecycleStatus: 'Retired' })).toBe(false);
  });
});
