import type { Clock } from '@quotebridge/platform/core';
import { ToldUsage, type CallBudget, type Grant, type RateLimits } from '@quotebridge/platform/resilience';
import type { BudgetUsage } from '../ports';
import type { StoresContext } from './context';

const COLLECTION = 'connector_budgets';
const DAY_MS = 86_400_000;
const MOST_SLICE = 100;

interface BudgetDocument {
  _id: string;
  /** Days since the epoch, UTC. */
  day: number;
  used: number;
  tokens: number;
  filledMs: number;
  granted: number;
}

/**
 * Calls that are taken from the store at once: a call must not cost a round trip, and a process that dies must not
 * take many with it.
 */
const sliceOf = ({ perSecond, perDay }: RateLimits): number =>
  Math.max(
    1,
    Math.min(MOST_SLICE, Math.ceil((perSecond ?? Infinity) / 4), Math.floor((perDay ?? Infinity) / 1_000)),
  );

/** The budget of an instance, shared by all its processes through MongoDB. */
class SharedBudget implements CallBudget {
  /** What the vendor itself tells; every process hears it in its own answers. */
  private readonly told: ToldUsage;
  private readonly slice: number;
  private left = 0;
  private leftDay = 0;
  private refilling: Promise<Grant> | undefined;

  constructor(
    private readonly limits: RateLimits,
    private readonly clock: Clock,
    private readonly takeSlice: (slice: number, nowMs: number) => Promise<BudgetDocument>,
  ) {
    this.told = new ToldUsage(clock);
    this.slice = sliceOf(limits);
  }

  observe(used: number, perDay: number): void {
    this.told.observe(used, perDay);
  }

  async take(): Promise<Grant> {
    const refusal = this.told.refusal();
    if (refusal !== undefined) return refusal;
    const grant = await this.own();
    if (grant.granted) this.told.count();
    return grant;
  }

  private async own(): Promise<Grant> {
    const { perSecond, perDay } = this.limits;
    if (perSecond === undefined && perDay === undefined) return { granted: true };
    // What is left of yesterday's slice belongs to yesterday's budget.
    if (this.leftDay !== Math.floor(this.clock.now() / DAY_MS)) this.left = 0;
    while (this.left < 1) {
      this.refilling ??= this.refill().finally(() => (this.refilling = undefined));
      const grant = await this.refilling;
      if (!grant.granted) return grant;
    }
    this.left -= 1;
    return { granted: true };
  }

  private async refill(): Promise<Grant> {
    const now = this.clock.now();
    const { granted, used } = await this.takeSlice(this.slice, now);
    const { perSecond, perDay } = this.limits;
    if (granted > 0) {
      this.left += granted;
      this.leftDay = Math.floor(now / DAY_MS);
      return { granted: true };
    }
    if (perDay !== undefined && used >= perDay)
      return { granted: false, waitMs: DAY_MS - (now % DAY_MS), spent: 'day' };
    return { granted: false, waitMs: Math.ceil(1_000 / (perSecond ?? 1_000)), spent: 'second' };
  }
}

/** Budgets in MongoDB: a token bucket per second under a count per day (UTC), in one document for the instance. */
export const mongoBudget = ({ store, instance, clock }: StoresContext) => {
  const budgets = store.collection<BudgetDocument>(COLLECTION);

  const takeSlice =
    ({ perSecond, perDay, burst }: RateLimits) =>
    async (slice: number, nowMs: number): Promise<BudgetDocument> => {
      const day = Math.floor(nowMs / DAY_MS);
      const capacity = Math.max(1, burst ?? perSecond ?? slice);
      const isNew = { $lt: [{ $ifNull: ['$day', -1] }, day] };
      // A clock that is behind must neither fill nor empty the bucket.
      const passedMs = { $max: [0, { $subtract: [nowMs, { $ifNull: ['$filledMs', nowMs] }] }] };
      const filled = {
        $min: [
          capacity,
          { $add: [{ $ifNull: ['$tokens', capacity] }, { $multiply: [passedMs, (perSecond ?? 0) / 1_000] }] },
        ],
      };
      const found = await budgets.findOneAndUpdate(
        { _id: instance },
        [
          {
            $set: {
              used: { $cond: [isNew, 0, { $ifNull: ['$used', 0] }] },
              day: { $max: [{ $ifNull: ['$day', day] }, day] },
              tokens: perSecond === undefined ? slice : filled,
              filledMs: { $max: [{ $ifNull: ['$filledMs', nowMs] }, nowMs] },
            },
          },
          {
            $set: {
              granted: {
                $max: [
                  0,
                  {
                    $min: [
                      slice,
                      { $floor: '$tokens' },
                      perDay === undefined ? slice : { $subtract: [perDay, '$used'] },
                    ],
                  },
                ],
              },
            },
          },
          {
            $set: {
              used: { $add: ['$used', '$granted'] },
              tokens: { $subtract: ['$tokens', '$granted'] },
            },
          },
        ],
        { upsert: true, returnDocument: 'after' },
      );
      if (found === null) throw new Error('The budget of calls could not be read');
      return found;
    };

  return {
    budget: (limits: RateLimits): CallBudget => new SharedBudget(limits, clock, takeSlice(limits)),
    budgetUsage: async (): Promise<BudgetUsage> => {
      const found = await budgets.findOne({ _id: instance });
      const today = Math.floor(clock.now() / DAY_MS);
      return { usedToday: found !== null && found.day === today ? found.used : 0 };
    },
  };
};
