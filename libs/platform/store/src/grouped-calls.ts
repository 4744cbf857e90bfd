/** How many items go together at most, and how many groups may be under way at once. */
export interface GroupLimits {
  readonly largest: number;
  readonly underWay: number;
}

interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (value: O) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Sends what is asked for at the same time as one operation (group commit): a command to the database costs more than
 * the documents in it. Nobody waits for company: what arrives in one turn of the event loop goes together, and while
 * `underWay` groups are out the next one gathers. Every group starts after the calls in it, so its reads are as fresh
 * and its writes as durable as single ones.
 *
 * `run` settles each item by itself, in the order given; when it throws, all of the group fail.
 */
export class GroupedCalls<I, O> {
  private waiting: Waiting<I, O>[] = [];
  private running = 0;
  private scheduled = false;

  constructor(
    private readonly run: (items: readonly I[]) => Promise<readonly PromiseSettledResult<O>[]>,
    private readonly limits: GroupLimits,
  ) {}

  /** The result of one item; rejects with what became of it. */
  call(item: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.running >= this.limits.underWay) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.send();
    });
  }

  private async send(): Promise<void> {
    const group = this.waiting.splice(0, this.limits.largest);
    if (group.length === 0) return;
    this.running += 1;
    if (this.waiting.length > 0) this.schedule();
    try {
      const results = await this.run(group.map(({ item }) => item));
      group.forEach((one, index) => settle(one, results[index]));
    } catch (thrown) {
      for (const one of group) one.reject(thrown);
    } finally {
      this.running -= 1;
      if (this.waiting.length > 0) this.schedule();
    }
  }
}

const settle = <I, O>(one: Waiting<I, O>, result: PromiseSettledResult<O> | undefined): void => {
  if (result?.status === 'fulfilled') one.resolve(result.value);
  else one.reject(result?.reason ?? new Error('A group of calls gave no result for one of its items'));
};
