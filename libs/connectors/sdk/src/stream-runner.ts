import { hostname } from 'node:os';
import { isoNow, type JsonObject } from '@quotebridge/platform/core';
import { whileHolding } from './holding';
import type { ConnectorObserver } from './instance-options';
import type { MapRecord } from './mapped-page';
import type { OutcomeInbox } from './outcome-inbox';
import type { RunOrder, StreamRunDeps } from './run-order';
import { noCounts, type RunRecord } from './run-record';
import type { Stream } from './stream';
import { StreamRun } from './stream-run';
import { UnknownStream } from './unknown-stream';
import type { PushPort } from './webhook';

/** What is wanted of a run; the stream's own mode and `manual` unless given. */
export interface RunAsk extends Partial<Omit<RunOrder, 'run' | 'process' | 'signal' | 'traceparent'>> {
  /** Headers of who asks: the run is a part of the trace in them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called when the run begins; one that is skipped never does. */
  readonly onStart?: () => void;
}

/** A run that was asked for. */
export interface AskedRun {
  /** Its record is found by this from now on. */
  readonly id: string;
  /** Its record when it has ended; one that failed has its error in it. */
  readonly done: Promise<RunRecord>;
}

/** Runs that were asked for together. */
export interface AskedRuns {
  /** In the order in which they are done. */
  readonly runs: readonly { readonly id: string; readonly stream: string }[];
  /** Their records when all have ended. */
  readonly done: Promise<readonly RunRecord[]>;
}

type NamedAsk = RunAsk & Pick<RunOrder, 'run'>;

/** What a runner of streams needs. */
export interface StreamRunnerOptions extends Omit<StreamRunDeps, 'submit'> {
  readonly streams: readonly Stream[];
  readonly inbox: Pick<OutcomeInbox, 'newRun' | 'submit'>;
  /** Name of this process in the records of its runs. */
  readonly process: string;
  readonly stopping: AbortSignal;
  /** How long a stream waits after the end of a process that was running it. */
  readonly leaseMs: number;
  readonly observer?: ConnectorObserver;
  readonly mapOf: (stream: Stream) => MapRecord;
  /** Runs `work` as a span of the trace in `headers`, or of a new one; `work` is told its span where there is one. */
  readonly traced: (
    name: string,
    headers: Readonly<Record<string, string>>,
    work: (traceparent: string | undefined) => Promise<RunRecord>,
  ) => Promise<RunRecord>;
}

/**
 * Runs streams: those of one process one after the other (later ones refer to earlier ones, and all share the budget),
 * each stream in one process at a time. Dry runs and pushed records go beside them.
 */
export class StreamRunner {
  private queue: Promise<unknown> = Promise.resolve();
  private readonly beside = new Set<Promise<unknown>>();
  private readonly triggered = new Map<string, Promise<string>>();

  constructor(private readonly options: StreamRunnerOptions) {}

  /** Runs one stream and returns its record. A run that fails is returned with its error, not thrown. */
  async run(name: string, ask: RunAsk = {}): Promise<RunRecord> {
    return (await this.ask(name, ask)).done;
  }

  /** Gives a run its place in the queue and its id at once, however long those before it take. */
  async ask(name: string, ask: RunAsk = {}): Promise<AskedRun> {
    const { stores, inbox } = this.options;
    const stream = this.named(name);
    const named: NamedAsk = { ...ask, run: inbox.newRun() };
    // Who pushes records waits for what becomes of them; nobody looks for their run before.
    const noted =
      ask.pushed === undefined ? stores.runs.put(this.notBegun(stream, named, 'queued')) : Promise.resolve();
    const done = this.place(stream, named, noted);
    // A failure is for whoever waits for the end, who may be nobody.
    done.catch(() => undefined);
    await noted;
    return { id: named.run, done };
  }

  /** Runs these streams in the declared order; stops at the first that fails, because later ones refer to it. */
  async runAll(ask: RunAsk = {}, names?: ReadonlySet<string>): Promise<readonly RunRecord[]> {
    const records: RunRecord[] = [];
    for (const { name } of this.options.streams) {
      if (names?.has(name) === false) continue;
      if (this.options.stopping.aborted) break;
      const record = await this.run(name, ask);
      records.push(record);
      if (record.state !== 'succeeded') break;
    }
    return records;
  }

  /**
   * Asks for a run of every stream in the declared order: their ids at once. When one does not succeed those after it are
   * skipped, because they refer to it.
   */
  async askAll(ask: RunAsk = {}): Promise<AskedRuns> {
    const { streams, stores, inbox } = this.options;
    const asked = streams.map((stream) => ({ stream, named: { ...ask, run: inbox.newRun() } }));
    for (const { stream, named } of asked) await stores.runs.put(this.notBegun(stream, named, 'queued'));
    const done = this.oneByOne(asked);
    const over = done.catch(() => undefined).finally(() => this.beside.delete(over));
    this.beside.add(over);
    return { runs: asked.map(({ stream, named }) => ({ id: named.run, stream: stream.name })), done };
  }

  private async oneByOne(
    asked: readonly { readonly stream: Stream; readonly named: NamedAsk }[],
  ): Promise<readonly RunRecord[]> {
    const records: RunRecord[] = [];
    let cause: RunRecord | undefined;
    for (const { stream, named } of asked) {
      const why = cause && `${cause.stream} comes before it and has the state ${cause.state}`;
      const record =
        why === undefined
          ? await this.place(stream, named, Promise.resolve())
          : await this.skipped(stream, named, why);
      if (record.state !== 'succeeded') cause ??= record;
      records.push(record);
    }
    return records;
  }

  /** What webhooks may ask for. */
  readonly pushPort: PushPort = {
    take: (stream, records: readonly JsonObject[]) => this.run(stream, { trigger: 'push', pushed: records }),
    trigger: (stream) => {
      const waiting = this.triggered.get(stream);
      if (waiting !== undefined) return waiting;
      // A run that has begun may have read past the change already, so it is not shared.
      const forget = (): void => {
        if (this.triggered.get(stream) === queued) this.triggered.delete(stream);
      };
      const asked = this.ask(stream, { trigger: 'push', onStart: forget });
      const queued = asked.then(({ id }) => id);
      this.triggered.set(stream, queued);
      // One that is refused or skipped never begins.
      asked.then(({ done }) => done).then(forget, forget);
      return queued;
    },
  };

  /** Waits for everything that is in work. */
  async idle(): Promise<void> {
    await Promise.all([this.queue, ...this.beside]);
  }

  private named(name: string): Stream {
    const { streams } = this.options;
    const found = streams.find((candidate) => candidate.name === name);
    if (found !== undefined) return found;
    const known = streams.map((candidate) => candidate.name).join(', ');
    throw new UnknownStream(`There is no stream "${name}"; this connector has ${known}`);
  }

  private place(stream: Stream, ask: NamedAsk, noted: Promise<void>): Promise<RunRecord> {
    if (ask.pushed !== undefined || ask.dryRun === true) {
      const work = noted.then(() => this.perform(stream, ask, this.options.stopping));
      const over = work.catch(() => undefined).finally(() => this.beside.delete(over));
      this.beside.add(over);
      return work;
    }
    const work = this.queue.then(() => noted).then(() => this.leased(stream, ask));
    this.queue = work.catch(() => undefined);
    return work;
  }

  private async leased(stream: Stream, ask: NamedAsk): Promise<RunRecord> {
    const { stores, inbox, stopping, leaseMs } = this.options;
    const lease = stores.lease(`stream/${stream.name}`, `${hostname()}/${inbox.newRun()}`, leaseMs);
    const record = await whileHolding(lease, leaseMs, (lost) =>
      this.perform(stream, ask, AbortSignal.any([stopping, lost])),
    );
    return record ?? this.skipped(stream, ask);
  }

  private async perform(
    stream: Stream,
    { onStart, headers = {}, ...ask }: NamedAsk,
    signal: AbortSignal,
  ): Promise<RunRecord> {
    const { inbox, observer, mapOf, process, traced } = this.options;
    onStart?.();
    const order: RunOrder = { trigger: 'manual', mode: stream.mode ?? 'delta', ...ask, process, signal };
    const deps = { ...this.options, submit: inbox.submit.bind(inbox) };
    const record = await traced(`run ${stream.name}`, headers, (traceparent) => {
      const traced = traceparent === undefined ? order : { ...order, traceparent };
      return new StreamRun(stream, deps, traced, mapOf(stream)).execute();
    });
    observer?.run(record);
    return record;
  }

  private async skipped(stream: Stream, ask: NamedAsk, error?: string): Promise<RunRecord> {
    const { stores, observer } = this.options;
    const record = { ...this.notBegun(stream, ask, 'skipped'), ...(error === undefined ? {} : { error }) };
    await stores.runs.put(record);
    observer?.run(record);
    return record;
  }

  private notBegun(stream: Stream, ask: NamedAsk, state: 'queued' | 'skipped'): RunRecord {
    const { clock, instance, process } = this.options;
    const at = isoNow(clock);
    return {
      _id: ask.run,
      instance,
      stream: stream.name,
      trigger: ask.trigger ?? 'manual',
      ...(ask.by === undefined ? {} : { by: ask.by }),
      process,
      mode: ask.mode ?? stream.mode ?? 'delta',
      ...(ask.dryRun === true ? { dryRun: true as const } : {}),
      state,
      startedAt: at,
      ...(state === 'skipped' ? { endedAt: at } : {}),
      durationMs: 0,
      counts: noCounts(),
    };
  }
}
