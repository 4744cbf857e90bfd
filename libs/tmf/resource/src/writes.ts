import {
  isoNow,
  Refusal,
  versionOf,
  type Clock,
  type Ids,
  type JsonObject,
} from '@quotebridge/platform/core';
import type { Committed, OutboxEvent, Store } from '@quotebridge/platform/store';
import type { FieldKeys } from '@quotebridge/platform/security';
import { confidentialNames, withoutAttributes } from './confidential';
import { bindingOf, type HookContext, type ResourceDefinition, type WriteContext } from './definition';
import { FieldCipher } from './encryption/field-cipher';
import { inTurn, REFERENCES_TURN } from './lock';
import { outboxEvent } from './outbox-events';
import { ResourceRepository } from './repository';
import { toV5, type StoredResource } from './stored';

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
  /** Keys of the fields that are kept encrypted; without them nothing is encrypted. */
  readonly keys?: FieldKeys | undefined;
}

/** What a write needs a transaction for: the lock that it takes, if any, and the turn that it waits for. */
export interface Tie {
  readonly lock: string | undefined;
  readonly turn: string | undefined;
}

/** The result of a write: the document and its v5 text, which the event carries too. */
export interface Written {
  readonly document: StoredResource;
  readonly json: string;
  readonly changed: boolean;
}

/** What creating, changing and removing a resource have in common. */
export class ResourceWrites {
  readonly repository: ResourceRepository;
  private readonly basePath: string;

  constructor(
    readonly definition: ResourceDefinition,
    readonly deps: ServiceDependencies,
  ) {
    this.repository = new ResourceRepository(
      deps.store,
      definition.name,
      FieldCipher.of(definition, deps.keys),
    );
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

  /** What a write needs a transaction for; undefined when it can do without. */
  tieOf(before: JsonObject | undefined, after: JsonObject, context: WriteContext): Tie | undefined {
    const { lockFor, holdsReferences = false } = this.definition;
    const lock = lockFor?.(before, after);
    const holds = holdsReferences && context.checkReferences === true;
    const turn = lock ?? (holds ? REFERENCES_TURN : undefined);
    return turn !== undefined || this.renumbers(before, after) ? { lock, turn } : undefined;
  }

  /** True for another number of the same version: of one that is added beside it meanwhile, it has to know. */
  private renumbers(before: JsonObject | undefined, after: JsonObject): boolean {
    const { versioned = false, beginsVersion } = this.definition;
    return (
      versioned &&
      before !== undefined &&
      versionOf(before) !== versionOf(after) &&
      beginsVersion?.(before, after) !== true
    );
  }

  /** Makes a write in a transaction of its own, in which it can take its lock and hold what it refers to. */
  async exclusively(
    { turn }: Tie,
    context: WriteContext,
    write: (context: WriteContext) => Promise<Written>,
  ): Promise<Written> {
    const { store } = this.deps;
    const run = (): Promise<Written> => store.transaction((session) => write({ ...context, session }));
    const written = await (turn === undefined ? run() : inTurn(store, turn, run));
    this.wakeAfter(context);
    return written;
  }

  /** Runs in the transaction of the write, or in one of its own. */
  together<T>(
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

  /** The pending event of a write; 413 when no broker would take it. */
  event(type: string, id: string, json: string, context: WriteContext): OutboxEvent {
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

  /** Types of the events that the hooks add. */
  extraTypes(before: JsonObject | undefined, after: JsonObject, hook: HookContext): string[] {
    return (this.definition.hooks?.extraEvents?.(before, after, hook) ?? []).map(({ type }) => type);
  }

  /** What hooks get to know of a write. */
  hookContext(id: string, context: WriteContext): HookContext {
    return { ...context, id, clock: this.deps.clock, ids: this.deps.ids };
  }

  /** The attributes with the time of their last update, where the resource shows one. */
  touch(attributes: JsonObject): JsonObject {
    const { touched } = this.definition;
    return touched === undefined ? attributes : { ...attributes, [touched]: isoNow(this.deps.clock) };
  }

  /** Tells the relay after a write; one inside a transaction is told of by who commits it. */
  wakeAfter(context: WriteContext, what: Omit<Committed, 'collection'> = {}): void {
    if (!context.session) this.deps.wake({ collection: this.definition.name, ...what });
  }
}
