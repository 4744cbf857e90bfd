import type { Principal } from '@quotebridge/platform/security';

/** What a call was about, as far as it is known. */
export interface TransactionFacts {
  /** What the address named: an order, a customer, an opportunity, a machine or a part. */
  readonly target?: string;
  readonly orderId?: string;
  readonly orderNumber?: number;
  readonly customerId?: string;
  readonly paymentMethod?: string;
  /** Exact decimal. */
  readonly amount?: string;
  readonly currency?: string;
  /** The date that the order bears, as it was given. */
  readonly date?: string;
}

/** One call of the business API as the log tells of it. */
export interface Transaction extends TransactionFacts {
  readonly id: string;
  /** Time of the answer, milliseconds since the epoch. */
  readonly at: number;
  readonly caller: { readonly id: string; readonly name: string; readonly kind: Principal['kind'] };
  readonly operation: string;
  readonly version: string;
  readonly status: number;
  readonly outcome: 'succeeded' | 'refused' | 'failed';
  readonly errorId?: string;
  readonly tookMs: number;
}

/** What an HTTP status says of a call: done, the caller's fault, or ours. */
export const outcomeOf = (status: number): Transaction['outcome'] => {
  if (status < 400) return 'succeeded';
  return status < 500 ? 'refused' : 'failed';
};
