import {
  RecentlyUsed,
  roughBytes,
  type Clock,
  type JsonObject,
  type MemoryBounds,
} from '@quotebridge/platform/core';

/** A document with the validator it was read with. */
export interface CachedDocument {
  readonly document: JsonObject;
  readonly etag?: string;
}

interface Entry extends CachedDocument {
  readonly readAt: number;
}

/**
 * Bounded memory of read documents; the one that was used least recently goes first. An entry is fresh for a while
 * and afterwards a candidate for a conditional read; an event about the document drops it.
 */
export class DocumentCache {
  private readonly entries: RecentlyUsed<Entry>;
  /** Grows with each invalidation, so that an answer that was on its way meanwhile is not kept. */
  private generation = 0;

  constructor(
    private readonly clock: Clock,
    bounds: MemoryBounds,
    private readonly freshMs: number,
  ) {
    this.entries = new RecentlyUsed(bounds);
  }

  get size(): number {
    return this.entries.size;
  }

  /** The state of the cache to hand to {@link put}. */
  get mark(): number {
    return this.generation;
  }

  get(key: string): (CachedDocument & { readonly isFresh: boolean }) | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    return { ...entry, isFresh: this.clock.now() - entry.readAt < this.freshMs };
  }

  /** Keeps a document that was asked for at `mark`, unless something was dropped since. */
  put(key: string, document: CachedDocument, mark: number): void {
    if (mark !== this.generation) return;
    this.entries.set(key, { ...document, readAt: this.clock.now() }, roughBytes(document.document));
  }

  clear(): void {
    this.generation += 1;
    this.entries.clear();
  }

  drop(key: string): void {
    this.generation += 1;
    this.entries.delete(key);
  }
}
