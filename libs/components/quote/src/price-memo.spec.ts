import { ok, type JsonObject } from '@quotebridge/platform/core';
import { PriceMemo } from './price-memo';
import type { ItemPrice } from './price-quote';

const JUNE = '2026-06-15T12:00:00.000Z';
const pump = {
  id: 'p',
  validFor: { startDateTime: '2026-06-01T00:00:00Z', endDateTime: '2026-07-01T00:00:00Z' },
};

/** A memo and how often it had to work something out. */
const counted = (entries = 10) => {
  const memo = new PriceMemo<{ answer: number }>({ entries, bytes: 1_000_000 });
  let made = 0;
  const ask = (documents: readonly JsonObject[], asked: unknown, date = JUNE): number =>
    memo.once({ documents, asked, date }, () => ({ answer: (made += 1) })).answer;
  return { memo, ask, times: () => made };
};

describe('a memo of prices', () => {
  it('works out an equal question once', () => {
    const { ask, times } = counted();
    expect(ask([pump], { quantity: 1 })).toBe(1);
    expect(ask([pump], { quantity: 1 }, '2026-06-30T23:59:59.999Z')).toBe(1);
    expect(times()).toBe(1);
  });

  it.each<[string, readonly JsonObject[], unknown, string]>([
    ['a document that was read anew', [{ ...pump }], { quantity: 1 }, JUNE],
    ['a further document', [pump, { id: 'q' }], { quantity: 1 }, JUNE],
    ['another quantity', [pump], { quantity: 2 }, JUNE],
    ['the same quantity as a text', [pump], { quantity: '1' }, JUNE],
    ['a period that has begun since', [pump], { quantity: 1 }, '2026-05-31T23:59:59.999Z'],
    ['a period that ended since', [pump], { quantity: 1 }, '2026-07-01T00:00:00.000Z'],
  ])('works it out again for %s', (_what, documents, asked, date) => {
    const { ask } = counted();
    ask([pump], { quantity: 1 });
    expect(ask(documents, asked, date)).toBe(2);
  });

  it('sees the periods of values deep inside a document', () => {
    const deep = {
      id: 'd',
      prodSpecCharValueUse: [{ productSpecCharacteristicValue: [{ validFor: pump.validFor }] }],
    };
    const { ask } = counted();
    expect([
      ask([deep], 1, '2026-05-01T00:00:00Z'),
      ask([deep], 1),
      ask([deep], 1, '2026-08-01T00:00:00Z'),
    ]).toEqual([1, 2, 3]);
  });

  it('keeps no more than it may, and drops what was used least recently', () => {
    const { memo, ask, times } = counted(2);
    ask([pump], 'a');
    ask([pump], 'b');
    ask([pump], 'a');
    ask([pump], 'c');
    expect(memo.size).toBe(2);
    expect(ask([pump], 'a')).toBe(1);
    expect(ask([pump], 'b')).toBe(4);
    expect(times()).toBe(4);
  });

  it('keeps no more bytes of answers than it may', () => {
    const memo = new PriceMemo<string>({ entries: 1_000, bytes: 100_000 });
    for (let asked = 0; asked < 100; asked += 1)
      memo.once({ documents: [pump], asked, date: JUNE }, () => 'x'.repeat(5_000));
    expect(memo.size).toBeGreaterThan(5);
    expect(memo.size).toBeLessThan(15);
  });

  it('keeps nothing for a question that is long, because a client says how long it is', () => {
    const { memo, ask } = counted();
    const asked = { characteristics: { note: 'x'.repeat(5_000) } };
    expect([ask([pump], asked), ask([pump], asked)]).toEqual([1, 2]);
    expect(memo.size).toBe(0);
  });

  it('keeps nothing of what failed', () => {
    const { memo, ask } = counted();
    const fails = (): never => {
      throw new Error('no');
    };
    expect(() => memo.once({ documents: [pump], asked: 1, date: JUNE }, fails)).toThrow('no');
    expect(ask([pump], 1)).toBe(1);
  });

  it('gives an answer that nobody can change', () => {
    const memo = new PriceMemo<ItemPrice>({ entries: 10, bytes: 10_000 });
    const priced = memo.once({ documents: [pump], asked: 1, date: JUNE }, () =>
      ok({ quoteItemPrice: [{ priceType: 'oneTime' }] }),
    );
    const entries = priced.ok ? (priced.value['quoteItemPrice'] as JsonObject[]) : [];
    expect(() => Object.assign(entries[0] ?? {}, { priceType: 'usage' })).toThrow(TypeError);
  });
});
