import { hostname } from 'node:os';
import { messageOf } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import type { CallBudget, RateLimits } from '@quotebridge/platform/resilience';
import { consumeAction } from './action-consumer';
import type { Connector } from './definition';
import {
  WrongSettings,
  type CausingMessage,
  type InstanceOptions,
  type StreamOptions,
} from './instance-options';
import { Concerns } from './concerns';
import { whileHolding } from './holding';
import { watchLeftRuns } from './left-runs';
import type { MapRecord } from './mapped-page';
import { MappingOverride, WrongMapping } from './mapping-override';
import { nameFaults, namesIn } from './offer';
import { OutcomeInbox } from './outcome-inbox';
import { allOf, PartShare } from './part-share';
import { serveQuestion } from './question-server';
import { redactor, type Redactor } from './redact';
import type { RunRecord } from './run-record';
import { checkSettings } from './settings-check';
import type { Stream } from './stream';
import { StreamRunner, type AskedRun, type AskedRuns, type RunAsk } from './stream-runner';
import type { PushPort } from './webhook';

const SETTLE_MS = 15_000;
const ACTIONS_AT_ONCE = 8;
const LEASE_MS = 30_000;
/** Events of a process that was killed wait no longer than this for another one. */
const MOST_PART_LEASE_MS = 10_000;
/** Notes of the mapping with which each stream ran last. */
const MAPPINGS = 'engine-mapping';
/** How long open batches may still be answered when the instance stops. */
const STOP_MS = 5_000;
/** What a process that was killed did alone waits no longer than this for another one. */
const ALONE_MS = 15_000;
/** Share of the broker's largest message that a batch may fill: the rest is for what is not counted. */
const BATCH_SHARE = 0.8;

/** One running connector: performs its actions as events come, answers questions, and runs its streams when told. */
export class ConnectorInstance {
  readonly connector: Connector;
  /** Its streams as this instance runs them. */
  readonly streams: readonly Stream[];
  /** Takes secrets out of a text. */
  readonly redact: Redactor;
  /** Unique for this process. */
  private readonly process: string;
  private readonly running: Running[] = [];
  private readonly stopping = new AbortController();
  private stopped: Promise<void> | undefined;
  private inbox: OutcomeInbox | undefined;
  private runner: StreamRunner | undefined;
  private leftRuns: Running | undefined;
  private budget: CallBudget | undefined;
  /** The limits of calls that the connector asked for. */
  callLimits: RateLimits = {};

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
    this.process = `${hostname()}/${options.ids.next()}`;
    const { stores } = options;
    this.connector = definition.open({
      instance,
      settings,
      secrets,
      policy,
      clock,
      budget: (limits) => {
        this.callLimits = limits;
        return (this.budget ??= stores.budget(limits));
      },
      notes: stores.notes,
      concerns: new Concerns(stores.concerns, clock),
      alone: (name, work) =>
        whileHolding(stores.lease(`alone/${name}`, this.process, ALONE_MS), ALONE_MS, work),
      externalIdOf: (id, other) => stores.fingerprints.externalIdOf(id, other),
      ...(trace === undefined ? {} : { inject: trace.call }),
    });
    const wrong = this.checkNames();
    if (wrong.length > 0) throw new WrongSettings(instance, wrong);
    this.streams = this.connector.streams.map((stream) => {
      const { mode, mapping = {} } = this.optionsOf(stream.name) ?? {};
      // An attribute with an expression of its own is ruled by that.
      const ownedThere = [...(stream.ownedThere ?? []), ...Object.keys(mapping)];
      return { ...stream, ...(mode === undefined ? {} : { mode }), ownedThere };
    });
  }

  private optionsOf(name: string): StreamOptions | undefined {
    return this.options.streams?.find((options) => options.name === name);
  }

  private checkNames(): readonly string[] {
    const { streams = [], withoutActions = [] } = this.options;
    const actions = [...withoutActions].map((name) => ({ name }));
    const faults = nameFaults({ streams, actions }, namesIn(this.connector));
    return faults.map(({ path, message }) => `${path} ${message}`);
  }

  /** The mapping of a stream with this instance's expressions, or those given, laid over it. */
  mapOf(stream: Stream, mapping = this.optionsOf(stream.name)?.mapping): MapRecord {
    if (mapping === undefined) return (record) => stream.map(record);
    return new MappingOverride(mapping).over(stream);
  }

  /** Tries the expressions of all streams on their samples. */
  private async checkMappings(): Promise<void> {
    const wrong: string[] = [];
    for (const stream of this.streams) {
      const mapping = this.optionsOf(stream.name)?.mapping;
      try {
        if (mapping !== undefined) await new MappingOverride(mapping).check(stream);
      } catch (thrown) {
        if (!(thrown instanceof WrongMapping)) throw thrown;
        wrong.push(...thrown.lines.map((line) => `mapping of ${stream.name}, ${line}`));
      }
    }
    if (wrong.length > 0) throw new WrongSettings(this.options.instance, wrong);
  }

  /**
   * Tries quarantined records again whose stream has got another mapping since the last start. Resolves with the
   * streams for which that is under way.
   */
  async replayRemapped(): Promise<readonly string[]> {
    const { notes } = this.options.stores;
    const changed: string[] = [];
    for (const { name } of this.streams) {
      const mapping = JSON.stringify(this.optionsOf(name)?.mapping ?? {});
      const before = (await notes.get(MAPPINGS, name))?.['mapping'] ?? '{}';
      if (before === mapping) continue;
      changed.push(name);
      const { state } = await this.runStream(name, { trigger: 'replay', by: 'new mapping' });
      // What was cut off is done at the next start.
      if (state === 'succeeded') await notes.put(MAPPINGS, [{ key: name, value: { mapping } }]);
    }
    return changed;
  }

  /** Begins to take events and questions. Throws {@link WrongSettings} when a mapping fails on a sample. */
  async start(): Promise<void> {
    await this.checkMappings();
    const { bus, instance, ids, patience, trace, stores, clock, observer, batchSize, window } = this.options;
    const inbox = await OutcomeInbox.open(bus, instance, ids, patience, (headers) => trace?.inject(headers));
    this.inbox = inbox;
    const { redact, process } = this;
    const leaseMs = this.options.leaseMs ?? LEASE_MS;
    this.leftRuns = await watchLeftRuns({ stores, process, clock, leaseMs });
    const seen = observer === undefined ? {} : { observer };
    this.runner = new StreamRunner({
      streams: this.streams,
      instance,
      stores,
      inbox,
      clock,
      redact,
      process,
      stopping: this.stopping.signal,
      batchSize: batchSize ?? 200,
      batchBytes: bus.largestMessage * BATCH_SHARE,
      window: window ?? 4,
      leaseMs,
      mapOf: (stream) => this.mapOf(stream),
      traced: (name, headers, work) =>
        this.traced(name, headers, () => {
          const own: Record<string, string> = {};
          trace?.inject(own);
          const { traceparent } = own;
          // Of a trace that nobody records there is nothing to be found.
          return work(traceparent?.endsWith('-01') === true ? traceparent : undefined);
        }),
      ...seen,
    });
    const shared = {
      bus,
      instance,
      stores,
      clock,
      inbox,
      redact,
      settleMs: this.options.settleMs ?? SETTLE_MS,
      atOnce: this.connector.actionsAtOnce ?? ACTIONS_AT_ONCE,
      traced: <T>(
        name: string,
        headers: Readonly<Record<string, string>>,
        work: () => Promise<T>,
        message?: CausingMessage,
      ) => this.traced(name, headers, work, message),
      ...seen,
    };
    for (const question of this.connector.questions ?? []) this.running.push(serveQuestion(question, shared));
    // Events of a paused instance wait in their stream.
    const { paused, withoutActions } = this.options;
    const actions = this.connector.actions.filter(({ name }) => withoutActions?.has(name) !== true);
    if (paused === true || actions.length === 0) return;
    const consumers = actions.map((action) => consumeAction(action, shared));
    this.running.push(
      await PartShare.start({
        stores,
        process,
        leaseMs: Math.min(leaseMs, MOST_PART_LEASE_MS),
        begin: (part) => allOf(consumers.map((consume) => () => consume(part))),
        onError: (thrown) => observer?.sharing?.(redact(messageOf(thrown))),
      }),
    );
  }

  /** Runs one stream and returns its record. A run that fails is returned with its error, not thrown. */
  runStream(name: string, ask?: RunAsk): Promise<RunRecord> {
    return this.opened.run(name, ask);
  }

  /** Asks for a run of one stream: its id at once, under which it is found from then on, its record when it has ended. */
  askStream(name: string, ask?: RunAsk): Promise<AskedRun> {
    return this.opened.ask(name, ask);
  }

  /** Runs every stream in the declared order; stops at the first that fails, because later ones refer to it. */
  runAll(ask?: RunAsk, names?: ReadonlySet<string>): Promise<readonly RunRecord[]> {
    return this.opened.runAll(ask, names);
  }

  /** Asks for a run of every stream in the declared order: their ids at once, their records when they have ended. */
  askAll(ask?: RunAsk): Promise<AskedRuns> {
    return this.opened.askAll(ask);
  }

  /** What webhooks may ask of this instance. */
  get pushPort(): PushPort {
    return this.opened.pushPort;
  }

  /** Stops taking events, lets what is in work finish, ends runs at their next page. */
  stop(): Promise<void> {
    this.stopped ??= this.shutDown();
    return this.stopped;
  }

  private async shutDown(): Promise<void> {
    this.stopping.abort(new Error('the connector is stopping'));
    // An owner that does not answer must not hold up the shutdown.
    const patience = setTimeout(() => this.inbox?.abandon(), STOP_MS);
    await Promise.all(this.running.map((running) => running.stop()));
    await this.runner?.idle();
    clearTimeout(patience);
    await this.leftRuns?.stop();
    await this.inbox?.close();
    await this.connector.close();
  }

  private get opened(): StreamRunner {
    if (this.runner === undefined) throw new Error('The connector instance has not been started');
    return this.runner;
  }

  private traced<T>(
    name: string,
    headers: Readonly<Record<string, string>>,
    work: () => Promise<T>,
    message?: CausingMessage,
  ): Promise<T> {
    const { trace } = this.options;
    return trace === undefined ? work() : trace.run(name, headers, work, message);
  }
}
