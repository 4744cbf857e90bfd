import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { HookContext, WriteContext } from './definition';
import { changedNames, type EditBase, refuseOverlap, stripIdentity, systemOnly } from './edit-rules';
import { takeLock } from './lock';
import { changeKinds, eventType } from './outbox-events';
import { checkTransition } from './states';
import { attributesOf, publicId, type StoredResource } from './stored';
import { checkVersionChange, overtake } from './versioned';
import type { ResourceWrites, Written } from './writes';

/** Makes the new attributes out of the current ones; may be called again when another writer was faster. */
export type Edit = (current: StoredResource) => JsonObject | Promise<JsonObject>;

const MAX_TRIES = 10;

/** Changes resources of one kind. */
export class Change {
  constructor(private readonly writes: ResourceWrites) {}

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
      const current = await this.writes.require(id, context);
      accept?.(current);
      const before = attributesOf(current);
      if (context.origin === 'http') refuseOverlap(base, before);
      const hook = this.writes.hookContext(publicId(current._id), context);
      const edited = stripIdentity(await edit(current));
      const asked = changedNames(before, edited);
      if (asked.length === 0) {
        // Who asks for a check gets one, also of what he leaves as it is.
        if (context.checkReferences)
          await this.writes.definition.hooks?.prepareChange?.(before, edited, hook);
        return { document: current, json: JSON.stringify(this.writes.view(current)), changed: false };
      }
      const tie = context.dryRun === true ? undefined : this.writes.tieOf(before, edited, context);
      if (tie !== undefined) {
        if (!context.session)
          return this.writes.exclusively(tie, context, (inside) =>
            this.changeSince({ before, touched: asked }, id, edit, inside, accept),
          );
        if (tie.lock !== undefined) await takeLock(this.writes.deps.store, tie.lock, context.session);
      }
      if (this.writes.definition.versioned && asked.includes('version'))
        await checkVersionChange(this.writes.repository, current, edited, context.session);
      checkTransition(this.writes.definition, before, edited, this.writes.deps.clock.now(), context.origin);
      const prepared = (await this.writes.definition.hooks?.prepareChange?.(before, edited, hook)) ?? edited;
      checkTransition(this.writes.definition, before, prepared, this.writes.deps.clock.now(), context.origin);
      if (context.dryRun === true) return { document: current, json: '', changed: true };
      const written = await this.writeChange(current, before, prepared, hook);
      if (written) return written;
      if (context.session)
        throw new Refusal(
          409,
          'concurrentChange',
          `${this.writes.definition.name} ${id} is being changed by another request`,
        );
      base = { before, touched: asked };
    }
    throw new Refusal(
      409,
      'concurrentChange',
      `${this.writes.definition.name} ${id} is changed too often at the moment; try again`,
    );
  }

  private async writeChange(
    current: StoredResource,
    before: JsonObject,
    prepared: JsonObject,
    hook: HookContext,
  ): Promise<Written | undefined> {
    const after = this.writes.touch(prepared);
    const document: StoredResource = {
      _id: current._id,
      ...after,
      ...systemOnly(current),
      ...hook.system,
      _rev: current._rev + 1,
      _at: current._at,
      _mod: new Date(this.writes.deps.clock.now()),
      _by: hook.actor,
    };
    const json = JSON.stringify(this.writes.view(document));
    const kinds = changeKinds(this.writes.definition, changedNames(before, after));
    const types = [
      ...kinds.map((kind) => eventType(this.writes.definition, kind)),
      ...this.writes.extraTypes(before, after, hook),
    ];
    const events = types.map((type) => this.writes.event(type, current._id, json, hook));
    const { repository, definition } = this.writes;
    const isStored =
      definition.beginsVersion?.(before, after) === true
        ? await this.writes.together(hook, (session) =>
            overtake(repository, current, document, events, session),
          )
        : await repository.replace(document, current._rev, events, hook.session, hook.trace);
    if (!isStored) return undefined;
    this.writes.wakeAfter(hook);
    return { document, json, changed: true };
  }
}
