import type { ReadProducts } from '@quotebridge/cpq/bom';
import type { JsonObject } from '@quotebridge/platform/core';
import { attributesOf, type StoredResource } from '@quotebridge/tmf/resource';

/** Structures whose products are kept in mind, how many of each, and of all together: some ten megabytes. */
const MOST_STRUCTURES = 1_000;
const MOST_PRODUCTS = 1_000;
const MOST_IN_ALL = 100_000;

/**
 * Which products were in a structure the last time. They are read ahead, all together instead of level by level; what has
 * changed since is found as if nothing were known.
 */
export class LastSeen {
  private readonly seen = new Map<string, readonly string[]>();
  private inAll = 0;

  of(root: string): readonly string[] {
    return this.seen.get(root) ?? [];
  }

  note(root: string, ids: readonly string[]): void {
    this.forget(root);
    if (ids.length > MOST_PRODUCTS) return;
    this.seen.set(root, ids);
    this.inAll += ids.length;
    for (const oldest of this.seen.keys()) {
      if (this.seen.size <= MOST_STRUCTURES && this.inAll <= MOST_IN_ALL) break;
      this.forget(oldest);
    }
  }

  private forget(root: string): void {
    this.inAll -= this.of(root).length;
    this.seen.delete(root);
  }
}

/** The products of one answer, read once each, and the time of their latest change. */
export class StructureReading {
  private readonly known = new Map<string, StoredResource | undefined>();
  private readonly wanted = new Set<string>();

  /** @param ahead ids that are likely to be wanted */
  constructor(
    private readonly root: StoredResource,
    private readonly stored: (ids: readonly string[]) => Promise<readonly StoredResource[]>,
    private readonly ahead: readonly string[],
  ) {}

  readonly read: ReadProducts = async (ids) => {
    for (const id of ids) this.wanted.add(id);
    const isFirst = this.known.size === 0;
    const missing = new Set([...ids, ...(isFirst ? this.ahead : [])].filter((id) => !this.known.has(id)));
    if (missing.size > 0) {
      for (const id of missing) this.known.set(id, undefined);
      for (const one of await this.stored([...missing])) this.known.set(one._id, one);
    }
    return new Map(
      ids.flatMap((id): [string, JsonObject][] => {
        const one = this.known.get(id);
        return one === undefined ? [] : [[id, attributesOf(one)]];
      }),
    );
  };

  /** What was in it. */
  ids(): readonly string[] {
    return [...this.wanted];
  }

  /** When one of the products in it was last changed, date-time. What was read ahead in vain does not count. */
  asOf(): string {
    const times = [...this.wanted].map((id) => this.known.get(id)?._mod.getTime() ?? 0);
    return new Date(Math.max(this.root._mod.getTime(), ...times)).toISOString();
  }
}
