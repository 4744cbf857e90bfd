import { isJsonObject, Refusal, type Fault, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord, RecordOutcome } from '@quotebridge/platform/events';
import { annotateTypes, validatorFor } from '@quotebridge/tmf-specs';
import { bindingOf, type WriteContext } from '../definition';
import { changedNames } from '../edit-rules';
import { reservedNames } from '../names';
import type { Draft, ResourceService } from '../service';
import { attributesOf, type StoredResource } from '../stored';
import { isStale, settleConflict } from './conflict';
import { keepOwned, withoutEnded } from './owned';
import { digestOf, markFor, markOf, sourcesOf, type IngestMark, type Origin } from './mark';

/** How a component takes in records; the defaults replace and merge attributes. */
export interface IngestPolicy {
  /** New attributes of a resource that exists; undefined to leave it as it is. */
  merge?(current: JsonObject, incoming: JsonObject, record: IngestRecord): JsonObject | undefined;
  /** New attributes after a `patch` record. */
  patch?(current: JsonObject, incoming: JsonObject, record: IngestRecord): JsonObject | undefined;
  /**
   * Attributes that a resource must have first, before it can take a `patch` record: a step of its own with its own
   * events, for an outside system that tells only the end of a way. Undefined when it can take the record at once.
   */
  stepBefore?(current: JsonObject, incoming: JsonObject, record: IngestRecord): JsonObject | undefined;
}

/** Most steps before a record, and most decisions about one; others may take the resource back and forth meanwhile. */
const MAX_STEPS = 20;

/** The resource is no longer what was decided on. */
class Overtaken extends Error {}

/** Lets a decision only be carried out on the very state that it was made on: who changed it last decides, too. */
const refuseOther = (found: StoredResource, current: StoredResource): void => {
  if (current._rev !== found._rev || current._at.getTime() !== found._at.getTime()) throw new Overtaken();
};

const sameIdentifier = (a: Json, b: Json): boolean =>
  isJsonObject(a) &&
  isJsonObject(b) &&
  a['owner'] === b['owner'] &&
  a['externalIdentifierType'] === b['externalIdentifierType'];

/** External identifiers of both sides; one of the same owner and type is replaced. */
export const mergeIdentifiers = (current: Json | undefined, incoming: Json | undefined): Json[] => {
  const kept = Array.isArray(current) ? current : [];
  const added = Array.isArray(incoming) ? incoming : [];
  return [...kept.filter((old) => !added.some((fresh) => sameIdentifier(old, fresh))), ...added];
};

const mergeAttributes = (current: JsonObject, incoming: JsonObject, identifiers: string): JsonObject => ({
  ...current,
  ...incoming,
  ...(incoming[identifiers] === undefined
    ? {}
    : { [identifiers]: mergeIdentifiers(current[identifiers], incoming[identifiers]) }),
});

/** Connectors send identifiers as `externalIdentifier`; some resources of the standard keep them elsewhere. */
const withIdentifiersAt = (resource: JsonObject, identifiers: string): JsonObject => {
  const { externalIdentifier, ...attributes } = resource;
  if (identifiers === 'externalIdentifier' || externalIdentifier === undefined) return resource;
  return { ...attributes, [identifiers]: mergeIdentifiers(attributes[identifiers], externalIdentifier) };
};

/** Applies records of outside systems to one kind of resource, through the same service as HTTP requests. */
export class RecordApplier {
  private readonly validate: (value: unknown) => Fault[];
  private readonly schema: string;
  private readonly identifiers: string;

  constructor(
    private readonly service: ResourceService,
    private readonly policy: IngestPolicy = {},
  ) {
    const { api } = service.definition;
    const { schemas } = bindingOf(service.definition, 'v5');
    this.schema = schemas.response;
    this.identifiers = service.definition.identifiers ?? 'externalIdentifier';
    this.validate = validatorFor(api, 'v5', schemas.response);
  }

  /** Applies one record. A record that cannot be taken is an outcome with its faults, never an exception. */
  async apply(record: IngestRecord, from: string | Origin): Promise<RecordOutcome> {
    const { externalId } = record;
    const origin = typeof from === 'string' ? { source: from } : from;
    try {
      return { externalId, id: record.id, ...(await this.run(record, origin)) };
    } catch (thrown) {
      // That others were faster says nothing about the record: it is tried again.
      const isVerdict =
        thrown instanceof Refusal && thrown.status < 500 && thrown.code !== 'concurrentChange';
      if (!isVerdict) throw thrown;
      const faults =
        thrown.faults.length > 0 ? thrown.faults : [{ path: '', message: thrown.message, code: thrown.code }];
      return { externalId, id: record.id, status: 'rejected', faults };
    }
  }

  /** What is wrong with a record by its schema, as it would be stored: classes that go without saying are filled in. */
  faultsOf({ resource }: IngestRecord): Fault[] {
    const typed = annotateTypes(this.service.definition.api, this.schema, resource);
    return [...this.validate(typed), ...reservedNames(resource)];
  }

  /** A record that is not stored yet, ready to be stored together with others. */
  draftOf(record: IngestRecord, origin: Origin): Draft {
    return {
      draft: { ...this.stored(record), id: record.id },
      context: this.context(origin, this.marked(record, origin, undefined)),
    };
  }

  /** Decides anew as often as others change the resource between the decision and the write. */
  private async run(record: IngestRecord, origin: Origin): Promise<Pick<RecordOutcome, 'status' | 'faults'>> {
    for (let tries = 0; tries < MAX_STEPS; tries += 1) {
      try {
        return await this.decide(record, origin);
      } catch (thrown) {
        if (!(thrown instanceof Overtaken)) throw thrown;
      }
    }
    return this.refuseBusy(record);
  }

  private async decide(
    record: IngestRecord,
    origin: Origin,
  ): Promise<Pick<RecordOutcome, 'status' | 'faults'>> {
    const faults = record.op === 'delete' ? [] : this.faultsOf(record);
    if (faults.length > 0) return { status: 'rejected', faults };
    // Decides on what it reads itself.
    if (record.op === 'patch') return this.patch(record, origin);
    const current = await this.service.repository.find(record.id);
    if (record.op === 'delete')
      return current ? this.remove(record, origin, current) : { status: 'unchanged' };
    return current ? this.update(record, origin, current) : this.create(record, origin);
  }

  /** A resource that other sources have too only loses what this source has said about its own identifier. */
  private async remove(
    record: IngestRecord,
    origin: Origin,
    found: StoredResource,
  ): Promise<Pick<RecordOutcome, 'status' | 'faults'>> {
    const verdict = this.settle(record, origin, found);
    const mark = markOf(found);
    const sources = sourcesOf(mark);
    const others = sources.filter((source) => source !== origin.source);
    // Who may not remove it may give up his own part of it: the last source to do so removes it.
    const givesUp = others.length > 0 && others.length < sources.length;
    if (verdict === 'leave' && !givesUp) return { status: 'unchanged' };
    if (verdict === 'ask') return this.conflict(origin, found, ['']);
    if (mark === undefined || others.length === 0) {
      await this.service.remove(record.id, this.context(origin), (current) => refuseOther(found, current));
      return { status: 'deleted' };
    }
    const [first = ''] = others;
    const system = { _ingest: { ...mark, source: first, sources: others, digest: '' } };
    const { changed } = await this.service.change(
      record.id,
      (current) => {
        refuseOther(found, current);
        return this.withoutIdentifiersOf(attributesOf(current), origin.source);
      },
      this.context(origin, system),
    );
    return { status: changed ? 'updated' : 'unchanged' };
  }

  private withoutIdentifiersOf(attributes: JsonObject, owner: string): JsonObject {
    const list = attributes[this.identifiers];
    if (!Array.isArray(list)) return attributes;
    const kept = list.filter((entry) => !isJsonObject(entry) || entry['owner'] !== owner);
    return { ...attributes, [this.identifiers]: kept };
  }

  private async create(record: IngestRecord, origin: Origin): Promise<Pick<RecordOutcome, 'status'>> {
    const { draft, context } = this.draftOf(record, origin);
    await this.service.create(draft, context);
    return { status: 'created' };
  }

  private async update(
    record: IngestRecord,
    origin: Origin,
    found: StoredResource,
  ): Promise<Pick<RecordOutcome, 'status' | 'faults'>> {
    const mark = markOf(found);
    if (mark?.digest === digestOf(record.resource) || isStale(mark, record, origin.source))
      return { status: 'unchanged' };
    const incoming = this.stored(record);
    const mergeAll = this.policy.merge ?? this.mergeAttributes;
    const theirs = this.removable(origin.ownedThere ?? []);
    const merge: typeof mergeAll = (current, renewed, of) => {
      const merged = mergeAll(withoutEnded(current, renewed, theirs), renewed, of);
      return merged && keepOwned(current, merged, origin.ownedHere ?? []);
    };
    const verdict = this.settle(record, origin, found);
    if (verdict === 'leave') return { status: 'unchanged' };
    if (verdict === 'ask') {
      const before = attributesOf(found);
      const names = changedNames(before, merge(before, incoming, record) ?? before);
      return names.length === 0 ? { status: 'unchanged' } : this.conflict(origin, found, names);
    }
    const { changed } = await this.service.change(
      record.id,
      (current) => {
        refuseOther(found, current);
        const attributes = attributesOf(current);
        return merge(attributes, incoming, record) ?? attributes;
      },
      this.context(origin, this.marked(record, origin, mark)),
    );
    return { status: changed ? 'updated' : 'unchanged' };
  }

  /** A state only changes by its machine, and identifiers are those of all sources. */
  private removable(names: readonly string[]): readonly string[] {
    const kept = ['@type', this.identifiers, 'externalIdentifier', this.service.definition.state?.attribute];
    return names.filter((name) => !kept.includes(name));
  }

  private settle(
    record: IngestRecord,
    { source, conflict }: Origin,
    found: StoredResource,
  ): 'take' | 'leave' | 'ask' {
    return settleConflict({ by: found._by, at: found._mod, mark: markOf(found) }, record, source, conflict);
  }

  private conflict(
    { source }: Origin,
    { _by, _mod }: StoredResource,
    names: readonly string[],
  ): Pick<RecordOutcome, 'status' | 'faults'> {
    const message = `differs from what ${_by} wrote at ${_mod.toISOString()}; replay with overrule=true to take what ${source} has`;
    return {
      status: 'rejected',
      faults: names.map((name) => ({ path: name === '' ? '' : `/${name}`, message, code: 'conflict' })),
    };
  }

  /** Step or record is decided anew with each read, so that a change in between cannot make it the wrong one. */
  private async patch(record: IngestRecord, origin: Origin): Promise<Pick<RecordOutcome, 'status'>> {
    const incoming = withIdentifiersAt(record.resource, this.identifiers);
    const patch = this.policy.patch ?? this.mergeAttributes;
    let hasChanged = false;
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      let isTaken = false;
      const { changed } = await this.service.change(
        record.id,
        (current) => {
          const attributes = attributesOf(current);
          const step = this.policy.stepBefore?.(attributes, record.resource, record);
          isTaken = step === undefined;
          return step ?? patch(attributes, incoming, record) ?? attributes;
        },
        this.context(origin),
      );
      hasChanged ||= changed;
      if (isTaken || origin.dryRun === true) return { status: hasChanged ? 'updated' : 'unchanged' };
    }
    return this.refuseBusy(record);
  }

  private refuseBusy({ id }: IngestRecord): never {
    const { name } = this.service.definition;
    throw new Refusal(409, 'concurrentChange', `${name} ${id} is changed too often at the moment`);
  }

  private readonly mergeAttributes = (current: JsonObject, incoming: JsonObject): JsonObject =>
    mergeAttributes(current, incoming, this.identifiers);

  /** The record as it is stored. */
  private stored({ resource }: IngestRecord): JsonObject {
    const placed = withIdentifiersAt(resource, this.identifiers);
    return annotateTypes(this.service.definition.api, this.schema, placed);
  }

  private marked(
    record: IngestRecord,
    origin: Origin,
    before: IngestMark | undefined,
  ): WriteContext['system'] {
    return { _ingest: markFor(record, origin, before, new Date(this.service.deps.clock.now())) };
  }

  private context({ source, dryRun }: Origin, system?: WriteContext['system']): WriteContext {
    return {
      actor: `connector:${source}`,
      origin: 'ingest',
      ...(dryRun === true ? { dryRun } : {}),
      ...(system === undefined ? {} : { system }),
    };
  }
}
