import type { JsonObject } from '@quotebridge/platform/core';
import { Change, type Edit } from './change';
import { Creation, type Draft } from './creation';
import type { ResourceDefinition, WriteContext } from './definition';
import { Removal } from './removal';
import type { ResourceRepository } from './repository';
import type { StoredResource } from './stored';
import { ResourceWrites, type ServiceDependencies, type Written } from './writes';

export type { Edit } from './change';
export type { Draft } from './creation';
export type { ServiceDependencies, Written } from './writes';

/**
 * Creates, changes and removes one kind of resource. Every way in (HTTP, ingest, events) comes through here, so
 * state machine, hooks, events and audit fields hold for all of them.
 */
export class ResourceService {
  readonly repository: ResourceRepository;
  private readonly writes: ResourceWrites;
  private readonly creation: Creation;
  private readonly changes: Change;
  private readonly removal: Removal;

  constructor(
    readonly definition: ResourceDefinition,
    readonly deps: ServiceDependencies,
  ) {
    this.writes = new ResourceWrites(definition, deps);
    this.repository = this.writes.repository;
    this.creation = new Creation(this.writes);
    this.changes = new Change(this.writes);
    this.removal = new Removal(this.writes);
  }

  /** The resource in v5, with id and href, as everybody may see it: without what is confidential. */
  view(document: StoredResource): JsonObject {
    return this.writes.view(document);
  }

  /** The same with everything; whoever shows it decides to whom. */
  fullView(document: StoredResource): JsonObject {
    return this.writes.fullView(document);
  }

  /** The stored document, or a 404. */
  require(id: string, context?: Pick<WriteContext, 'session'>): Promise<StoredResource> {
    return this.writes.require(id, context);
  }

  /** See {@link Creation.create}. */
  create(draft: JsonObject, context: WriteContext): Promise<Written> {
    return this.creation.create(draft, context);
  }

  /** Name of the turn that a new resource waits for when it is made; undefined when it need not. */
  turnOf(draft: JsonObject, context: WriteContext): string | undefined {
    return this.writes.tieOf(undefined, draft, context)?.turn;
  }

  /** See {@link Creation.createMany}. */
  createMany(drafts: readonly Draft[]): Promise<boolean[]> {
    return this.creation.createMany(drafts);
  }

  /** See {@link Change.change}. */
  change(
    id: string,
    edit: Edit,
    context: WriteContext,
    accept?: (current: StoredResource) => void,
  ): Promise<Written> {
    return this.changes.change(id, edit, context, accept);
  }

  /** See {@link Removal.remove}. */
  remove(id: string, context: WriteContext, accept?: (current: StoredResource) => void): Promise<void> {
    return this.removal.remove(id, context, accept);
  }

  /** See {@link Removal.removeVersion}. */
  removeVersion(
    storedId: string,
    context: WriteContext,
    accept?: (current: StoredResource) => void,
  ): Promise<void> {
    return this.removal.removeVersion(storedId, context, accept);
  }
}
