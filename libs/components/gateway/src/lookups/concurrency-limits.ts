/** How many questions of a kind may be under way: at first, at least, at most. */
const FIRST = 32;
const LEAST = 4;
const MOST = 256;
/** What is left of the limit after an answer that was late. */
const AFTER_LATE = 0.9;

interface Limit {
  underWay: number;
  most: number;
}

/**
 * How many questions of a kind may be under way at once, found out from how they are answered: each late one lowers the limit,
 * those in time raise it again (additive increase, multiplicative decrease). Without it each question waits behind those that
 * nobody waits for any more, and under more load than can be carried nobody gets an answer in time.
 */
export class ConcurrencyLimits {
  private readonly limits = new Map<string, Limit>();

  /** @param deadlineMs from when on an answer is late, milliseconds */
  constructor(private readonly deadlineMs: number) {}

  isFull(kind: string): boolean {
    const { underWay, most } = this.of(kind);
    return underWay >= Math.floor(most);
  }

  /** Gives what the work gives, and learns from how long it took. */
  async watch<T>(kind: string, work: Promise<T>): Promise<T> {
    const limit = this.of(kind);
    limit.underWay += 1;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      limit.most = Math.max(LEAST, limit.most * AFTER_LATE);
    }, this.deadlineMs);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
      // What is hardly used says nothing of how much more could be carried.
      const isUsed = limit.underWay * 2 >= limit.most;
      if (!isLate && isUsed) limit.most = Math.min(MOST, limit.most + 1 / limit.most);
      limit.underWay -= 1;
    }
  }

  private of(kind: string): Limit {
    const known = this.limits.get(kind) ?? { underWay: 0, most: FIRST };
    this.limits.set(kind, known);
    return known;
  }
}
