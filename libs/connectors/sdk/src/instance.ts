import { hostname } from 'node:os';
import type { JsonObject } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import { RateBudget, type CallBudget } from '@quotebridge/platform/resilience';
import { consumeAction } from './action-consumer';
import type { Connector } from './definition';
import { UnknownStream, WrongSettings, type InstanceOptions } from './instance-options';
import { OutcomeInbox } from './outcome-inbox';
import { redactor, type Redactor } from './redact';
import { noCounts, type RunMode, type RunRecord, type RunTrigger } from './run-record';
import { checkSettings } from './settings-check';
import type { Stream } from './stream';
import { StreamRun } from './stream-run';
import type { PushPort } from './webhook';

const LEASE_MS = 30_000;
const SETTLE_MS = 15_000;
/** How long open batches may still be answered when the instance stops. */
const STOP_MS = 5_000;

/** One running connector: performs its actions as events come, and runs its streams when told. */
export class ConnectorInstance {
  readonly connector: Connector;
  private readonly redact: Redactor;
  private readonly consumers: Running[] = [];
  private readonly stopping = new AbortController();
  private stopped: Promise<void> | undefined;
  private inbox: OutcomeInbox | undefined;
  private budget: CallBudget | undefined;
  private readonly triggered = new Map<string, Promise<string>>();
  // Runs of one process follow each other: they share the rate budget and later streams refer to earlier ones.
  private queue: Promise<unknown> = Promise.resolve();

  /** Throws {@link WrongSettings} before anything is opened. */
  constructor(private readonly options: InstanceOptions) {
    const { definition, instance, secrets, policy, clock, trace } = options;
    const { settings, faults } = checkSettings(definition, options.settings, secrets);
    if (faults.length > 0) {
      throw new WrongSettings(
        instance,
        faults.map(({ path, message }) => `${path} ${message}`),
      );
    }
    this.redact = redactor(secrets);
    const { stores } = options;
    this.connector = definition.open({
      instance,
      settings,
      secrets,
      policy,
      clock,
      budget: (limits) => (this.budget ??= new RateBudget(limits, clock)),
      notes: stores.notes,
      externalIdOf: (id) => stores.fingerprints.externalIdOf(id),
      ...(trace === undefined ? {} : { inject: (headers) => trace.inject(headers) }),
    });
  }

  /** Begins to take events. */
  async start(): Promise<void> {
    const { bus, instance, ids, patience, trace } = this.options;
    this.inbox = await OutcomeInbox.open(bus, instance, ids, patience, (headers) => trace?.inject(headers));
    const observer = this.options.observer;
    const settleMs = this.options.settleMs ?? SETTLE_MS;
    for (const action of this.connector.actions) {
      const consumer = await consumeAction(action, {
        bus,
        instance,
        stores: this.options.stores,
        clock: this.options.clock,
        inbox: this.inbox,
        redact: this.redact,
        settleMs,
        traced: (name, headers, work) => this.traced(name, headers, work),
        ...(observer === undefined ? {} : { observer }),
      });
      this.consumers.push(consumer);
    }
  }

  /** Runs one stream and returns its record. A run that fails is returned with its error, not thrown. */
  async runStream(
    name: string,
    trigger: RunTrigger = 'manual',
    mode: RunMode = 'delta',
    onStart?: (run: string) => void,
    pushed?: readonly JsonObject[],
  ): Promise<RunRecord> {
    const stream = this.connector.streams.find((candidate) => candidate.name === name);
    if (stream === undefined) {
      const known = this.connector.streams.map((candidate) => candidate.name).join(', ');
      throw new UnknownStream(`There is no stream "${name}"; this connector has ${known}`);
    }
    const work = this.queue.then(() => this.leased(stream, trigger, mode, onStart, pushed));
    this.queue = work.catch(() => undefined);
    return work;
  }

  /** Runs every stream in the declared order; stops at the first that fails, because later ones refer to it. */
  async runAll(trigger: RunTrigger = 'manual', mode: RunMode = 'delta'): Promise<readonly RunRecord[]> {
    const records: RunRecord[] = [];
    for (const { name } of this.connector.streams) {
      if (this.stopping.signal.aborted) break;
      const record = await this.runStream(name, trigger, mode);
      records.push(record);
      if (record.state !== 'succeeded') break;
    }
    return records;
  }

  /** What webhooks may ask of this instance. */
  readonly pushPort: PushPort = {
    take: (stream, records) => this.runStream(stream, 'push', 'delta', undefined, records),
    trigger: (stream) => {
      const waiting = this.triggered.get(stream);
      if (waiting !== undefined) return waiting;
      // A run that has begun may have read past the change already, so it is not shared.
      const begun = new Promise<string>((resolve, reject) => {
        this.runStream(stream, 'push', 'delta', (run) => {
          this.triggered.delete(stream);
          resolve(run);
        })
          .then(({ _id }) => resolve(_id), reject)
          .finally(() => this.triggered.delete(stream));
      });
      this.triggered.set(stream, begun);
      return begun;
    },
  };

  /** Stops taking events, lets what is in work finish, ends runs at their next page. */
  stop(): Promise<void> {
    this.stopped ??= this.shutDown();
    return this.stopped;
  }

  private async shutDown(): Promise<void> {
    this.stopping.abort(new Error('the connector is stopping'));
    // An owner that does not answer must not hold up the shutdown.
    const patience = setTimeout(() => this.inbox?.abandon(), STOP_MS);
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
    await this.queue;
    clearTimeout(patience);
    await this.inbox?.close();
    await this.connector.close();
  }

  private get opened(): OutcomeInbox {
    if (this.inbox === undefined) throw new Error('The connector instance has not been started');
    return this.inbox;
  }

  private async leased(
    stream: Stream,
    trigger: RunTrigger,
    mode: RunMode,
    onStart: ((run: string) => void) | undefined,
    pushed: readonly JsonObject[] | undefined,
  ): Promise<RunRecord> {
    const { stores, instance, clock, observer } = this.options;
    const inbox = this.opened;
    const run = inbox.newRun();
    const lease = stores.lease(stream.name, `${hostname()}/${run}`, LEASE_MS);
    if (!(await lease.acquire())) {
      const at = new Date(clock.now()).toISOString();
      const counts = noCounts();
      return {
        _id: run,
        instance,
        stream: stream.name,
        trigger,
        mode,
        state: 'skipped',
        startedAt: at,
        endedAt: at,
        counts,
      };
    }
    const lost = new AbortController();
    const keep = setInterval(() => {
      lease.acquire().then(
        (held) => (held ? undefined : lost.abort(new Error('another process took over the stream'))),
        (thrown: unknown) => lost.abort(thrown),
      );
    }, LEASE_MS / 3);
    try {
      const signal = AbortSignal.any([this.stopping.signal, lost.signal]);
      onStart?.(run);
      const deps = {
        instance,
        stores,
        clock,
        submit: inbox.submit.bind(inbox),
        redact: this.redact,
        batchSize: this.options.batchSize ?? 200,
        window: this.options.window ?? 4,
      };
      const work = new StreamRun(stream, deps, {
        run,
        trigger,
        mode,
        signal,
        ...(pushed === undefined ? {} : { pushed }),
      });
      const record = await this.traced(`run ${stream.name}`, {}, () => work.execute());
      observer?.run(record);
      return record;
    } finally {
      clearInterval(keep);
      await lease.release();
    }
  }

  private traced<T>(
    name: string,
    headers: Readonly<Record<string, string>>,
    work: () => Promise<T>,
  ): Promise<T> {
    const { trace } = this.options;
    return trace === undefined ? work() : trace.run(name, headers, work);
  }
}
