import { messageOf, type Clock } from '@quotebridge/platform/core';
import type { Logger, Metrics } from '@quotebridge/platform/telemetry';
import type { ConnectorDefinition } from '@quotebridge/connectors/sdk';
import {
  keyOf,
  Leader,
  Mirror,
  WorkQueue,
  type KubeClient,
  type KubeObject,
  type LeaderTimes,
  type MirrorOptions,
  type Selection,
  type ResourceType,
} from '@quotebridge/kubernetes/client';
import { CHILD_KINDS, KINDS, MANAGED_BY, SECRETS, type ChildKind } from './children/common';
import { secretFingerprint } from './children/fingerprint';
import type { Judge } from './admission/review';
import { ConnectorApi } from './connector-api';
import { rivalSentence } from './conditions';
import { asConnector, CONNECTORS, instanceOf, stateOf } from './connector';
import { Effects } from './effects';
import { operatorMetrics } from './operator-metrics';
import { Poller } from './poller';
import { platformOf, portsOf } from './platform';
import { Reconciler } from './reconciler';
import { mayCollide, rivalIn, type Claim, type Rival } from './rivals';
import { rolloutOf } from './rollout';
import { SecretDigests, textIn } from './secret-digests';
import { Secrets } from './secrets';
import type { OperatorSettings } from './settings';
import { SpecChecks } from './spec-checks';
import { SrvPorts, type ResolveSrv } from './srv-ports';
import { childrenIn, type World } from './world';

/** Everything an operator is made of. */
export interface OperatorOptions {
  readonly client: KubeClient;
  readonly definitions: readonly ConnectorDefinition[];
  readonly settings: OperatorSettings;
  /** The one namespace it looks after; all when absent. */
  readonly namespace?: string;
  /** Where connector processes are reached, with `{name}` and `{namespace}` in it. */
  readonly connectorAddress: string;
  readonly identity: string;
  readonly leaderTimes: LeaderTimes;
  readonly pollMs: number;
  readonly relistMs: number;
  readonly silenceMs: number;
  /** Until a Canvas that was not there is looked for again. */
  readonly canvasLookMs: number;
  readonly workers: number;
  /** Asks the name servers. */
  readonly resolveSrv: ResolveSrv;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The lease is gone: the process must end, another replica leads. */
  lost(reason: string): void;
}

/** A running operator. */
export interface RunningOperator {
  /** Resolves when everything has been read once. */
  readonly synced: Promise<void>;
  /** Whether the API server has been heard of lately; the message says what has not. */
  health(): string | undefined;
  /** What is to be said of a Connector before it is stored; whoever leads. */
  readonly judge: Judge;
  /** Finishes what is in work and gives the lease back. */
  stop(): Promise<void>;
}

const BACKOFF = { baseMs: 500, maxMs: 5 * 60_000 };
const LEASE = 'quotebridge-operator';

/** Starts the operator: its caches at once, its work when it is elected. */
export const startOperator = async (options: OperatorOptions): Promise<RunningOperator> => {
  const { client, settings, clock, random, logger, namespace } = options;
  const scope: Selection = namespace === undefined ? {} : { namespace };
  const managed = Object.entries(MANAGED_BY)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
  const mirrors = new Map<string, Mirror>();
  const mirror = (
    type: ResourceType,
    selection: Selection,
    changed: (object: KubeObject) => void,
    optional?: MirrorOptions['optional'],
  ): Mirror => {
    const made = new Mirror({
      client,
      type,
      selection: { ...scope, ...selection },
      clock,
      random,
      relistMs: options.relistMs,
      silenceMs: options.silenceMs,
      ...(optional === undefined ? {} : { optional }),
      changed: (now, before) => {
        const object = now ?? before;
        if (object !== undefined) changed(object);
      },
      trouble: (message) => {
        metrics.watchTrouble(type.kind);
        logger.warn(
          { kind: type.kind, error: message },
          'Looking at the API server failed and is tried again',
        );
      },
    });
    mirrors.set(type.kind, made);
    return made;
  };

  const wake = (key: string): void => {
    queue.add(key);
    poller.add(key);
  };
  const ownerChanged = ({ metadata }: KubeObject): void => {
    for (const { kind, name } of metadata.ownerReferences ?? []) {
      if (kind === CONNECTORS.kind) wake(keyOf({ metadata: { namespace: metadata.namespace ?? '', name } }));
    }
  };
  const wakeRivals = (instance: string): void => {
    for (const object of connectors.values()) {
      if (mayCollide(instanceOf(asConnector(object)), instance)) queue.add(keyOf(object));
    }
  };
  const secretChanged = ({ metadata }: KubeObject): void => {
    for (const object of world.connectors.values()) {
      const connector = asConnector(object);
      if (connector.metadata.namespace !== metadata.namespace) continue;
      if (connector.spec.credentialsSecretRef?.name === metadata.name) queue.add(keyOf(object));
      // Other values for its processes. Another broker or database: what was taken may be free, and the other way about.
      if (metadata.name === settings.platformSecret) wakeRivals(instanceOf(connector));
    }
  };

  const connectors = mirror(CONNECTORS, {}, (object) => {
    wake(keyOf(object));
    // Its names may be free now for whoever waits for them.
    if (connectors.get(keyOf(object)) === undefined) wakeRivals(instanceOf(asConnector(object)));
  });
  // It may be installed, or go, while Connectors run.
  const canvas = {
    lookMs: options.canvasLookMs,
    changed: (isServed: boolean): void => {
      logger.info(
        {},
        isServed
          ? 'An ODA Canvas is here: ExposedAPIs are published'
          : 'No ExposedAPIs: no ODA Canvas is here',
      );
      for (const object of connectors.values())
        if (asConnector(object).spec.exposedApi !== undefined) queue.add(keyOf(object));
    },
  };
  const childMirror = (kind: ChildKind): Mirror =>
    mirror(KINDS[kind], { labelSelector: managed }, ownerChanged, kind === 'exposedApi' ? canvas : undefined);
  const world: World = {
    connectors,
    children: new Map(CHILD_KINDS.map((kind) => [kind, childMirror(kind)])),
    secrets: mirror(SECRETS, { metadataOnly: true }, secretChanged),
  };
  const secrets = new Secrets(client, world.secrets);
  const platforms = new SecretDigests(client, world.secrets, (data, where) => ({
    hash: secretFingerprint(data),
    ...platformOf((key) => textIn(data, key), where),
  }));
  // Each connector is asked twice a minute: their token is not read from the API server each time.
  const tokens = new SecretDigests(client, world.secrets, (data) => textIn(data, 'ADMIN_TOKEN'));
  const api = new ConnectorApi({
    address: options.connectorAddress,
    timeoutMs: 5_000,
    token: (where) => tokens.of(where, settings.platformSecret),
  });
  const poller = new Poller({
    api,
    target: (key) => {
      const object = connectors.get(key);
      if (object === undefined) return undefined;
      const connector = asConnector(object);
      const { ready } = rolloutOf(childrenIn(world, connector).get('deployment'));
      return stateOf(connector) === 'Stopped' || ready === 0 ? undefined : connector;
    },
    changed: (key) => queue.add(key),
    everyMs: options.pollMs,
    workers: 16,
    random,
    clock,
  });
  const checks = new SpecChecks(options.definitions, clock);
  const srvPorts = new SrvPorts(options.resolveSrv, clock, (name, reason) =>
    logger.warn({ name, reason }, 'Where databases listen could not be asked for; what is known holds'),
  );
  const rivalOf = (claim: Claim): Promise<Rival | undefined> =>
    rivalIn(world, claim, {
      actionsOf: (other) => checks.of(keyOf(other), other).actions,
      platformOf: (where) => platforms.of(where, settings.platformSecret),
    });
  const reconciler = new Reconciler({
    world,
    client,
    effects: new Effects(client, (where) => platforms.value(where, settings.platformSecret, 'NATS_URL')),
    secrets,
    platformHashOf: async (where) => (await platforms.of(where, settings.platformSecret))?.hash,
    platformPortsOf: async (where) =>
      portsOf(await platforms.of(where, settings.platformSecret), (name) => srvPorts.of(name)),
    checks,
    rivalOf,
    api,
    reportOf: (key) => poller.reportOf(key),
    settings,
    clock,
    logger,
    identity: options.identity,
    restarted: () => metrics.restarted(),
  });
  const queue = new WorkQueue({
    workers: options.workers,
    backoff: BACKOFF,
    random,
    clock,
    work: async (key) => {
      const start = performance.now();
      let failed = true;
      try {
        const next = await reconciler.reconcile(key);
        failed = false;
        return next;
      } finally {
        metrics.reconciled((performance.now() - start) / 1000, failed);
      }
    },
    failed: (key, thrown, attempt, waitMs) =>
      logger.warn(
        { connector: key, attempt, waitMs, error: messageOf(thrown) },
        'A reconcile failed and is tried again',
      ),
  });
  const leader = new Leader({
    client,
    namespace: settings.operatorNamespace,
    name:
      namespace === undefined || namespace === settings.operatorNamespace ? LEASE : `${LEASE}-${namespace}`,
    identity: options.identity,
    clock,
    times: options.leaderTimes,
    random,
    elected: () => {
      logger.info({ identity: options.identity }, 'This replica leads');
      void synced.then(() => {
        if (!leader.isLeading) return;
        poller.start();
        queue.start();
      });
    },
    lost: (reason) => options.lost(reason),
    trouble: (message) => logger.warn({ error: message }, 'The lease could not be asked for'),
  });
  const metrics = operatorMetrics(options.metrics, {
    depth: () => queue.depth,
    leading: () => leader.isLeading,
    ages: () => [...mirrors].map(([kind, one]) => [kind, one.ageMs()] as const),
    phases: () => {
      const phases = new Map<string, number>();
      for (const object of connectors.values()) {
        const phase = asConnector(object).status?.phase ?? 'New';
        phases.set(phase, (phases.get(phase) ?? 0) + 1);
      }
      return phases;
    },
  });
  const all = [...mirrors.values()];
  const synced = Promise.all(all.map((one) => one.synced)).then(() => undefined);
  for (const one of all) one.start();
  leader.start();
  return {
    synced,
    judge: async (connector) => {
      const { faults, actions } = checks.fresh(connector);
      const rival = await rivalOf({ connector, actions });
      return {
        faults,
        warnings: rival === undefined ? [] : [rivalSentence(rival)],
      };
    },
    health: () => {
      const late = [...mirrors]
        .filter(([, one]) => one.ageMs() > 2 * options.silenceMs)
        .map(([kind]) => kind);
      return late.length === 0 ? undefined : `nothing was heard of ${late.join(', ')}`;
    },
    stop: async () => {
      await Promise.all([queue.stop(), poller.stop()]);
      await leader.stop();
      await Promise.all(all.map((one) => one.stop()));
    },
  };
};
