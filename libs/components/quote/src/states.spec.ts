import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { isConsistent, itemStateFor, quoteMachine, type QuoteState } from './states';
import { NOW } from './quote.fixture';

const priced = { id: '1', quoteItemPrice: [{}] };
const ready = (more: JsonObject = {}): JsonObject => ({ quoteItem: [priced], ...more });
const check = (
  from: QuoteState,
  to: QuoteState,
  after: JsonObject,
  before: JsonObject = {},
): string | undefined => {
  const verdict = quoteMachine.check(from, to, { before, after, now: NOW });
  return verdict.ok ? undefined : verdict.error.reason;
};

describe('the life cycle of a quote', () => {
  const STEPS: Readonly<Record<QuoteState, readonly QuoteState[]>> = {
    acknowledged: ['inProgress', 'cancelled', 'declined'],
    inProgress: ['pending', 'approved', 'cancelled', 'declined'],
    pending: ['inProgress', 'cancelled', 'declined'],
    approved: ['accepted', 'rejected', 'cancelled'],
    rejected: ['inProgress'],
    accepted: [],
    cancelled: [],
    declined: [],
  };
  it('has exactly the steps of the standard', () => {
    for (const from of quoteMachine.states) {
      expect([from, new Set(quoteMachine.next(from))]).toEqual([from, new Set(STEPS[from])]);
    }
  });

  it.each<[string, JsonObject, string | undefined]>([
    ['ready', ready(), undefined],
    ['an item without a price yet', ready({ quoteItem: [{ id: '7' }] }), 'Item 7 has not been priced yet.'],
    [
      'an item that cannot be priced',
      ready({
        quoteItem: [priced, { id: '2', quoteItemPrice: [], unpricedReason: { message: 'No tier.' } }],
      }),
      'Item 2 has no price: No tier.',
    ],
    [
      'a nested item that cannot be priced',
      ready({ quoteItem: [{ ...priced, quoteItem: [{ id: '1.1', unpricedReason: { message: 'Gone.' } }] }] }),
      'Item 1.1 has no price: Gone.',
    ],
    ['an item that ends a product', ready({ quoteItem: [{ id: '3', action: 'delete' }] }), undefined],
    [
      'an item that waits',
      ready({ quoteItem: [{ ...priced, state: 'pending' }] }),
      'Item 1 waits for information.',
    ],
    [
      'an authorization that is open',
      ready({ authorization: [{ name: 'boss', state: 'requested' }] }),
      'Authorization is missing: boss.',
    ],
    [
      'an authorization that is given',
      ready({ authorization: [{ name: 'boss', state: 'approved' }] }),
      undefined,
    ],
    [
      'an open authorization of an item',
      ready({ quoteItem: [{ ...priced, quoteItemAuthorization: [{ name: 'legal' }] }] }),
      'Authorization is missing: legal.',
    ],
    [
      'an expired quote',
      ready({ validFor: { endDateTime: '2026-06-15T12:00:00Z' } }),
      'The quote expired at 2026-06-15T12:00:00Z.',
    ],
  ])('approves only when nothing is in the way: %s', (_name, after, reason) => {
    expect(check('inProgress', 'approved', after)).toBe(reason);
  });

  it.each([
    ['2026-06-15T12:00:00.001Z', undefined],
    ['2026-06-15T12:00:00.000Z', 'The quote expired at 2026-06-15T12:00:00.000Z.'],
    ['tomorrow', 'The validity period of the quote is not made of date-times.'],
  ])('accepts until the end of its validity period: %s', (endDateTime, reason) => {
    expect(check('approved', 'accepted', ready({ validFor: { endDateTime } }))).toBe(reason);
  });

  it('does not accept before the validity period', () => {
    const validFor = { startDateTime: '2026-06-16T00:00:00Z' };
    expect(check('approved', 'accepted', ready({ validFor }))).toBe(
      'The quote is valid from 2026-06-16T00:00:00Z on.',
    );
  });

  it.each([
    ['1', '2', true],
    ['9', '10', true],
    ['1.9', '1.10', true],
    ['2', '2', false],
    ['2', '1', false],
    [undefined, '1', false],
    [undefined, '2', true],
  ])('lets a rejected version %s go on as %s: %s', (old, version, allowed) => {
    const before = old === undefined ? {} : { version: old };
    expect(check('rejected', 'inProgress', { version }, before) === undefined).toBe(allowed);
  });
});

describe('the state of an item', () => {
  const state = fc.constantFrom(...quoteMachine.states);
  it('is always consistent with its quote', () => {
    fc.assert(
      fc.property(
        state,
        fc.option(fc.oneof(state, fc.string()), { nil: undefined }),
        fc.boolean(),
        (of, own, moved) => {
          const item: JsonObject = own === undefined ? {} : { state: own };
          expect(isConsistent(of, itemStateFor(item, of, moved))).toBe(true);
        },
      ),
    );
  });

  it('may lag while the quote is worked on, and never afterwards', () => {
    expect(itemStateFor({ state: 'pending' }, 'inProgress', false)).toBe('pending');
    expect(itemStateFor({ state: 'pending' }, 'approved', true)).toBe('approved');
    expect(isConsistent('approved', 'inProgress')).toBe(false);
  });
});
