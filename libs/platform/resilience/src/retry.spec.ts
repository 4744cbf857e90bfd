import * as fc from 'fast-check';
import { classifyHttp } from './classify-http';
import type { Decision } from './decision';
import { retryAfterMs } from './retry-after';
import { backoffMs, defaultRetryLimits, planRetry } from './retry-plan';

const NOW = Date.UTC(2026, 0, 1);

describe('retryAfterMs', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['-3', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('reads %p as %p', (value, expected) => {
    expect(retryAfterMs(value, NOW)).toBe(expected);
  });

  it('is never negative and never NaN for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const wait = retryAfterMs(text, NOW);
        expect(wait === undefined || wait >= 0).toBe(true);
      }),
    );
  });
});

describe('planRetry', () => {
  const decision: fc.Arbitrary<Decision> = fc.oneof(
    fc.constant<Decision>({ kind: 'succeed' }),
    fc.record({ kind: fc.constant('retryAfter' as const), reason: fc.string(), waitMs: fc.nat(100_000) }),
    fc.record({ kind: fc.constant('retryAfter' as const), reason: fc.string() }),
    fc.record({
      kind: fc.constantFrom('reject' as const, 'fail' as const, 'pause' as const),
      reason: fc.string(),
    }),
  );
  const random = fc.double({ min: 0, max: 0.999, noNaN: true });

  it('waits only for a passing fault, within the deadline, the longest wait and the number of tries', () => {
    fc.assert(
      fc.property(
        decision,
        fc.integer({ min: 1, max: 10 }),
        fc.nat(100_000),
        random,
        (what, attempt, left, chance) => {
          const plan = planRetry(what, attempt, left, defaultRetryLimits, chance);
          expect(plan.next === 'done').toBe(what.kind === 'succeed');
          if (plan.next !== 'wait') return;
          expect(what.kind).toBe('retryAfter');
          expect(attempt).toBeLessThan(defaultRetryLimits.attempts);
          expect(plan.ms).toBeLessThan(left);
          expect(plan.ms).toBeLessThanOrEqual(defaultRetryLimits.maxWaitMs);
        },
      ),
    );
  });

  it('the wait that the system asked for is kept', () => {
    const asked: Decision = { kind: 'retryAfter', reason: 'busy', waitMs: 7_000 };
    expect(planRetry(asked, 1, 60_000, defaultRetryLimits, 0)).toEqual({ next: 'wait', ms: 7_000 });
  });

  it('the back-off grows to its bound and is at least half of its step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), random, (attempt, chance) => {
        const step = Math.min(10_000, 250 * 2 ** (attempt - 1));
        const wait = backoffMs(attempt, defaultRetryLimits, chance);
        expect(wait).toBeGreaterThanOrEqual(Math.floor(step / 2));
        expect(wait).toBeLessThanOrEqual(step);
      }),
    );
  });
});

describe('classifyHttp', () => {
  const reply = (status: number, headers: Record<string, string> = {}) => ({
    method: 'GET',
    url: 'https://erp.example/x',
    atMs: NOW,
    reply: { status, headers, setCookies: [], body: '' },
  });

  it.each([
    [200, 'succeed'],
    [204, 'succeed'],
    [302, 'fail'],
    [400, 'reject'],
    [401, 'refreshToken'],
    [403, 'fail'],
    [404, 'reject'],
    [429, 'retryAfter'],
    [500, 'retryAfter'],
    [501, 'fail'],
    [503, 'retryAfter'],
  ])('takes %i for %s', (status, kind) => {
    expect(classifyHttp(reply(status)).kind).toBe(kind);
  });

  it('keeps the wait of a throttled answer', () => {
    expect(classifyHttp(reply(429, { 'retry-after': '3' }))).toMatchObject({ waitMs: 3_000 });
  });
});
