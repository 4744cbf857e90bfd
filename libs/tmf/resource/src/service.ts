import { isoNow, Refusal, type Clock, type Ids, type JsonObject } from '@quotebridge/platform/core';
import { isDuplicateKey, type Committed, type OutboxEvent, type Store } from '@quotebridge/platform/store';
import { confidentialNames, withoutAttributes } from './confidential';
import { bindingOf, type HookContext, type ResourceDefinition, type WriteContext } from './definition';
import { changedNames, type EditBase, refuseOverlap, stripIdentity, systemOnly } from './edit-rules';
import { changeKinds, eventType, outboxEvent } from './outbox-events';
import { outgrows } from './event-overflow';
import { inTurn, takeLock } from './lock';
import { checkId } from './names';
import { ResourceRepository } from './repository';
import { checkTransition, startingState } from './states';
import { attributesOf, publicId, toV5, type StoredResource } from './stored';
import { addVersion, checkVersionChange, removeOneVersion } from './versioned';

/** What a resource service works with. */
export interface ServiceDependencies {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Prefix of every href, for example `https://quotes.example.com`; empty for path-only references. */
  readonly publicUrl: string;
  /** Tells the relay what was committed; without an argument it looks everywhere. */
  readonly wake: (committed?: Committed) => void;
  /** Bytes of the largest event that the broker takes; no limit unless given. */
  readonly largestEvent?: () => number;
}

/** The result of a write: the document and its v5 text, which the event carries too. */
export interface Written {
  readonly document: StoredResource;
  readonly json: string;
  readonly changed: boolean;
}

/** A new resource on its way into the store, and who brings it. */
export interface Draft {
  readonly draft: JsonObject;
  readonly context: WriteContext;
}

/** Makes the new attributes out of the current ones; may be called again when another writer was faster. */
export type Edit = (current: StoredResource) => JsonObject | Promise<JsonObject>;

const MAX_TRIES = 10;

/**
 * Creates, changes and removes one kind of resource. Every way in (HTTP, ingest, events) comes through here, so
 * state machine, hooks, events and audit fields hold for all of them.
 */
export class ResourceService {
  readonly repository: ResourceRepository;
  private readonly basePath: string;

  constructor(
    readonly definition: ResourceDefinition,
    readonly deps: ServiceDependencies,
  ) {
    this.repository = new ResourceRepository(deps.store, definition.name);
    this.basePath = `${deps.publicUrl}${bindingOf(definition, 'v5').basePath}`;
  }

  /** The resource in v5, with id and href, as everybody may see it: without what is confidential. */
  view(document: StoredResource): JsonObject {
    return withoutAttributes(this.fullView(document), confidentialNames(this.definition));
  }

  /** The same with everything; whoever shows it decides to whom. */
  fullView(document: StoredResource): JsonObject {
    return toV5(document, this.basePath, this.definition.name);
  }

  /** Stores a new resource. `draft` is in the v5 shape; it may bring its id. */
  async create(draft: JsonObject, context: WriteContext): Promise<Written> {
    if (context.dryRun === true) {
      const { document } = await this.prepared(draft, context);
      return { document, json: '', changed: true };
    }
    const lock = this.definition.lockFor?.(undefined, draft);
    if (lock !== undefined) {
      if (!context.session) return this.exclusively(lock, context, (inside) => this.create(draft, inside));
      await takeLock(this.deps.store, lock, context.session);
    }
    const { document, types } = await this.prepared(draft, context);
    const id = document._id;
    if (this.definition.versioned && draft['id'] !== undefined)
      return this.createVersion(document, types, context);
    const json = JSON.stringify(this.view(document));
    document._outbox = types.map((type) => this.event(type, id, json, context));
    await this.repository.insert(document, context.session, context.trace);
    // An id of our own is new: no event of it can be waiting elsewhere.
    const isFresh = draft['id'] === undefined && !outgrows(document._outbox);
    this.wakeAfter(context, isFresh ? { fresh: { id, events: document._outbox } } : {});
    return { document, json, changed: true };
  }

  /**
   * Stores many new resources with one operation; each is stored with its events or not at all. Gives for each
   * whether it was: what is refused, or has an id that is taken, is left for {@link create} to tell why.
   */
  async createMany(drafts: readonly Draft[]): Promise<boolean[]> {
    const byLock = new Map<string | undefined, Draft[]>();
    for (const one of drafts) {
      const lock = this.definition.lockFor?.(undefined, one.draft);
      byLock.set(lock, [...(byLock.get(lock) ?? []), one]);
    }
    const stored = new Set<Draft>();
    for (const [lock, some] of byLock) {
      const documents = await (lock === undefined ? this.insertFree(some) : this.insertLocked(lock, some));
      some.filter((_, at) => documents[at]).forEach((one) => stored.add(one));
    }
    this.deps.wake({ collection: this.definition.name });
    return drafts.map((one) => stored.has(one));
  }

  private async insertFree(drafts: readonly Draft[]): Promise<boolean[]> {
    const documents = await Promise.all(drafts.map((draft) => this.preparedWithEvents(draft)));
    const taken = await this.repository.insertMany(documents.filter((document) => document !== undefined));
    return documents.map((document) => document !== undefined && !taken.has(document._id));
  }

  /** The same for those that need a lock: in one transaction, so that an id that is taken leaves all of them. */
  private async insertLocked(lock: string, drafts: readonly Draft[]): Promise<boolean[]> {
    const { store } = this.deps;
    const insert = (): Promise<boolean[]> =>
      store.transaction(async (session) => {
        await takeLock(store, lock, session);
        const documents: (StoredResource | undefined)[] = [];
        // One after the other: a transaction does one thing at a time.
        for (const { draft, context } of drafts)
          documents.push(await this.preparedWithEvents({ draft, context: { ...context, session } }));
        const ready = documents.filter((document) => document !== undefined);
        const taken = await this.repository.insertMany(ready, session);
        return documents.map((document) => document !== undefined && !taken.has(document._id));
      });
    try {
      return await inTurn(store, lock, insert);
    } catch (thrown) {
      if (!isDuplicateKey(thrown)) throw thrown;
      return drafts.map(() => false);
    }
  }

  private async preparedWithEvents({ draft, context }: Draft): Promise<StoredResource | undefined> {
    try {
      const { document, types } = await this.prepared(draft, context);
      const json = JSON.stringify(this.view(document));
      document._outbox = types.map((type) => this.event(type, document._id, json, context));
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
    const id = wanted === undefined ? this.deps.ids.next() : checkId(wanted);
    const hook = this.hookContext(id, context);
    const started = startingState(this.definition, this.touch(attributes));
    const prepared = (await this.definition.hooks?.prepareCreate?.(started, hook)) ?? started;
    const now = new Date(this.deps.clock.now());
    const document: StoredResource = {
      _id: id,
      ...prepared,
      ...context.system,
      _rev: 1,
      _at: now,
      _mod: now,
      _by: context.actor,
    };
    const types = [eventType(this.definition, 'Create'), ...this.extraTypes(undefined, prepared, hook)];
    return { document, types };
  }

  /** Stores a resource with an id of its own, which may have other versions. */
  private async createVersion(
    document: StoredResource,
    types: readonly string[],
    context: WriteContext,
  ): Promise<Written> {
    const eventsOf = (stored: StoredResource): OutboxEvent[] => {
      const json = JSON.stringify(this.view(stored));
      return types.map((type) => this.event(type, stored._id, json, context));
    };
    const stored = await this.together(context, (session) =>
      addVersion(this.repository, document, eventsOf, session),
    );
    this.wakeAfter(context);
    return { document: stored, json: JSON.stringify(this.view(stored)), changed: true };
  }

  /**
   * Changes a resource. When somebody else changes it meanwhile, the edit is made again on top of that. A client that
   * gave no ETag gets a 409 when the other one changed the same attributes, so that he overwrites nothing he has not
   * seen; connectors and consumers decide from what is stored each time, so to them it is no conflict.
   */
  change(
    id: string,
    edit: Edit,
    context: WriteContext,
    accept?: (current: StoredResource) => void,
  ): Promise<Written> {
    return this.changeSince(undefined, id, edit, context, accept);
  }

  private async changeSince(
    seen: EditBase | undefined,
    id: string,
    edit: Edit,
    context: WriteContext,
    accept?: (current: StoredResource) => void,
  ): Promise<Written> {
    let base = seen;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const current = await this.require(id, context);
      accept?.(current);
      const before = attributesOf(current);
      if (context.origin === 'http') refuseOverlap(base, before);
      const hook = this.hookContext(publicId(current._id), context);
      const edited = stripIdentity(await edit(current));
      const asked = changedNames(before, edited);
      if (asked.length === 0) {
        // Who asks for a check gets one, also of what he leaves as it is.
        if (context.checkReferences) await this.definition.hooks?.prepareChange?.(before, edited, hook);
        return { document: current, json: JSON.stringify(this.view(current)), changed: false };
      }
      const lock = context.dryRun === true ? undefined : this.definition.lockFor?.(before, edited);
      if (lock !== undefined) {
        if (!context.session)
          return this.exclusively(lock, context, (inside) =>
            this.changeSince({ before, touched: asked }, id, edit, inside, accept),
          );
        await takeLock(this.deps.store, lock, context.session);
      }
      if (this.definition.versioned && asked.includes('version'))
        await checkVersionChange(this.repository, current, edited, context.session);
      checkTransition(this.definition, before, edited, this.deps.clock.now(), context.origin);
      const prepared = (await this.definition.hooks?.prepareChange?.(before, edited, hook)) ?? edited;
      checkTransition(this.definition, before, prepared, this.deps.clock.now(), context.origin);
      if (context.dryRun === true) return { document: current, json: '', changed: true };
      const written = await this.writeChange(current, before, prepared, hook);
      if (written) return written;
      if (context.session)
        throw new Refusal(
          409,
          'concurrentChange',
          `${this.definition.name} ${id} is being changed by another request`,
        );
      base = { before, touched: asked };
    }
    throw new Refusal(
      409,
      'concurrentChange',
      `${this.definition.name} ${id} is changed too often at the moment; try again`,
    );
  }

  private async writeChange(
    current: StoredResource,
    before: JsonObject,
    prepared: JsonObject,
    hook: HookContext,
  ): Promise<Written | undefined> {
    const after = this.touch(prepared);
    const document: StoredResource = {
      _id: current._id,
      ...after,
      ...systemOnly(current),
      ...hook.system,
      _rev: current._rev + 1,
      _at: current._at,
      _mod: new Date(this.deps.clock.now()),
      _by: hook.actor,
    };
    const json = JSON.stringify(this.view(document));
    const kinds = changeKinds(this.definition, changedNames(before, after));
    const types = [
      ...kinds.map((kind) => eventType(this.definition, kind)),
      ...this.extraTypes(before, after, hook),
    ];
    const events = types.map((type) => this.event(type, current._id, json, hook));
    if (!(await this.repository.replace(document, current._rev, events, hook.session, hook.trace)))
      return undefined;
    this.wakeAfter(hook);
    return { document, json, changed: true };
  }

  /** Removes a resource with all its versions; each leaves its delete event. `accept` sees the latest. */
  async remove(id: string, context: WriteContext, accept?: (current: StoredResource) => void): Promise<void> {
    if (context.dryRun === true) return void (await this.deleteEvent(await this.require(id), context));
    await this.together(context, async (session) => {
      const current = await this.require(id, { session });
      accept?.(current);
      const versions = this.definition.versioned
        ? await this.repository.findVersions(id, session)
        : [current];
      // The latest first, as its history is what subscribers follow.
      for (const version of versions) {
        const event = await this.deleteEvent(version, { ...context, session });
        if (!(await this.repository.remove(version, [event], session))) this.refuseOvertaken(id);
      }
    });
    this.wakeAfter(context);
  }

  /** Removes one version, by its stored id. The next lower one becomes the latest when it was that. */
  async removeVersion(
    storedId: string,
    context: WriteContext,
    accept?: (current: StoredResource) => void,
  ): Promise<void> {
    await this.together(context, async (session) => {
      const current = await this.require(storedId, { session });
      accept?.(current);
      const event = await this.deleteEvent(current, { ...context, session });
      if (!(await removeOneVersion(this.repository, current, event, session))) this.refuseOvertaken(storedId);
    });
    this.wakeAfter(context);
  }

  /** The event of a removal, when the hooks allow it. */
  private async deleteEvent(current: StoredResource, context: WriteContext): Promise<OutboxEvent> {
    const hook = this.hookContext(publicId(current._id), context);
    await this.definition.hooks?.beforeRemove?.(attributesOf(current), hook);
    const json = JSON.stringify(this.view(current));
    return this.event(eventType(this.definition, 'Delete'), current._id, json, context);
  }

  private refuseOvertaken(id: string): never {
    throw new Refusal(
      409,
      'concurrentChange',
      `${this.definition.name} ${id} was changed meanwhile; read it again`,
    );
  }

  /** Makes a write in a transaction of its own, in which it can take its lock. */
  private async exclusively(
    lock: string,
    context: WriteContext,
    write: (context: WriteContext) => Promise<Written>,
  ): Promise<Written> {
    const { store } = this.deps;
    const written = await inTurn(store, lock, () =>
      store.transaction((session) => write({ ...context, session })),
    );
    this.wakeAfter(context);
    return written;
  }

  /** Runs in the transaction of the write, or in one of its own. */
  private together<T>(
    context: WriteContext,
    work: (session: NonNullable<WriteContext['session']>) => Promise<T>,
  ): Promise<T> {
    return context.session ? work(context.session) : this.deps.store.transaction(work);
  }

  /** The stored document, or a 404. */
  async require(id: string, context?: Pick<WriteContext, 'session'>): Promise<StoredResource> {
    const found = await this.repository.find(id, context?.session);
    if (!found)
      throw new Refusal(
        404,
        'notFound',
        `There is no ${this.definition.name} with the id ${id.slice(0, 200)}`,
      );
    return found;
  }

  private event(type: string, id: string, json: string, context: WriteContext) {
    const event = outboxEvent(this.definition, type, { id, json }, context, this.deps);
    const most = this.deps.largestEvent?.() ?? Number.POSITIVE_INFINITY;
    // An event that no broker takes would wait for ever; a character is at most three bytes of UTF-8.
    if (event.body.length * 3 > most && Buffer.byteLength(event.body) > most) {
      throw new Refusal(
        413,
        'resourceTooLarge',
        `The ${this.definition.name} is too large to tell of: the broker takes messages of ${most} bytes`,
      );
    }
    return event;
  }

  private extraTypes(before: JsonObject | undefined, after: JsonObject, hook: HookContext): string[] {
    return (this.definition.hooks?.extraEvents?.(before, after, hook) ?? []).map(({ type }) => type);
  }

  private hookContext(id: string, context: WriteContext): HookContext {
    return { ...context, id, clock: this.deps.clock, ids: this.deps.ids };
  }

  private touch(attributes: JsonObject): JsonObject {
    const { touched } = this.definition;
    return touched === undefined ? attributes : { ...attributes, [touched]: isoNow(this.deps.clock) };
  }

  private wakeAfter(context: WriteContext, what: Omit<Committed, 'collection'> = {}): void {
    if (!context.session) this.deps.wake({ collection: this.definition.name, ...what });
  }
}
