import { isDeepStrictEqual } from 'node:util';
import { messageOf, type Clock } from '@quotebridge/platform/core';
import { linkSpan, withSpan, type Context, type Logger } from '@quotebridge/platform/telemetry';
import { keyOf, type KubeClient, type Next } from '@quotebridge/kubernetes/client';
import type { ConnectorApi } from './connector-api';
import {
  asConnector,
  CONNECTORS,
  FINALIZER,
  instanceOf,
  type Connector,
  type ConnectorStatus,
} from './connector';
import { decide, type Decision, type Notice } from './decide';
import { ChildRefused, NameTaken, type Effects } from './effects';
import { recordNotices } from './events';
import type { Facts, Obstacle } from './facts';
import { newRunsIn, type ReportFact } from './report';
import type { Claim, Rival } from './rivals';
import type { Secrets } from './secrets';
import type { OperatorSettings } from './settings';
import type { SpecChecks } from './spec-checks';
import { childrenIn, type World } from './world';
import { WrittenStatuses } from './written-statuses';

/** What reconciling needs. */
export interface ReconcilerOptions {
  readonly world: World;
  readonly client: KubeClient;
  readonly effects: Effects;
  readonly secrets: Secrets;
  /** A fingerprint of what the connectors of a namespace share. */
  platformHashOf(namespace: string): Promise<string | undefined>;
  /** Where the MongoDB and the NATS of its platform Secret listen. */
  platformPortsOf(namespace: string): Promise<readonly number[] | undefined>;
  readonly checks: SpecChecks;
  /** Another Connector that has what this one would take. */
  rivalOf(claim: Claim): Promise<Rival | undefined>;
  readonly api: ConnectorApi;
  /** The last report of a connector process, if there is one. */
  reportOf(key: string): ReportFact | undefined;
  readonly settings: OperatorSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Name of this process in events. */
  readonly identity: string;
  /** Told of each restart that the operator orders. */
  restarted(key: string): void;
}

/** What came in the way of a child. */
interface Stopped {
  readonly obstacle: Obstacle;
  /** It is tried again as other failures are. */
  readonly failure?: Error;
}

/** What came of asking for a run. */
interface Asked {
  readonly notices: readonly Notice[];
  readonly status?: Pick<ConnectorStatus, 'handledRunNow'>;
  /** It could not be asked; that is tried again. */
  readonly failure?: Error;
}

/** Brings one Connector after the other to what it is to be: gather, decide, apply, status. */
export class Reconciler {
  private readonly written = new WrittenStatuses();

  constructor(private readonly options: ReconcilerOptions) {}

  /** Work on one key, from what is known now. Throws what is worth another try. */
  reconcile(key: string): Promise<Next> {
    const slash = key.indexOf('/');
    const attributes = {
      'k8s.namespace.name': key.slice(0, slash),
      'quotebridge.connector': key.slice(slash + 1),
    };
    return withSpan('reconcile Connector', 'internal', attributes, undefined, async (trace) => {
      const object = this.options.world.connectors.get(key);
      if (object === undefined) {
        this.options.checks.forget(key);
        this.written.forget(key);
        return {};
      }
      const facts = await this.gather(key, this.written.seen(key, asConnector(object)));
      linkSpan(trace, newRunsIn(facts.report, facts.connector.status?.streams));
      const ordered = decide(facts, this.options.settings);
      const stopped = await this.order(facts, ordered);
      if (stopped === undefined) return this.carryOut(key, facts, ordered, trace);
      const known = { ...facts, obstacle: stopped.obstacle };
      const next = await this.carryOut(key, known, decide(known, this.options.settings), trace);
      if (stopped.failure !== undefined) throw stopped.failure;
      return next;
    });
  }

  /** Makes what is to be there; gives what was in the way, behind which nothing more is made. */
  private async order(
    { connector, children }: Facts,
    { finalizer, apply }: Decision,
  ): Promise<Stopped | undefined> {
    const { effects } = this.options;
    if (finalizer === 'add') await effects.finalizer(connector, true);
    try {
      for (const [kind, want] of apply) await effects.apply(kind, want, children.has(kind));
      return undefined;
    } catch (thrown) {
      if (thrown instanceof NameTaken) return { obstacle: { kind: 'NameTaken', message: thrown.message } };
      if (!(thrown instanceof ChildRefused)) throw thrown;
      const { what, why, cause } = thrown;
      return { obstacle: { kind: 'Refused', what, why }, failure: cause };
    }
  }

  private async gather(key: string, connector: Connector): Promise<Facts> {
    const { world, secrets, checks, rivalOf, effects, reportOf, clock } = this.options;
    const { namespace = '' } = connector.metadata;
    const { faults, neededSecrets, actions } = checks.of(key, connector);
    const deleting = connector.metadata.deletionTimestamp !== undefined;
    const report = reportOf(key);
    return {
      connector,
      children: childrenIn(world, connector),
      faults,
      rival: await rivalOf({ connector, actions }),
      credentials: await secrets.credentialsOf(connector, neededSecrets),
      platformHash: await this.options.platformHashOf(namespace),
      platformPorts: await this.options.platformPortsOf(namespace),
      report,
      pods: deleting ? await effects.pods(key) : 0,
      canvas: world.children.get('exposedApi')?.isServed === true,
      now: clock.now(),
    };
  }

  private async carryOut(key: string, facts: Facts, decision: Decision, trace: Context): Promise<Next> {
    const { effects, restarted } = this.options;
    const { connector } = facts;
    for (const kind of decision.remove) await effects.remove(kind, connector);
    if (decision.scaleDown) await effects.scaleDown(connector);
    if (decision.restarted) restarted(key);
    const run = await this.ask(connector, decision.runNow, trace);
    const status = { ...decision.status, ...run.status };
    if (!isDeepStrictEqual(status, connector.status)) {
      await effects.status(connector, status);
      this.written.note(key, connector, status);
    }
    await this.tell(connector, [...decision.notices, ...run.notices]);
    if (decision.finalizer === 'remove') await this.letGo(connector, decision.forget);
    if (run.failure !== undefined) throw run.failure;
    return decision.lookAgainMs === undefined ? {} : { afterMs: Math.max(500, decision.lookAgainMs) };
  }

  /** Asks the connector for a run. That it does not answer holds up nothing else: the status is to say so. */
  private async ask(connector: Connector, runNow: Decision['runNow'], trace: Context): Promise<Asked> {
    if (runNow === undefined) return { notices: [] };
    const { token, stream } = runNow;
    const what = stream === undefined ? 'all streams' : `stream ${stream}`;
    try {
      const refusal = await this.options.api.runNow(connector, stream, trace);
      const notice: Notice =
        refusal === undefined
          ? { type: 'Normal', reason: 'RunStarted', message: `A run of ${what} was started by annotation` }
          : {
              type: 'Warning',
              reason: 'RunRefused',
              message: `A run of ${what} was not started: ${refusal}`,
            };
      return { notices: [notice], status: { handledRunNow: token } };
    } catch (thrown) {
      return { notices: [], failure: new Error(`run-now: ${messageOf(thrown)}`, { cause: thrown }) };
    }
  }

  /** Removes what it has in the broker; gives a sentence about what must be left there. */
  private async forget(connector: Connector, how: Decision['forget']): Promise<string | undefined> {
    if (how === 'no') return undefined;
    try {
      return await this.options.effects.forget(connector);
    } catch (thrown) {
      if (how === 'must') throw thrown;
      return `The durable consumers of "${instanceOf(connector)}" stay in NATS: ${messageOf(thrown)}`;
    }
  }

  // Nothing waits for an event, and none can be made in a namespace that is going.
  private async tell(connector: Connector, notices: readonly Notice[]): Promise<void> {
    const { identity, logger } = this.options;
    try {
      await recordNotices({ ...this.options, instance: identity }, connector, notices);
    } catch (thrown) {
      logger.warn({ connector: keyOf(connector), error: messageOf(thrown) }, 'Events could not be recorded');
    }
  }

  // The status was just written, so the version that was read is no longer the stored one: it is read again.
  private async letGo(connector: Connector, forget: Decision['forget']): Promise<void> {
    const { client, effects } = this.options;
    const { namespace = '', name, uid } = connector.metadata;
    const now = await client.get(CONNECTORS, namespace, name);
    if (now?.metadata.uid !== uid || now?.metadata.finalizers?.includes(FINALIZER) !== true) return;
    const left = await this.forget(connector, forget);
    if (left !== undefined)
      await this.tell(connector, [{ type: 'Warning', reason: 'ConsumersLeft', message: left }]);
    await effects.finalizer(asConnector(now), false);
  }
}
