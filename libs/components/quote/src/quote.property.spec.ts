import { objectsAt, Refusal, type JsonObject } from '@quotebridge/platform/core';
import { totalPrices } from '@quotebridge/cpq/pricing';
import fc from 'fast-check';
import { openAuthorizations } from './authorization';
import { itemsOf } from './items';
import { Desk, item, off, price, quote } from './quote.fixture';
import { isConsistent, quoteMachine, UPDATABLE, type QuoteState } from './states';

/** What people, the clock and the catalog may do to a quote. */
type Act =
  | { readonly kind: 'patch'; readonly change: JsonObject }
  | { readonly kind: 'authorize' }
  | { readonly kind: 'wait'; readonly days: number }
  | { readonly kind: 'catalog'; readonly value: number };

const DAY = 24 * 3600 * 1000;

const items = fc
  .array(
    fc.record({
      offering: fc.constantFrom('pump', 'pump', 'pump', 'service', 'ghost'),
      quantity: fc.integer({ min: 1, max: 20 }),
      percent: fc.constantFrom(0, 0, 5, 20, 60),
      state: fc.constantFrom(undefined, undefined, undefined, 'pending', 'accepted'),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((found) =>
    found.map(({ offering, quantity, percent, state }, index) =>
      item(String(index), offering, { quantity, ...off(percent), ...(state === undefined ? {} : { state }) }),
    ),
  );

const state = fc.constantFrom<QuoteState>(
  'inProgress',
  'pending',
  'approved',
  'approved',
  'accepted',
  'rejected',
);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: state.map((to): Act => ({ kind: 'patch', change: { state: to } })) },
  { weight: 2, arbitrary: items.map((quoteItem): Act => ({ kind: 'patch', change: { quoteItem } })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(state, items)
      .map(([to, quoteItem]): Act => ({ kind: 'patch', change: { state: to, quoteItem } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<JsonObject>(
        { quoteTotalPrice: [] },
        { authorization: [] },
        { state: 'approved', authorization: [] },
        { state: 'approved', unpricedItem: [] },
        { state: 'inProgress', version: '2' },
      )
      .map((change): Act => ({ kind: 'patch', change })),
  },
  { weight: 2, arbitrary: fc.constant<Act>({ kind: 'authorize' }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }).map((days): Act => ({ kind: 'wait', days })) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 9999 }).map((value): Act => ({ kind: 'catalog', value })),
  },
);

/** Applies a change as the resource service does: guards, hooks, guards again. Undefined when it is refused. */
const patch = async (desk: Desk, before: JsonObject, change: JsonObject): Promise<JsonObject | undefined> => {
  const legal = (after: JsonObject): boolean =>
    quoteMachine.check(before['state'] as QuoteState, after['state'] as QuoteState, {
      before,
      after,
      now: desk.clock.now(),
    }).ok;
  if (!legal({ ...before, ...change })) return undefined;
  try {
    const after = await desk.change(before, change);
    return legal(after) ? after : undefined;
  } catch (thrown) {
    if (thrown instanceof Refusal) return undefined;
    throw thrown;
  }
};

const perform = async (desk: Desk, current: JsonObject, one: Act): Promise<JsonObject> => {
  if (one.kind === 'wait') desk.clock.time += one.days * DAY;
  if (one.kind === 'catalog') desk.catalog.set(price('pump-price', one.value));
  if (one.kind === 'authorize') {
    const authorization = objectsAt(current, 'authorization').map((entry) => ({
      ...entry,
      state: 'approved',
    }));
    return (await patch(desk, current, { authorization })) ?? current;
  }
  return one.kind === 'patch' ? ((await patch(desk, current, one.change)) ?? current) : current;
};

const content = ({ quoteItem, quoteTotalPrice, authorization, version }: JsonObject): unknown => [
  objectsAt({ quoteItem }, 'quoteItem').map(({ state: _state, ...rest }) => rest),
  quoteTotalPrice,
  authorization,
  version,
];

const steps = (...states: readonly QuoteState[]): Act[] =>
  states.map((to): Act => ({ kind: 'patch', change: { state: to } }));

/** Runs that are always made, so that each state is seen to be reached. */
const PATHS: [JsonObject[], Act[]][] = [
  [[item('0', 'pump')], steps('pending', 'inProgress', 'approved', 'accepted')],
  [
    [item('0', 'pump', off(50))],
    [...steps('approved'), { kind: 'authorize' }, ...steps('approved', 'rejected')],
  ],
];

describe('whatever people, the clock and the catalog do', () => {
  it('no quote is submitted without prices or authorization, and none changes afterwards', async () => {
    const reached = new Set<unknown>();
    await fc.assert(
      fc.asyncProperty(items, fc.array(act, { minLength: 5, maxLength: 25 }), async (first, acts) => {
        const desk = new Desk();
        let current = await desk.create(quote(first.map(({ state: _state, ...rest }) => rest)));
        for (const one of acts) {
          const before = current;
          current = await perform(desk, before, one);
          const now = current['state'];
          reached.add(now);
          expect(totalPrices(objectsAt(current, 'quoteItem'))).toEqual(current['quoteTotalPrice']);
          for (const each of itemsOf(current)) {
            expect(isConsistent(now as QuoteState, each['state'] as QuoteState)).toBe(true);
          }
          if (UPDATABLE.has(now)) continue;
          expect(current['unpricedItem']).toBeUndefined();
          expect(openAuthorizations(current)).toEqual([]);
          expect(content(current)).toEqual(content(before));
          if (now === 'accepted' && before['state'] === 'approved') {
            const { endDateTime } = current['validFor'] as JsonObject;
            expect(desk.clock.now()).toBeLessThan(Date.parse(String(endDateTime)));
          }
        }
      }),
      { numRuns: 120, examples: PATHS },
    );
    // The run is worth something only if it went through the whole life cycle.
    expect([...reached].sort()).toEqual(['accepted', 'approved', 'inProgress', 'pending', 'rejected']);
  }, 30_000);
});
