import type { IngestBatch, IngestRecord, RecordOutcome } from '@quotebridge/platform/events';
import { bindingOf } from '../definition';
import type { ResourceService } from '../service';
import { publicId, type StoredResource } from '../stored';
import { RecordApplier, type IngestPolicy } from './apply-record';
import { digestOf, markOf } from './mark';
import { keyValues, keyWithoutIndex, type KeyValue } from './natural-key';

/** Records that are changed one by one at the same time: each waits for the journal, so many must wait together. */
const PARALLEL = 48;
/** What tells whether a record is news; the document itself is read only then. */
const BOOKKEEPING = { _ingest: 1, _by: 1, _mod: 1 } as const;

/** A record on its way, with the resource that it is about. */
interface Aimed {
  readonly record: IngestRecord;
  readonly known: StoredResource | undefined;
}

/**
 * Takes a batch in: one read tells what is news, new resources are stored together, changes one by one beside one
 * another. Records of one resource keep their order.
 */
export class BatchApplier {
  private readonly applier: RecordApplier;
  private readonly identifiers: string;

  constructor(
    private readonly service: ResourceService,
    policy?: IngestPolicy,
  ) {
    this.applier = new RecordApplier(service, policy);
    this.identifiers = service.definition.identifiers ?? 'externalIdentifier';
    // A resource that v5 does not have cannot be taken in.
    bindingOf(service.definition, 'v5');
  }

  /** Gives an outcome for each record, in their order. Throws when store or broker are away. */
  async apply(batch: IngestBatch): Promise<readonly RecordOutcome[]> {
    const unindexed = keyWithoutIndex(
      batch.naturalKeys ?? [],
      this.service.definition.indexes,
      this.identifiers,
    );
    if (unindexed !== undefined) {
      const message = `${batch.resource} has no index for the natural key ${JSON.stringify(unindexed)}`;
      const faults = [{ path: '', message, code: 'naturalKey' }];
      return batch.records.map(({ externalId }) => ({ externalId, status: 'rejected', faults }));
    }
    const outcomes = new Map<IngestRecord, RecordOutcome>();
    let left: readonly IngestRecord[] = batch.records;
    while (left.length > 0) {
      const { now, later } = this.oneOfEach(left, batch);
      await this.applyRound(now, batch, outcomes);
      left = later;
    }
    return batch.records.map(
      (record) => outcomes.get(record) ?? { externalId: record.externalId, status: 'rejected' },
    );
  }

  /** Splits off records that are, or may be, about the same resource as an earlier one: they see its effect. */
  private oneOfEach(
    records: readonly IngestRecord[],
    { naturalKeys = [] }: IngestBatch,
  ): { now: readonly IngestRecord[]; later: readonly IngestRecord[] } {
    const taken = new Set<string>();
    const now: IngestRecord[] = [];
    const later: IngestRecord[] = [];
    for (const record of records) {
      const keys = naturalKeys.length === 0 ? [] : keyValues(naturalKeys, record.resource, this.identifiers);
      const names = [record.id, ...keys.map(({ text }) => text)];
      const isLater = names.some((name) => taken.has(name));
      (isLater ? later : now).push(record);
      for (const name of names) taken.add(name);
    }
    return { now, later };
  }

  private async applyRound(
    records: readonly IngestRecord[],
    batch: IngestBatch,
    outcomes: Map<IngestRecord, RecordOutcome>,
  ): Promise<void> {
    const known = await this.known(records.map(({ id }) => id));
    const fresh: IngestRecord[] = [];
    const alone: { readonly original: IngestRecord; readonly aimed: IngestRecord }[] = [];
    const aims = await this.aim(records, known, batch, outcomes);
    for (const [original, { record, known: current }] of aims) {
      if (current === undefined && record.op === 'upsert' && batch.dryRun !== true) {
        const faults = this.applier.faultsOf(record);
        if (faults.length === 0) fresh.push(original);
        else
          outcomes.set(original, {
            externalId: record.externalId,
            id: record.id,
            status: 'rejected',
            faults,
          });
      } else if (current !== undefined && this.isNoNews(record, current)) {
        outcomes.set(original, { externalId: record.externalId, id: record.id, status: 'unchanged' });
      } else alone.push({ original, aimed: record });
    }
    const stored =
      fresh.length === 0
        ? []
        : await this.service.createMany(fresh.map((one) => this.applier.draftOf(one, batch)));
    fresh.forEach((record, index) => {
      const { externalId, id } = record;
      if (stored[index] === true) outcomes.set(record, { externalId, id, status: 'created' });
      // Alone it tells why, and it may refer to another record of this batch.
      else alone.push({ original: record, aimed: record });
    });
    for (let from = 0; from < alone.length; from += PARALLEL) {
      const some = alone.slice(from, from + PARALLEL);
      const applied = await Promise.all(some.map(({ aimed }) => this.applier.apply(aimed, batch)));
      applied.forEach((outcome, index) => {
        const one = some[index];
        if (one !== undefined) outcomes.set(one.original, outcome);
      });
    }
    await this.removeUnused(alone, batch, outcomes);
  }

  /** What was in use may have been so by other records of the batch that are gone by now: they are tried again. */
  private async removeUnused(
    alone: readonly { readonly original: IngestRecord; readonly aimed: IngestRecord }[],
    batch: IngestBatch,
    outcomes: Map<IngestRecord, RecordOutcome>,
  ): Promise<void> {
    const isRefused = ({ original, aimed }: { original: IngestRecord; aimed: IngestRecord }): boolean =>
      aimed.op === 'delete' && (outcomes.get(original)?.faults ?? []).some(({ code }) => code === 'inUse');
    let refused = alone.filter(isRefused);
    for (let before = alone.length; refused.length > 0 && refused.length < before;) {
      before = refused.length;
      for (const { original, aimed } of refused)
        outcomes.set(original, await this.applier.apply(aimed, batch));
      refused = refused.filter(isRefused);
    }
  }

  /** Records with the resources they are about: by their id, else by a natural key. */
  private async aim(
    records: readonly IngestRecord[],
    known: ReadonlyMap<string, StoredResource>,
    { naturalKeys = [] }: IngestBatch,
    outcomes: Map<IngestRecord, RecordOutcome>,
  ): Promise<ReadonlyMap<IngestRecord, Aimed>> {
    const aims = new Map<IngestRecord, Aimed>(
      records.map((record) => [record, { record, known: known.get(record.id) }]),
    );
    if (naturalKeys.length === 0) return aims;
    const values = new Map<IngestRecord, readonly KeyValue[]>();
    for (const [record, { known: current }] of aims) {
      if (current === undefined && record.op === 'upsert')
        values.set(record, keyValues(naturalKeys, record.resource, this.identifiers));
    }
    const owners = await this.owners([...values.values()].flat(), naturalKeys);
    for (const [record, keys] of values) {
      const found = new Map(keys.flatMap(({ text }) => owners.get(text) ?? []).map((one) => [one._id, one]));
      const [first] = found.values();
      if (first === undefined) continue;
      if (found.size === 1) aims.set(record, { record: { ...record, id: first._id }, known: first });
      else {
        aims.delete(record);
        const message = `its natural key is that of several resources: ${[...found.keys()].join(', ')}`;
        const faults = [{ path: '', message, code: 'ambiguous' }];
        outcomes.set(record, { externalId: record.externalId, id: record.id, status: 'rejected', faults });
      }
    }
    return aims;
  }

  /** Latest versions of the resources that have one of these key values, by the value. */
  private async owners(
    values: readonly KeyValue[],
    naturalKeys: NonNullable<IngestBatch['naturalKeys']>,
  ): Promise<ReadonlyMap<string, readonly StoredResource[]>> {
    const owners = new Map<string, StoredResource[]>();
    if (values.length === 0) return owners;
    const found = await this.service.repository.collection
      .find({ $or: values.map(({ filter }) => filter) }, { projection: { _outbox: 0 } })
      .toArray();
    for (const stored of found) {
      if (publicId(stored._id) !== stored._id) continue;
      // The stored resource is read by the same rule as the record.
      for (const { text } of keyValues(naturalKeys, stored as never, this.identifiers))
        owners.set(text, [...(owners.get(text) ?? []), stored]);
    }
    return owners;
  }

  private async known(ids: readonly string[]): Promise<ReadonlyMap<string, StoredResource>> {
    const found = await this.service.repository.collection
      .find({ _id: { $in: [...ids] } }, { projection: BOOKKEEPING })
      .toArray();
    return new Map(found.map((stored) => [stored._id, stored]));
  }

  /** True for what was taken from this source, or another one, exactly so: nothing to validate, nothing to write. */
  private isNoNews(record: IngestRecord, known: StoredResource): boolean {
    return record.op === 'upsert' && markOf(known)?.digest === digestOf(record.resource);
  }
}
