import type { OutboxEvent } from './outbox';

/**
 * What a commit left for the relay. `events` are given for a document that was stored for the first time under an id
 * nobody can have used before: they can be published without reading them back. All other changes name the
 * collection only, because events of another process may wait there before theirs.
 */
export interface Committed {
  readonly collection: string;
  readonly fresh?: { readonly id: string; readonly events: readonly OutboxEvent[] };
}

/** Where one pass of the relay looks. */
export interface RelayWork {
  /** Undefined: in all collections. */
  readonly collections: ReadonlySet<string> | undefined;
  readonly fresh: readonly Required<Committed>[];
}

/** Everything: what a process finds when it starts, or when it does not know. */
export const SWEEP: RelayWork = { collections: undefined, fresh: [] };

const MOST_FRESH = 1_000;

/** Collects what was committed between two passes. What does not fit into memory is read back from the store. */
export class RelayQueue {
  private all = false;
  private collections = new Set<string>();
  private fresh: Required<Committed>[] = [];

  /** Without an argument: look everywhere. */
  add(committed?: Committed): void {
    if (committed === undefined) this.all = true;
    else if (committed.fresh !== undefined && this.fresh.length < MOST_FRESH)
      this.fresh.push({ collection: committed.collection, fresh: committed.fresh });
    else this.collections.add(committed.collection);
  }

  /** Puts work back of which a part is left: its events are in the store. */
  addAgain({ collections, fresh }: RelayWork): void {
    if (collections === undefined) this.all = true;
    for (const name of collections ?? []) this.collections.add(name);
    for (const { collection } of fresh) this.collections.add(collection);
  }

  take(): RelayWork {
    const work = { collections: this.all ? undefined : this.collections, fresh: this.fresh };
    this.clear();
    return work;
  }

  clear(): void {
    this.all = false;
    this.collections = new Set();
    this.fresh = [];
  }
}
