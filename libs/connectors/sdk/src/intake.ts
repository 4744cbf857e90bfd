import { isoNow, messageOf, type JsonObject } from '@quotebridge/platform/core';
import type { IngestOutcome, IngestRecord } from '@quotebridge/platform/events';
import { idsIn, withAliases } from './aliases';
import { judgeBatch, whatBecameOf } from './batch-outcome';
import type { Cursor } from './cursor';
import { cutBatches, mapPage, type MappedRecord, type MapRecord } from './mapped-page';
import type { Fingerprint, Quarantined, ValuedFault } from './ports';
import { type Progress } from './progress';
import { countOutcomes, noCounts, type NamedRecord, type RunCounts } from './run-record';
import { publishesAll, readsSource, type RunOrder, type StreamRunDeps } from './run-order';
import type { Stream } from './stream';
import { valued } from './valued-faults';

/** Records named in the story of a run. */
const MOST_NAMED = 20;

interface Refused {
  readonly externalId: string;
  readonly raw: JsonObject;
  readonly faults: readonly ValuedFault[];
  readonly missing?: true;
}

/**
 * Takes pages of records through mapping, batches and outcomes into fingerprints or the quarantine. Holds at most one
 * page and `window` batches. Tells `reached` how far everything is settled; a dry run leaves nothing behind.
 */
export class Intake {
  readonly counts: RunCounts = noCounts();
  readonly named: NamedRecord[] = [];
  failure: unknown;
  private readonly open = new Set<Promise<void>>();
  /** The open batch of each record that is in one. */
  private readonly inWork = new Map<string, Promise<void>>();
  /** Prints of what this run announced and has no outcome of yet, by external id. */
  private readonly announced = new Map<string, string>();
  private batches = 0;

  constructor(
    private readonly stream: Stream,
    private readonly map: MapRecord,
    private readonly deps: StreamRunDeps,
    private readonly order: RunOrder,
    private readonly progress: Progress,
    private readonly reached: (moved: boolean) => Promise<void>,
  ) {}

  /** Takes one page; `place` makes the place behind it out of the latest position in it. */
  async take(
    page: readonly JsonObject[],
    place: (cursor: Cursor | undefined) => Cursor | undefined = (cursor) => cursor,
  ): Promise<void> {
    const { mapped, rejected, others, cursor } = await mapPage(
      this.stream,
      page,
      this.map,
      this.deps.batchBytes,
    );
    this.counts.read += page.length;
    await this.behind([...[...mapped, ...rejected].map(({ externalId }) => externalId), ...others]);
    await this.reject(
      rejected.map(({ externalId, raw, faults }) => ({
        externalId,
        raw,
        faults: valued(faults, 'record', this.stream.asGiven?.(raw) ?? raw),
      })),
    );
    await this.resolve(others);
    await this.publish(await this.changedOf(mapped), place(cursor));
  }

  /** Takes records of the quarantine once more. */
  async retake(entries: readonly Quarantined[]): Promise<void> {
    const there = entries.filter(({ missing }) => missing !== true);
    await this.take(there.map(({ record }) => record));
    await this.resolveRenamed(there);
    const gone = entries.filter(({ missing }) => missing === true).map(({ externalId }) => externalId);
    if (gone.length === 0) return;
    const known = await this.deps.stores.fingerprints.load(this.stream.name, gone);
    await this.resolve(gone.filter((externalId) => !known.has(externalId)));
    await this.missing([...known.values()]);
  }

  /** A correction may have given a record the identifier it lacked: it goes on under that. */
  private async resolveRenamed(entries: readonly Quarantined[]): Promise<void> {
    const renamed = entries.filter(({ record, externalId }) => {
      const identity = this.stream.identity(record);
      return identity !== undefined && identity !== externalId;
    });
    if (renamed.length === 0) return;
    await this.settled();
    await this.resolve(renamed.map(({ externalId }) => externalId));
  }

  /** Deals with published records that the outside system no longer has, by the stream's rule. */
  async missing(gone: readonly Fingerprint[]): Promise<void> {
    if (this.stream.missing !== 'delete') {
      this.counts.missing += gone.length;
      const faults = [{ path: '', message: 'is no longer in the outside system', code: 'missing' }];
      for (const { externalId } of gone) this.name(externalId, faults);
      return;
    }
    const deletions = gone.map(({ externalId, ids }): MappedRecord => {
      const records = ids.map((id): IngestRecord => ({
        externalId: ids.length === 1 ? externalId : id,
        op: 'delete',
        id,
        resource: {},
      }));
      return { externalId, raw: {}, records, print: '', bytes: 0, ends: true, missing: true };
    });
    await this.publish(deletions, undefined);
  }

  /** Waits until everything taken so far is accepted or quarantined; throws when something failed. */
  async settled(): Promise<void> {
    await Promise.all(this.open);
    if (this.failure !== undefined) throw new Error(messageOf(this.failure), { cause: this.failure });
  }

  /** Waits for the open batches, whatever becomes of them. */
  async drained(): Promise<void> {
    await Promise.all(this.open);
  }

  /** A record that comes again is compared with what became of it, so that it counts as it was read last. */
  private async behind(externalIds: readonly string[]): Promise<void> {
    await Promise.all(new Set(externalIds.flatMap((externalId) => this.inWork.get(externalId) ?? [])));
  }

  private async changedOf(mapped: readonly MappedRecord[]): Promise<readonly MappedRecord[]> {
    const ids = mapped.map(({ externalId }) => externalId);
    const known = await this.deps.stores.fingerprints.load(this.stream.name, ids);
    const isUnknownEnd = ({ ends, externalId }: MappedRecord): boolean => ends && !known.has(externalId);
    const wanted = mapped.filter((record) => !isUnknownEnd(record));
    const all = publishesAll(this.order);
    const changed = wanted.filter(({ externalId, print }) => all || known.get(externalId)?.print !== print);
    this.counts.unchanged += recordsIn(wanted) - recordsIn(changed);
    await this.resolve(mapped.filter(isUnknownEnd).map(({ externalId }) => externalId));
    await this.announce(changed.filter(({ externalId }) => !known.has(externalId)));
    const sent = new Set(changed);
    await this.tell(mapped.filter((record) => !sent.has(record)));
    return changed;
  }

  private async announce(coming: readonly MappedRecord[]): Promise<void> {
    if (this.order.dryRun === true) return;
    await this.deps.stores.fingerprints.announce(
      this.order.run,
      this.stream.name,
      coming.map(({ externalId, print, records }) => ({
        externalId,
        print,
        ids: records.map(({ id }) => id),
      })),
    );
    for (const { externalId, print } of coming) this.announced.set(externalId, print);
  }

  private async publish(mapped: readonly MappedRecord[], place: Cursor | undefined): Promise<void> {
    const { batchSize, batchBytes } = this.deps;
    const batches = cutBatches(mapped, batchSize, batchBytes);
    if (batches.length === 0) return this.settle(this.progress.begin(place));
    // All but the last batch of a page settle without a place: the page's place is reached with its last batch.
    for (const [index, batch] of batches.entries()) {
      const step = this.progress.begin(index === batches.length - 1 ? place : undefined);
      await this.room();
      if (this.failure !== undefined) return;
      this.start(batch, step);
    }
  }

  /** Waits until another batch may be opened. */
  private async room(): Promise<void> {
    while (this.open.size >= this.deps.window) await Promise.race(this.open);
  }

  private start(batch: readonly MappedRecord[], step: number): void {
    const { instance, submit } = this.deps;
    const { run, dryRun, overrule } = this.order;
    const { resource, naturalKeys, ownedHere = [], ownedThere = [] } = this.stream;
    const conflict = overrule === true ? { rule: 'incoming' as const } : this.stream.conflict;
    const submitted = this.resolved(batch).then((records) =>
      submit({
        run,
        batch: (this.batches += 1),
        source: instance,
        resource,
        records,
        ...(naturalKeys === undefined ? {} : { naturalKeys }),
        ...(conflict === undefined ? {} : { conflict }),
        ...(ownedHere.length === 0 || overrule === true ? {} : { ownedHere }),
        ...(ownedThere.length === 0 ? {} : { ownedThere }),
        ...(dryRun === true ? { dryRun } : {}),
      }),
    );
    const work = submitted
      .then((outcome) => this.accept(batch, outcome))
      .then(() => this.settle(step))
      .catch((thrown: unknown) => void (this.failure ??= thrown))
      .finally(() => this.close(batch, work));
    this.open.add(work);
    for (const { externalId } of batch) this.inWork.set(externalId, work);
  }

  private close(batch: readonly MappedRecord[], work: Promise<void>): void {
    this.open.delete(work);
    for (const { externalId } of batch)
      if (this.inWork.get(externalId) === work) this.inWork.delete(externalId);
  }

  private async resolved(batch: readonly MappedRecord[]): Promise<readonly IngestRecord[]> {
    const records = batch.flatMap((one) => one.records);
    return withAliases(records, await this.deps.stores.aliases.of(idsIn(records)));
  }

  private async accept(batch: readonly MappedRecord[], { outcomes }: IngestOutcome): Promise<void> {
    const { good, refused } = judgeBatch(batch, outcomes);
    const rejected = outcomes.filter(({ status }) => status === 'rejected').length;
    await this.reject(refused, rejected);
    await this.tell(good);
    await this.resolve(good.map(({ externalId }) => externalId));
    countOutcomes(this.counts, outcomes);
    if (this.order.dryRun === true) return;
    const { fingerprints, aliases } = this.deps.stores;
    const { gone, renamed, asPlanned, adopted } = whatBecameOf(good, outcomes);
    await fingerprints.forget(this.stream.name, gone);
    await aliases.save(renamed);
    const isAnnounced = ({ externalId, print }: Fingerprint): boolean =>
      this.announced.get(externalId) === print;
    await fingerprints.confirm(this.order.run, this.stream.name, asPlanned.filter(isAnnounced));
    const others = asPlanned.filter((one) => !isAnnounced(one));
    await fingerprints.save(this.stream.name, [...adopted, ...others]);
    for (const { externalId } of batch) this.announced.delete(externalId);
  }

  /** `counted`: how many of them the outcomes count already. */
  private async reject(refused: readonly Refused[], counted = 0): Promise<void> {
    this.counts.rejected += Math.max(0, refused.length - counted);
    for (const { externalId, faults } of refused) this.name(externalId, faults);
    if (this.order.dryRun === true) return;
    const at = isoNow(this.deps.clock);
    const { name: stream } = this.stream;
    const { run } = this.order;
    await this.deps.stores.quarantine.put(
      refused.map(({ externalId, raw, faults, missing }) => ({
        stream,
        externalId,
        record: raw,
        faults,
        run,
        at,
        ...(missing === undefined ? {} : { missing }),
      })),
    );
    await this.tell(refused);
  }

  private async resolve(externalIds: readonly string[]): Promise<void> {
    if (this.order.dryRun === true) return;
    await this.deps.stores.quarantine.resolve(this.stream.name, externalIds);
  }

  private name(externalId: string, faults: NamedRecord['faults']): void {
    if (this.named.length < MOST_NAMED) this.named.push({ externalId, faults });
  }

  private async tell(
    records: readonly { externalId: string; raw: JsonObject; faults?: readonly ValuedFault[] }[],
  ): Promise<void> {
    if (this.order.dryRun === true || !readsSource(this.order) || records.length === 0) return;
    await this.stream.settled?.(
      records.map(({ externalId, raw, faults }) => ({ externalId, raw, faults: faults ?? [] })),
    );
  }

  private async settle(step: number): Promise<void> {
    await this.reached(this.progress.settle(step) !== undefined);
  }
}

const recordsIn = (mapped: readonly MappedRecord[]): number =>
  mapped.reduce((sum, { records }) => sum + records.length, 0);
