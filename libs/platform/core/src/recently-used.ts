/** What a memory holds at most. */
export interface MemoryBounds {
  readonly entries: number;
  /** Counted roughly, see {@link roughBytes}. */
  readonly bytes: number;
}

interface Kept<T> {
  readonly value: T;
  readonly bytes: number;
}

/** A bounded memory by key: what was used least recently goes first. What is larger than all of it is not kept. */
export class RecentlyUsed<T> {
  private readonly kept = new Map<string, Kept<T>>();
  private sum = 0;

  constructor(private readonly bounds: MemoryBounds) {}

  get size(): number {
    return this.kept.size;
  }

  get bytes(): number {
    return this.sum;
  }

  get(key: string): T | undefined {
    const found = this.kept.get(key);
    if (found === undefined) return undefined;
    this.kept.delete(key);
    this.kept.set(key, found);
    return found.value;
  }

  /** `bytes` is what the value takes; the key is counted here. */
  set(key: string, value: T, bytes: number): void {
    this.delete(key);
    const all = bytes + roughBytes(key);
    if (all > this.bounds.bytes) return;
    this.kept.set(key, { value, bytes: all });
    this.sum += all;
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.bounds.entries && this.sum <= this.bounds.bytes) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.sum -= this.kept.get(key)?.bytes ?? 0;
    this.kept.delete(key);
  }

  clear(): void {
    this.kept.clear();
    this.sum = 0;
  }
}

const HEAD = 32;
const SLOT = 8;

/**
 * About the bytes that a JSON value takes in memory: what its texts have at two bytes a character, and what engines need for
 * objects, lists and their places. A part that is there twice counts twice.
 */
export const roughBytes = (value: unknown): number => {
  if (typeof value === 'string') return HEAD + 2 * value.length;
  if (typeof value !== 'object' || value === null) return SLOT;
  const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
  return parts.reduce((sum: number, part) => sum + SLOT + roughBytes(part), HEAD);
};
