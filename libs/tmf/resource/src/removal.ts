import { Refusal } from '@quotebridge/platform/core';
import type { ClientSession, OutboxEvent } from '@quotebridge/platform/store';
import type { WriteContext } from './definition';
import { inTurn, takeLock } from './lock';
import { eventType } from './outbox-events';
import { attributesOf, publicId, type StoredResource } from './stored';
import { removeOneVersion } from './versioned';
import type { ResourceWrites } from './writes';

/** Removes resources of one kind, with all their versions or one of them. */
export class Removal {
  constructor(private readonly writes: ResourceWrites) {}

  /** Removes a resource with all its versions; each leaves its delete event. `accept` sees the latest. */
  async remove(id: string, context: WriteContext, accept?: (current: StoredResource) => void): Promise<void> {
    if (context.dryRun === true) return void (await this.deleteEvent(await this.writes.require(id), context));
    await this.locked(context, async (session) => {
      const current = await this.writes.require(id, { session });
      accept?.(current);
      const versions = this.writes.definition.versioned
        ? await this.writes.repository.findVersions(id, session)
        : [current];
      // The latest first, as its history is what subscribers follow.
      for (const version of versions) {
        const event = await this.deleteEvent(version, { ...context, session });
        if (!(await this.writes.repository.remove(version, [event], session))) this.refuseOvertaken(id);
      }
    });
    this.writes.wakeAfter(context);
  }

  /** Removes one version, by its stored id. The next lower one becomes the latest when it was that. */
  async removeVersion(
    storedId: string,
    context: WriteContext,
    accept?: (current: StoredResource) => void,
  ): Promise<void> {
    await this.locked(context, async (session) => {
      const current = await this.writes.require(storedId, { session });
      accept?.(current);
      const event = await this.deleteEvent(current, { ...context, session });
      if (!(await removeOneVersion(this.writes.repository, current, event, session)))
        this.refuseOvertaken(storedId);
    });
    this.writes.wakeAfter(context);
  }

  /** Works in a transaction that has the lock of removals; those of this process take turns. */
  private locked(context: WriteContext, work: (session: ClientSession) => Promise<void>): Promise<void> {
    const { definition, deps } = this.writes;
    const { removalLock: lock } = definition;
    if (lock === undefined) return this.writes.together(context, work);
    const inside = async (session: ClientSession): Promise<void> => {
      await takeLock(deps.store, lock, session);
      await work(session);
    };
    const { session } = context;
    return session ? inside(session) : inTurn(deps.store, lock, () => deps.store.transaction(inside));
  }

  /** The event of a removal, when the hooks allow it. */
  private async deleteEvent(current: StoredResource, context: WriteContext): Promise<OutboxEvent> {
    const hook = this.writes.hookContext(publicId(current._id), context);
    await this.writes.definition.hooks?.beforeRemove?.(attributesOf(current), hook);
    const json = JSON.stringify(this.writes.view(current));
    return this.writes.event(eventType(this.writes.definition, 'Delete'), current._id, json, context);
  }

  private refuseOvertaken(id: string): never {
    throw new Refusal(
      409,
      'concurrentChange',
      `${this.writes.definition.name} ${id} was changed meanwhile; read it again`,
    );
  }
}
