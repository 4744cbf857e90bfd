import { createHash } from 'node:crypto';
import { isJsonObject, Refusal, type Fault, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord, RecordOutcome } from '@quotebridge/platform/events';
import { annotateTypes, validatorFor } from '@quotebridge/tmf-specs';
import { bindingOf, type WriteContext } from '../definition';
import { reservedNames } from '../names';
import type { ResourceService } from '../service';
import { attributesOf, type StoredResource } from '../stored';

/** Where a record came from, kept in the document to settle what is newer. */
interface IngestMark {
  source: string;
  digest: string;
  modifiedAt?: string;
}

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

/** Most steps before a record; others may take the resource back and forth meanwhile. */
const MAX_STEPS = 20;

const digestOf = (resource: JsonObject): string =>
  createHash('sha1').update(JSON.stringify(resource)).digest('base64url');

const isStale = (mark: IngestMark | undefined, record: IngestRecord, source: string): boolean =>
  mark?.source === source &&
  mark.modifiedAt !== undefined &&
  record.modifiedAt !== undefined &&
  Date.parse(record.modifiedAt) < Date.parse(mark.modifiedAt);

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
  async apply(record: IngestRecord, source: string): Promise<RecordOutcome> {
    const { externalId } = record;
    try {
      return { externalId, id: record.id, ...(await this.run(record, source)) };
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

  private async run(record: IngestRecord, source: string): Promise<Pick<RecordOutcome, 'status' | 'faults'>> {
    const current = await this.service.repository.find(record.id);
    if (record.op === 'delete') {
      if (!current) return { status: 'unchanged' };
      await this.service.remove(record.id, this.context(source));
      return { status: 'deleted' };
    }
    const faults = [...this.validate(record.resource), ...reservedNames(record.resource)];
    if (faults.length > 0) return { status: 'rejected', faults };
    if (record.op === 'patch') return this.patch(record, source);
    return current ? this.update(record, source, current) : this.create(record, source);
  }

  private async create(record: IngestRecord, source: string): Promise<Pick<RecordOutcome, 'status'>> {
    const draft = this.stored(record);
    await this.service.create({ ...draft, id: record.id }, this.context(source, record));
    return { status: 'created' };
  }

  private async update(
    record: IngestRecord,
    source: string,
    found: StoredResource,
  ): Promise<Pick<RecordOutcome, 'status'>> {
    const mark = found['_ingest'] as IngestMark | undefined;
    if (mark?.digest === digestOf(record.resource) || isStale(mark, record, source))
      return { status: 'unchanged' };
    const incoming = this.stored(record);
    const merge = this.policy.merge ?? this.mergeAttributes;
    const { changed } = await this.service.change(
      record.id,
      (current) => {
        const attributes = attributesOf(current);
        return merge(attributes, incoming, record) ?? attributes;
      },
      this.context(source, record),
    );
    return { status: changed ? 'updated' : 'unchanged' };
  }

  /** Step or record is decided anew with each read, so that a change in between cannot make it the wrong one. */
  private async patch(record: IngestRecord, source: string): Promise<Pick<RecordOutcome, 'status'>> {
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
        this.context(source),
      );
      hasChanged ||= changed;
      if (isTaken) return { status: hasChanged ? 'updated' : 'unchanged' };
    }
    const { name } = this.service.definition;
    throw new Refusal(409, 'concurrentChange', `${name} ${record.id} is changed too often at the moment`);
  }

  private readonly mergeAttributes = (current: JsonObject, incoming: JsonObject): JsonObject =>
    mergeAttributes(current, incoming, this.identifiers);

  /** The record as it is stored. */
  private stored({ resource }: IngestRecord): JsonObject {
    const placed = withIdentifiersAt(resource, this.identifiers);
    return annotateTypes(this.service.definition.api, this.schema, placed);
  }

  private context(source: string, record?: IngestRecord): WriteContext {
    const mark: IngestMark | undefined = record && {
      source,
      digest: digestOf(record.resource),
      ...(record.modifiedAt === undefined ? {} : { modifiedAt: record.modifiedAt }),
    };
    return { actor: `connector:${source}`, origin: 'ingest', ...(mark ? { system: { _ingest: mark } } : {}) };
  }
}
