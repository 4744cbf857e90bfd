/** How persistent the hub is with a subscriber that fails. */
export interface DeliveryPlan {
  /** Waits between tries in milliseconds; the last one repeats. */
  readonly backoffMs: readonly number[];
  /** Tries of one event before the subscriber is parked. */
  readonly parkAfterAttempts: number;
  /** Longest time a subscriber may take to answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** About twelve minutes of trying. */
export const defaultDeliveryPlan: DeliveryPlan = {
  backoffMs: [500, 2_000, 5_000, 15_000, 30_000, 60_000],
  parkAfterAttempts: 15,
  timeoutMs: 10_000,
};

/** What to do after a try: 2xx is done, 410 says that nobody wants events there any more. */
export const afterAttempt = (
  plan: DeliveryPlan,
  attempt: number,
  status: number | undefined,
): 'delivered' | 'retry' | 'park' => {
  if (status !== undefined && status >= 200 && status < 300) return 'delivered';
  if (status === 410) return 'park';
  return attempt >= plan.parkAfterAttempts ? 'park' : 'retry';
};
