import type { JsonObject } from '@quotebridge/platform/core';
import { expired, readExpiryRules } from './expiry';
import { NOW } from './quote.fixture';

const quote = (state: string, endDateTime?: string): JsonObject => ({
  state,
  ...(endDateTime === undefined ? {} : { validFor: { endDateTime } }),
});
const BEFORE = new Date(NOW - 1_000).toISOString();
const AFTER = new Date(NOW + 1_000).toISOString();

describe('a quote whose validity ends', () => {
  const rules = readExpiryRules(['approved:rejected', 'inProgress:cancelled']);

  it.each([
    ['approved', BEFORE, 'rejected'],
    ['inProgress', BEFORE, 'cancelled'],
    ['pending', BEFORE, 'pending'],
    ['accepted', BEFORE, 'accepted'],
    ['approved', AFTER, 'approved'],
    ['approved', undefined, 'approved'],
    ['approved', 'soon', 'approved'],
  ])('%s until %s becomes %s', (state, end, next) => {
    const after = expired(quote(state, end), rules, NOW);
    expect(after['state']).toBe(next);
    expect(after['stateReason']).toBe(state === next ? undefined : 'expired');
  });

  it('an offset counts: the same instant ends it wherever it was written', () => {
    const end = new Date(NOW - 1_000 + 5 * 3_600_000).toISOString().replace('Z', '+05:00');
    expect(expired(quote('approved', end), rules, NOW)['state']).toBe('rejected');
  });

  it('stays as it is where no rule is wanted', () => {
    const quoted = quote('approved', BEFORE);
    expect(expired(quoted, readExpiryRules(['none']), NOW)).toBe(quoted);
  });

  it.each([
    'approved',
    'approved:gone',
    'accepted:cancelled',
    'approved:rejected:x',
    'none,approved:rejected',
  ])('the rule %s is refused with its name', (rule) => {
    expect(() => readExpiryRules(rule.split(','))).toThrow(rule.split(',')[0]);
  });
});
