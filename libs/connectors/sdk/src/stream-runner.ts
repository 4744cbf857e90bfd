import { hostname } from 'node:os';
import type { JsonObject } from '@quotebridge/platform/core';
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
export interface RunAsk extends Partial<Omit<RunOrder, 'run' | 'signal' | 'traceparent'>> {
  /** Headers of who asks: the run is a part of the trace in them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Told the run's id when it begins; a run that is skipped never does. */
  readonly onStart?: (run: string) => void;
}

/** What a runner of streams needs. */
export interface StreamRunnerOptions extends Omit<StreamRunDeps, 'submit'> {
  readonly streams: readonly Stream[];
  readonly inbox: OutcomeInbox;
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
    const stream = this.named(name);
    if (ask.pushed !== undefined || ask.dryRun === true) {
      const work = this.perform(stream, ask, this.options.stopping);
      const done = work.catch(() => undefined).finally(() => this.beside.delete(done));
      this.beside.add(done);
      return work;
    }
    const work = this.queue.then(() => this.leased(stream, ask));
    this.queue = work.catch(() => undefined);
    return work;
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

  /** What webhooks may ask for. */
  readonly pushPort: PushPort = {
    take: (stream, records: readonly JsonObject[]) => this.run(stream, { trigger: 'push', pushed: records }),
    trigger: (stream) => {
      const waiting = this.triggered.get(stream);
      if (waiting !== undefined) return waiting;
      // A run that has begun may have read past the change already, so it is not shared.
      const begun = new Promise<string>((resolve, reject) => {
        const onStart = (run: string): void => {
          this.triggered.delete(stream);
          resolve(run);
        };
        this.run(stream, { trigger: 'push', onStart })
          .then(({ _id }) => resolve(_id), reject)
          .finally(() => this.triggered.delete(stream));
      });
      this.triggered.set(stream, begun);
      return begun;
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

  private async leased(stream: Stream, ask: RunAsk): Promise<RunRecord> {
    const { stores, inbox, stopping, leaseMs } = this.options;
    const lease = stores.lease(`stream/${stream.name}`, `${hostname()}/${inbox.newRun()}`, leaseMs);
    const record = await whileHolding(lease, leaseMs, (lost) =>
      this.perform(stream, ask, AbortSignal.any([stopping, lost])),
    );
    return record ?? this.skipped(stream, ask);
  }

  private async perform(
    stream: Stream,
    { onStart, headers = {}, ...ask }: RunAsk,
    signal: AbortSignal,
  ): Promise<RunRecord> {
    const { inbox, observer, mapOf, traced } = this.options;
    const run = inbox.newRun();
    onStart?.(run);
    const order: RunOrder = { trigger: 'manual', mode: stream.mode ?? 'delta', ...ask, run, signal };
    const deps = { ...this.options, submit: inbox.submit.bind(inbox) };
    const record = await traced(`run ${stream.name}`, headers, (traceparent) => {
      const traced = traceparent === undefined ? order : { ...order, traceparent };
      return new StreamRun(stream, deps, traced, mapOf(stream)).execute();
    });
    observer?.run(record);
    return record;
  }

  private skipped(stream: Stream, ask: RunAsk): RunRecord {
    const { clock, instance, inbox } = this.options;
    const at = new Date(clock.now()).toISOString();
    return {
      _id: inbox.newRun(),
      instance,
      stream: stream.name,
      trigger: ask.trigger ?? 'manual',
      mode: ask.mode ?? stream.mode ?? 'delta',
      state: 'skipped',
      startedAt: at,
      endedAt: at,
      durationMs: 0,
      counts: noCounts(),
    };
  }
}
