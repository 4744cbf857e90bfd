import type { Clock } from '@quotebridge/platform/core';

/** Remembers answers for a time, at most so many, the oldest forgotten first; who asks at the same time shares the call. */
export class Remembered<T> {
  private readonly kept = new Map<string, { readonly value: Promise<T>; readonly at: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly most: number,
    private readonly forMs: number,
  ) {}

  /** The remembered answer, or a new one; a failure is not remembered. */
  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.kept.get(key);
    if (known !== undefined && this.clock.now() - known.at < this.forMs) return known.value;
    const value = ask();
    this.kept.delete(key);
    this.kept.set(key, { value, at: this.clock.now() });
    value.catch(() => {
      if (this.kept.get(key)?.value === value) this.kept.delete(key);
    });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.most) break;
      this.kept.delete(oldest);
    }
    return value;
  }
}
