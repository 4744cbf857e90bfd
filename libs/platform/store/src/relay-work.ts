import { bodyLength, type OutboxEvent } from './outbox';

/** Events of a document that was stored for the first time under its id. */
export interface Fresh {
  readonly id: string;
  readonly events: readonly OutboxEvent[];
  /** Others may have had the id before; what they left is among the tombstones and has to leave first. */
  readonly given?: boolean;
}

/**
 * What a commit left for the relay. Events of a new document can be published without reading them back. All other
 * changes name the collection only, because events of another process may wait there before theirs.
 */
export interface Committed {
  readonly collection: string;
  readonly fresh?: Fresh;
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
/** Of those with a given id, which come by the hundred: what a single request leaves must not wait for many of them. */
const MOST_GIVEN = 1_024;
/** Characters of event bodies held at most. */
const MOST_LENGTH = 16 * 1024 * 1024;

const lengthOf = ({ events }: Fresh): number => events.reduce((sum, event) => sum + bodyLength(event), 0);

/** Collects what was committed between two passes. What does not fit into memory is read back from the store. */
export class RelayQueue {
  private all = false;
  private collections = new Set<string>();
  private fresh: Required<Committed>[] = [];
  private given = 0;
  private length = 0;

  /** Without an argument: look everywhere. */
  add(committed?: Committed): void {
    if (committed === undefined) this.all = true;
    else if (committed.fresh !== undefined && this.hasRoom(committed.fresh))
      this.hold({ collection: committed.collection, fresh: committed.fresh });
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
    this.given = 0;
    this.length = 0;
  }

  private hasRoom({ given = false }: Fresh): boolean {
    const hasPlace = given ? this.given < MOST_GIVEN : this.fresh.length - this.given < MOST_FRESH;
    return hasPlace && this.length < MOST_LENGTH;
  }

  private hold(one: Required<Committed>): void {
    this.fresh.push(one);
    if (one.fresh.given === true) this.given += 1;
    this.length += lengthOf(one.fresh);
  }
}
