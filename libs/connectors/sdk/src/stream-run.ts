import { isoNow, messageOf, type JsonObject } from '@quotebridge/platform/core';
import { isCallFailed } from '@quotebridge/platform/resilience';
import { laterCursor, notAfter, readFrom, type Cursor } from './cursor';
import { Intake } from './intake';
import type { MapRecord } from './mapped-page';
import { Progress } from './progress';
import { readsSource, type RunOrder, type StreamRunDeps } from './run-order';
import { noCounts, type RunMode, type RunRecord } from './run-record';
import { CursorExpired, type ReadProgress, type Stream, type StreamPage } from './stream';

/** How often a running run tells how far it is, milliseconds. */
const TELL_MS = 1_000;

/**
 * One run of one stream: read, map, publish, await outcomes, move the checkpoint. The checkpoint moves only over
 * records that were accepted, unchanged or quarantined, so a run that dies anywhere is continued by the next without
 * loss. A complete read that dies is begun again, because what is missing shows at its end only.
 */
export class StreamRun {
  private readonly startedMs: number;
  private intake: Intake | undefined;
  private progress = new Progress(undefined);
  private mode: RunMode;
  private comparedBecause: string | undefined;
  private failure: unknown;
  private toldMs = 0;
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly stream: Stream,
    private readonly deps: StreamRunDeps,
    private readonly order: RunOrder,
    private readonly map: MapRecord = (record) => stream.map(record),
  ) {
    this.startedMs = deps.clock.now();
    this.mode = order.mode;
  }

  /** Runs to the end and returns the record, which is stored as well; does not throw for a failed run. */
  async execute(): Promise<RunRecord> {
    const { stores, clock } = this.deps;
    const { name } = this.stream;
    try {
      // Pushed records are taken beside whatever runs.
      if (!this.isDry && this.order.pushed === undefined)
        await stores.runs.interruptOthers(name, this.order.run, isoNow(clock));
      const checkpoint = await stores.checkpoints.load(name);
      this.progress = new Progress(checkpoint);
      this.intake = new Intake(this.stream, this.map, this.deps, this.order, this.progress, (moved) =>
        this.advanced(moved),
      );
      await stores.runs.put(this.record('running'));
      await this.takeAll(this.intake, checkpoint);
    } catch (thrown) {
      this.failure ??= thrown;
    }
    await this.intake?.drained();
    await this.saving.catch((thrown: unknown) => (this.failure ??= thrown));
    this.failure ??= this.intake?.failure;
    const record = this.record(this.outcome);
    await stores.runs.put(record);
    return record;
  }

  private get isDry(): boolean {
    return this.order.dryRun === true;
  }

  private get outcome(): RunRecord['state'] {
    if (this.failure === undefined) return 'succeeded';
    if (this.order.signal.aborted) return 'interrupted';
    return pauseOf(this.failure) === undefined ? 'failed' : 'paused';
  }

  private async takeAll(intake: Intake, checkpoint: Cursor | undefined): Promise<void> {
    const { stores, batchSize } = this.deps;
    const { trigger, pushed, only } = this.order;
    const { name } = this.stream;
    if (pushed !== undefined) {
      for await (const page of this.watched(pagesOf(pushed, batchSize))) await intake.take(page);
    } else if (trigger === 'replay') {
      const pages = stores.quarantine.pages(name, batchSize, only);
      for await (const page of this.watched(pages)) await intake.retake(page);
    } else {
      await this.readSource(intake, checkpoint);
    }
    await intake.settled();
  }

  private async readSource(intake: Intake, checkpoint: Cursor | undefined): Promise<void> {
    const { stores } = this.deps;
    const { name } = this.stream;
    if (this.mode === 'delta' && (await stores.checkpoints.mustCompare(name)))
      this.compareInstead('an earlier complete read did not end');
    if (this.mode === 'delta' && checkpoint !== undefined) {
      try {
        const from = readFrom(checkpoint, this.stream.overlapMs);
        return await this.readPages(
          intake,
          this.stream.read(from, this.order.signal, this.told(false, checkpoint)),
        );
      } catch (thrown) {
        if (!(thrown instanceof CursorExpired)) throw thrown;
        this.compareInstead(thrown.message);
      }
    }
    await this.readComplete(intake, checkpoint !== undefined);
  }

  private compareInstead(reason: string): void {
    this.mode = 'compare';
    this.comparedBecause = this.deps.redact(reason);
  }

  /** Reads everything. What was published before and is not seen any more is missing. */
  private async readComplete(intake: Intake, again: boolean): Promise<void> {
    const { stores } = this.deps;
    const { name } = this.stream;
    const { signal, run } = this.order;
    // A first read has nothing to compare with, unless it only begins because the stream has no places.
    const compares = this.stream.missing !== undefined && (again || this.mode !== 'delta');
    if (compares && !this.isDry) await stores.checkpoints.setMustCompare(name, true);
    const see = async (records: readonly JsonObject[]): Promise<void> => {
      if (!compares) return;
      await stores.fingerprints.see(
        run,
        name,
        records.flatMap((record) => this.stream.identity(record) ?? []),
      );
    };
    const told = this.told(!again && this.mode === 'delta');
    if (this.stream.readAll === undefined)
      await this.readPages(intake, this.stream.read(undefined, signal, told), see);
    else await this.readUnordered(intake, this.stream.readAll(signal, told), see);
    if (!compares) return;
    await intake.settled();
    if (this.stream.slips !== true || (await this.lookAgain(see, told)))
      for await (const gone of this.watched(stores.fingerprints.unseen(run, name, this.deps.batchSize)))
        await intake.missing(gone);
    await intake.settled();
    if (!this.isDry) await stores.checkpoints.setMustCompare(name, false);
  }

  /** Looks through all pages once more when something seems to be missing; false when nothing does. */
  private async lookAgain(
    see: (records: readonly JsonObject[]) => Promise<void>,
    told: ReadProgress,
  ): Promise<boolean> {
    const { stores, batchSize } = this.deps;
    const { signal, run } = this.order;
    const first = await firstOf(stores.fingerprints.unseen(run, this.stream.name, batchSize));
    if (first === undefined) return false;
    for await (const page of this.watched(this.stream.read(undefined, signal, told)))
      await see(partsOf(page).records);
    return true;
  }

  private async readPages(
    intake: Intake,
    pages: AsyncIterable<StreamPage>,
    see: (records: readonly JsonObject[]) => Promise<void> = async () => undefined,
  ): Promise<void> {
    for await (const page of this.watched(pages)) {
      const { records, token, asOf } = partsOf(page);
      await see(records);
      await intake.take(records, (cursor) => this.placeOf(cursor, token, asOf));
    }
  }

  /** Without an order only the end of all pages is a place, and not one behind the beginning of the read. */
  private async readUnordered(
    intake: Intake,
    pages: AsyncIterable<StreamPage>,
    see: (records: readonly JsonObject[]) => Promise<void>,
  ): Promise<void> {
    let last: Cursor | undefined;
    for await (const page of this.watched(pages)) {
      const { records, token, asOf } = partsOf(page);
      await see(records);
      await intake.take(records, (cursor) => {
        last = laterCursor(last, this.placeOf(cursor, token, asOf));
        return undefined;
      });
    }
    await intake.take([], () => last);
  }

  private placeOf(
    cursor: Cursor | undefined,
    token: string | undefined,
    asOf: string | undefined,
  ): Cursor | undefined {
    const started = new Date(this.startedMs).toISOString();
    const known = asOf === undefined || Date.parse(asOf) > this.startedMs ? started : asOf;
    const place = cursor === undefined ? undefined : notAfter(cursor, known);
    return token === undefined ? place : { ...(place ?? { at: started, id: '' }), token };
  }

  private told(isFirst: boolean, checkpoint?: Cursor): ReadProgress {
    return {
      isFirst,
      startedAt: new Date(this.startedMs).toISOString(),
      dryRun: this.isDry,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      settled: async (): Promise<void> => {
        await this.intake?.settled();
        await this.saving;
      },
    };
  }

  /** Ends the reading when a batch failed or the run is to stop. */
  private async *watched<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
    const { signal } = this.order;
    for await (const page of pages) {
      if (this.intake?.failure !== undefined) return;
      if (signal.aborted) throw new Error(messageOf(signal.reason));
      yield page;
    }
  }

  private async advanced(moved: boolean): Promise<void> {
    const { stores, clock } = this.deps;
    const { checkpoint } = this.progress;
    const saves = moved && !this.isDry && readsSource(this.order) && checkpoint !== undefined;
    const tells = clock.now() - this.toldMs >= TELL_MS;
    if (!saves && !tells) return;
    if (tells) this.toldMs = clock.now();
    // One after the other: a slower write of an earlier place must not land last.
    this.saving = this.saving.then(async () => {
      if (saves) await stores.checkpoints.save(this.stream.name, checkpoint);
      if (tells) await stores.runs.put(this.record('running'));
    });
    await this.saving;
  }

  private record(state: RunRecord['state']): RunRecord {
    const { checkpoint } = this.progress;
    const { run, trigger, by, process, traceparent } = this.order;
    const now = this.deps.clock.now();
    const untilMs = state === 'paused' ? pauseOf(this.failure)?.untilMs : undefined;
    const named = this.intake?.named ?? [];
    return {
      _id: run,
      instance: this.deps.instance,
      stream: this.stream.name,
      trigger,
      ...(by === undefined ? {} : { by }),
      ...(process === undefined ? {} : { process }),
      mode: this.mode,
      ...(this.isDry ? { dryRun: true as const } : {}),
      state,
      startedAt: new Date(this.startedMs).toISOString(),
      ...(state === 'running' ? {} : { endedAt: new Date(now).toISOString() }),
      durationMs: Math.max(0, now - this.startedMs),
      counts: { ...(this.intake?.counts ?? noCounts()) },
      ...(checkpoint === undefined || this.isDry ? {} : { checkpoint }),
      ...(this.comparedBecause === undefined ? {} : { comparedBecause: this.comparedBecause }),
      ...(named.length === 0 ? {} : { named: [...named] }),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(untilMs === undefined ? {} : { resumesAt: new Date(untilMs).toISOString() }),
      ...(this.failure === undefined ? {} : { error: this.deps.redact(messageOf(this.failure)) }),
    };
  }
}

/** What a failed call said about a pause: a spent budget, or the system's own wish for quiet. */
const pauseOf = (failure: unknown): { readonly untilMs?: number } | undefined => {
  const cause: unknown = failure instanceof Error && !isCallFailed(failure) ? failure.cause : failure;
  return isCallFailed(cause) && cause.decision.kind === 'pause' ? cause.decision : undefined;
};

const firstOf = async <T>(items: AsyncIterable<T>): Promise<T | undefined> => {
  for await (const item of items) return item;
  return undefined;
};

const partsOf = (page: StreamPage): Exclude<StreamPage, readonly JsonObject[]> =>
  'records' in page ? page : { records: page };

async function* pagesOf(records: readonly JsonObject[], size: number): AsyncGenerator<readonly JsonObject[]> {
  for (let start = 0; start < records.length; start += size) yield records.slice(start, start + size);
}
