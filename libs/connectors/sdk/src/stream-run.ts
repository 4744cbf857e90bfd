import { isoNow, messageOf, type Clock, type Fault, type JsonObject } from '@quotebridge/platform/core';
import type { IngestBatch, IngestOutcome } from '@quotebridge/platform/events';
import { readFrom, type Cursor } from './cursor';
import { judgeBatch } from './batch-outcome';
import { cutBatches, mapPage, type MappedRecord } from './mapped-page';
import type { ConnectorStores } from './ports';
import { Progress } from './progress';
import type { Redactor } from './redact';
import {
  countOutcomes,
  noCounts,
  type RunCounts,
  type RunMode,
  type RunRecord,
  type RunTrigger,
} from './run-record';
import type { Stream, StreamPage } from './stream';

/** What a run needs besides its stream. */
export interface StreamRunDeps {
  readonly instance: string;
  readonly stores: ConnectorStores;
  readonly submit: (batch: IngestBatch) => Promise<IngestOutcome>;
  readonly clock: Clock;
  readonly redact: Redactor;
  /** Ingest records per batch. */
  readonly batchSize: number;
  /** Batches that may wait for their outcome at once: the back-pressure. */
  readonly window: number;
}

/** What to run. */
export interface RunOrder {
  readonly run: string;
  readonly trigger: RunTrigger;
  readonly mode: RunMode;
  readonly signal: AbortSignal;
  /** Records that were pushed: taken instead of reading, without moving the checkpoint. */
  readonly pushed?: readonly JsonObject[];
}

/**
 * One run of one stream: read, map, publish, await outcomes, move the checkpoint. Holds at most one page and
 * `window` batches. The checkpoint moves only over records that were accepted, unchanged or quarantined, so a run
 * that dies anywhere is continued by the next without loss.
 */
export class StreamRun {
  private readonly counts: RunCounts = noCounts();
  private readonly open = new Set<Promise<void>>();
  private readonly startedAt: string;
  private progress = new Progress(undefined);
  private failure: unknown;
  private batches = 0;
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly stream: Stream,
    private readonly deps: StreamRunDeps,
    private readonly order: RunOrder,
  ) {
    this.startedAt = isoNow(deps.clock);
  }

  /** Runs to the end and returns the record, which is stored as well; does not throw for a failed run. */
  async execute(): Promise<RunRecord> {
    const { stores } = this.deps;
    const { name } = this.stream;
    try {
      await stores.runs.interruptOthers(name, this.order.run, this.startedAt);
      const checkpoint = await stores.checkpoints.load(name);
      this.progress = new Progress(checkpoint);
      await stores.runs.put(this.record('running'));
      await this.readAll(
        this.order.mode === 'full' ? undefined : readFrom(checkpoint, this.stream.overlapMs),
        this.order.mode === 'full' ? undefined : checkpoint,
      );
    } catch (thrown) {
      this.failure ??= thrown;
    }
    await Promise.all(this.open);
    await this.saving.catch((thrown: unknown) => (this.failure ??= thrown));
    const record = this.record(this.outcome);
    await stores.runs.put(record);
    return record;
  }

  /** False for records that come from the quarantine or were pushed: they say nothing about how far was read. */
  private get reads(): boolean {
    return this.order.trigger !== 'replay' && this.order.pushed === undefined;
  }

  private get outcome(): RunRecord['state'] {
    if (this.failure === undefined) return 'succeeded';
    return this.order.signal.aborted ? 'interrupted' : 'failed';
  }

  private async readAll(from: string | undefined, checkpoint: Cursor | undefined): Promise<void> {
    const { signal, trigger } = this.order;
    const pages =
      this.order.pushed !== undefined
        ? pagesOf(this.order.pushed, this.deps.batchSize)
        : trigger === 'replay'
          ? this.deps.stores.quarantine.pages(this.stream.name, this.deps.batchSize)
          : this.stream.read(from, signal, {
              ...(checkpoint === undefined ? {} : { checkpoint }),
              settled: () => this.allSettled(),
            });
    for await (const page of pages) {
      if (this.failure !== undefined) return;
      if (signal.aborted) throw new Error(messageOf(signal.reason));
      await this.handlePage(recordsOf(page));
    }
  }

  private async handlePage(page: readonly JsonObject[]): Promise<void> {
    const { mapped, rejected, others, cursor } = mapPage(this.stream, page);
    this.counts.read += page.length;
    this.counts.rejected += rejected.length;
    await this.quarantine(rejected);
    await this.deps.stores.quarantine.resolve(this.stream.name, others);
    await this.tell(rejected);
    const changed = await this.changedOf(mapped);
    const batches = cutBatches(changed, this.deps.batchSize);
    if (batches.length === 0) return this.settled(this.progress.begin(cursor));
    // All but the last batch of a page settle without a place: the page's place is reached with its last batch.
    for (const [index, batch] of batches.entries()) {
      const step = this.progress.begin(index === batches.length - 1 ? cursor : undefined);
      await this.room();
      if (this.failure !== undefined) return;
      this.start(batch, step);
    }
  }

  private async changedOf(mapped: readonly MappedRecord[]): Promise<readonly MappedRecord[]> {
    const { stores } = this.deps;
    const all = this.order.mode === 'full' || this.order.trigger === 'replay';
    const ids = mapped.map(({ externalId }) => externalId);
    const known = await stores.fingerprints.load(this.stream.name, ids);
    const unknownEnds = mapped.filter(({ externalId, ends }) => ends && !known.has(externalId));
    await stores.quarantine.resolve(
      this.stream.name,
      unknownEnds.map(({ externalId }) => externalId),
    );
    const wanted = mapped.filter(({ externalId, ends }) => !ends || known.has(externalId));
    const changed = wanted.filter(({ externalId, print }) => all || known.get(externalId) !== print);
    this.counts.unchanged += recordsIn(wanted) - recordsIn(changed);
    const sent = new Set(changed);
    await this.tell(
      mapped.filter((record) => !sent.has(record)).map((record) => ({ ...record, faults: [] })),
    );
    return changed;
  }

  /** Waits until everything read so far is accepted or quarantined; throws when something failed. */
  private async allSettled(): Promise<void> {
    await Promise.all(this.open);
    await this.saving;
    if (this.failure !== undefined) throw new Error(messageOf(this.failure), { cause: this.failure });
  }

  private async tell(
    records: readonly { externalId: string; raw: JsonObject; faults: readonly Fault[] }[],
  ): Promise<void> {
    if (!this.reads || records.length === 0) return;
    await this.stream.settled?.(records.map(({ externalId, raw, faults }) => ({ externalId, raw, faults })));
  }

  /** Waits until another batch may be opened. */
  private async room(): Promise<void> {
    while (this.open.size >= this.deps.window) await Promise.race(this.open);
  }

  private start(batch: readonly MappedRecord[], step: number): void {
    const { instance, submit } = this.deps;
    const work = submit({
      run: this.order.run,
      batch: (this.batches += 1),
      source: instance,
      resource: this.stream.resource,
      records: batch.flatMap(({ records }) => records),
    })
      .then((outcome) => this.accept(batch, outcome))
      .then(() => this.settled(step))
      .catch((thrown: unknown) => void (this.failure ??= thrown))
      .finally(() => this.open.delete(work));
    this.open.add(work);
  }

  private async accept(batch: readonly MappedRecord[], { outcomes }: IngestOutcome): Promise<void> {
    const { stores } = this.deps;
    const { good, refused } = judgeBatch(batch, outcomes);
    await this.quarantine(refused);
    await this.tell([...refused, ...good.map((record) => ({ ...record, faults: [] }))]);
    await stores.quarantine.resolve(
      this.stream.name,
      good.map(({ externalId }) => externalId),
    );
    await stores.fingerprints.save(
      this.stream.name,
      good.map(({ externalId, print, records }) => ({ externalId, print, ids: records.map(({ id }) => id) })),
    );
    countOutcomes(this.counts, outcomes);
  }

  private async quarantine(
    rejected: readonly { externalId: string; raw: JsonObject; faults: readonly Fault[] }[],
  ): Promise<void> {
    const at = isoNow(this.deps.clock);
    const { name } = this.stream;
    await this.deps.stores.quarantine.put(
      rejected.map(({ externalId, raw, faults }) => ({
        stream: name,
        externalId,
        record: raw,
        faults,
        run: this.order.run,
        at,
      })),
    );
  }

  private async settled(step: number): Promise<void> {
    const checkpoint = this.progress.settle(step);
    if (checkpoint === undefined || !this.reads) return;
    // One after the other: a slower write of an earlier place must not land last.
    this.saving = this.saving.then(async () => {
      await this.deps.stores.checkpoints.save(this.stream.name, checkpoint);
      await this.deps.stores.runs.put(this.record('running'));
    });
    await this.saving;
  }

  private record(state: RunRecord['state']): RunRecord {
    const { checkpoint } = this.progress;
    return {
      _id: this.order.run,
      instance: this.deps.instance,
      stream: this.stream.name,
      trigger: this.order.trigger,
      mode: this.order.mode,
      state,
      startedAt: this.startedAt,
      counts: { ...this.counts },
      ...(state === 'running' ? {} : { endedAt: isoNow(this.deps.clock) }),
      ...(checkpoint === undefined ? {} : { checkpoint }),
      ...(this.failure === undefined ? {} : { error: this.deps.redact(messageOf(this.failure)) }),
    };
  }
}

const recordsIn = (mapped: readonly MappedRecord[]): number =>
  mapped.reduce((sum, { records }) => sum + records.length, 0);

const recordsOf = (page: StreamPage): readonly JsonObject[] => ('records' in page ? page.records : page);

async function* pagesOf(records: readonly JsonObject[], size: number): AsyncGenerator<readonly JsonObject[]> {
  for (let start = 0; start < records.length; start += size) yield records.slice(start, start + size);
}
