import fc from 'fast-check';

/** States that a client may ask a quote to take. */
export const QUOTE_STATES = [
  'inProgress',
  'pending',
  'approved',
  'accepted',
  'rejected',
  'cancelled',
  'declined',
];

/** Every state of an order. */
export const ORDER_STATES = [
  ...[
    'acknowledged',
    'inProgress',
    'inProgress.accepted',
    'pending',
    'held',
    'completed',
    'failed',
    'partial',
  ],
  ...['assessingCancellation', 'pendingCancellation', 'cancelled', 'rejected', 'draft'],
];

/** What a client tries; numbers pick among what there is at the time. */
export type Attempt =
  | { kind: 'quote'; which: number; state: string; forged: boolean }
  | { kind: 'requote'; which: number; offering: number; quantity: number }
  | { kind: 'order'; which: number; state: string }
  | { kind: 'item'; which: number; state: string; more: string }
  | { kind: 'prices'; which: number; v4: boolean; attribute: string }
  | { kind: 'newOrder'; which: number }
  | { kind: 'cancel'; which: number }
  | { kind: 'remove'; which: number; quote: boolean };

/** Counted from the newest, so that most attempts are about something that can still move. */
const which = fc.nat(4);
const itemState = fc.constantFrom(
  ...ORDER_STATES,
  'inProgress',
  'inProgress',
  'completed',
  'held',
  'pending',
);
/** Anything that a client can try. */
export const attempt: fc.Arbitrary<Attempt> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('quote' as const),
      which,
      state: fc.constantFrom(...QUOTE_STATES, 'approved', 'accepted'),
      forged: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('requote' as const),
      which,
      offering: fc.nat(1),
      quantity: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      which,
      state: fc.constantFrom(...ORDER_STATES, 'inProgress'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('item' as const),
      which,
      state: itemState,
      more: fc.constantFrom('none', 'none', 'price', 'quantity'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('prices' as const),
      which,
      v4: fc.boolean(),
      attribute: fc.constantFrom('orderTotalPrice', 'quote', 'productOrderItem'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('newOrder' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), which, quote: fc.boolean() }) },
);
