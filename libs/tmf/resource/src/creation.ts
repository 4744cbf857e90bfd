import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import { isDuplicateKey, type OutboxEvent } from '@quotebridge/platform/store';
import type { WriteContext } from './definition';
import { outgrows } from './event-overflow';
import { inTurn, takeLock } from './lock';
import { checkId } from './names';
import { eventType } from './outbox-events';
import { startingState } from './states';
import type { StoredResource } from './stored';
import { addVersion } from './versioned';
import type { ResourceWrites, Written } from './writes';

/** A new resource on its way into the store, and who brings it. */
export interface Draft {
  readonly draft: JsonObject;
  readonly context: WriteContext;
}

/** Makes new resources of one kind, one by one or many at once. */
export class Creation {
  constructor(private readonly writes: ResourceWrites) {}

  /** Stores a new resource. `draft` is in the v5 shape; it may bring its id. */
  async create(draft: JsonObject, context: WriteContext): Promise<Written> {
    if (context.dryRun === true) {
      const { document } = await this.prepared(draft, context);
      return { document, json: '', changed: true };
    }
    const tie = this.writes.tieOf(undefined, draft, context);
    if (tie !== undefined) {
      if (!context.session)
        return this.writes.exclusively(tie, context, (inside) => this.create(draft, inside));
      if (tie.lock !== undefined) await takeLock(this.writes.deps.store, tie.lock, context.session);
    }
    const { document, types } = await this.prepared(draft, context);
    const id = document._id;
    if (this.writes.definition.versioned && draft['id'] !== undefined)
      return this.createVersion(document, types, context);
    const json = JSON.stringify(this.writes.view(document));
    document._outbox = types.map((type) => this.writes.event(type, id, json, context));
    await this.writes.repository.insert(document, context.session, context.trace);
    // An id of our own is new: no event of it can be waiting elsewhere.
    const isFresh = draft['id'] === undefined && !outgrows(document._outbox);
    this.writes.wakeAfter(context, isFresh ? { fresh: { id, events: document._outbox } } : {});
    return { document, json, changed: true };
  }

  /**
   * Stores many new resources with one operation; each is stored with its events or not at all. Gives for each
   * whether it was: what is refused, or has an id that is taken, is left for {@link create} to tell why.
   */
  async createMany(drafts: readonly Draft[]): Promise<boolean[]> {
    const byLock = new Map<string | undefined, Draft[]>();
    for (const one of drafts) {
      const lock = this.writes.definition.lockFor?.(undefined, one.draft);
      byLock.set(lock, [...(byLock.get(lock) ?? []), one]);
    }
    const stored = new Set<Draft>();
    for (const [lock, some] of byLock) {
      const documents = await (lock === undefined ? this.insertFree(some) : this.insertLocked(lock, some));
      documents.forEach((document, at) => {
        const one = some[at];
        if (document === undefined || one === undefined) return;
        stored.add(one);
        this.tellOf(document);
      });
    }
    return drafts.map((one) => stored.has(one));
  }

  /** Hands the events of a new document to the relay, which need not read back then what is in memory. */
  private tellOf({ _id: id, _outbox: events = [] }: StoredResource): void {
    this.writes.deps.wake({ collection: this.writes.definition.name, fresh: { id, events, given: true } });
  }

  /** The documents that were stored, each in the place of its draft. */
  private async insertFree(drafts: readonly Draft[]): Promise<(StoredResource | undefined)[]> {
    const documents = await Promise.all(drafts.map((draft) => this.preparedWithEvents(draft)));
    const taken = await this.writes.repository.insertMany(
      documents.filter((document) => document !== undefined),
    );
    return documents.map((document) => (document && !taken.has(document._id) ? document : undefined));
  }

  /** The same for those that need a lock: in one transaction, so that an id that is taken leaves all of them. */
  private async insertLocked(
    lock: string,
    drafts: readonly Draft[],
  ): Promise<(StoredResource | undefined)[]> {
    const { repository, definition, deps } = this.writes;
    const { store } = deps;
    const { seesOwnKind = false } = definition;
    const insert = (): Promise<(StoredResource | undefined)[]> =>
      store.transaction(async (session) => {
        await takeLock(store, lock, session);
        const documents: (StoredResource | undefined)[] = [];
        // One after the other: a transaction does one thing at a time.
        const left = new Set<string>();
        const insertNow = async (ready: readonly StoredResource[]): Promise<void> => {
          for (const id of await repository.insertMany(ready, session)) left.add(id);
        };
        for (const { draft, context } of drafts) {
          const document = await this.preparedWithEvents({ draft, context: { ...context, session } });
          documents.push(document);
          if (seesOwnKind && document) await insertNow([document]);
        }
        if (!seesOwnKind) await insertNow(documents.filter((document) => document !== undefined));
        return documents.map((document) => (document && !left.has(document._id) ? document : undefined));
      });
    try {
      return await inTurn(store, lock, insert);
    } catch (thrown) {
      if (!isDuplicateKey(thrown)) throw thrown;
      return drafts.map(() => undefined);
    }
  }

  private async preparedWithEvents({ draft, context }: Draft): Promise<StoredResource | undefined> {
    try {
      const { document, types } = await this.prepared(draft, context);
      const json = JSON.stringify(this.writes.view(document));
      document._outbox = types.map((type) => this.writes.event(type, document._id, json, context));
      return document;
    } catch (thrown) {
      if (thrown instanceof Refusal && thrown.status < 500) return undefined;
      throw thrown;
    }
  }

  /** The document of a new resource and the types of its events. */
  private async prepared(
    draft: JsonObject,
    context: WriteContext,
  ): Promise<{ document: StoredResource; types: string[] }> {
    const { id: wanted, href: _href, ...attributes } = draft;
    const id = wanted === undefined ? this.writes.deps.ids.next() : checkId(wanted);
    const hook = this.writes.hookContext(id, context);
    const started = startingState(this.writes.definition, this.writes.touch(attributes));
    const prepared = (await this.writes.definition.hooks?.prepareCreate?.(started, hook)) ?? started;
    const now = new Date(this.writes.deps.clock.now());
    const document: StoredResource = {
      _id: id,
      ...prepared,
      ...context.system,
      _rev: 1,
      _at: now,
      _mod: now,
      _by: context.actor,
    };
    const types = [
      eventType(this.writes.definition, 'Create'),
      ...this.writes.extraTypes(undefined, prepared, hook),
    ];
    return { document, types };
  }

  /** Stores a resource with an id of its own, which may have other versions. */
  private async createVersion(
    document: StoredResource,
    types: readonly string[],
    context: WriteContext,
  ): Promise<Written> {
    const eventsOf = (stored: StoredResource): OutboxEvent[] => {
      const json = JSON.stringify(this.writes.view(stored));
      return types.map((type) => this.writes.event(type, stored._id, json, context));
    };
    const stored = await this.writes.together(context, (session) =>
      addVersion(this.writes.repository, document, eventsOf, session),
    );
    this.writes.wakeAfter(context);
    return { document: stored, json: JSON.stringify(this.writes.view(stored)), changed: true };
  }
}
