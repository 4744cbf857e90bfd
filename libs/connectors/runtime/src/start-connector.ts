import {
  cannotListen,
  isServerFailure,
  keepTrying,
  messageOf,
  randomIds,
  systemClock,
} from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import {
  closePromptly,
  handleErrors,
  healthRoutes,
  ignoreTypesOfNothing,
  Readiness,
  registerScope,
} from '@quotebridge/platform/http';
import { OutboundPolicy } from '@quotebridge/platform/resilience';
import { isTransientStoreError, Store } from '@quotebridge/platform/store';
import {
  consumptionObserver,
  createMetrics,
  eventMetrics,
  productVersion,
} from '@quotebridge/platform/telemetry';
import { ConnectorInstance, mongoStores, type RunAsk, type RunRecord } from '@quotebridge/connectors/sdk';
import fastify from 'fastify';
import { budgetGauge } from './budget-gauge';
import { concernGauge } from './concern-gauge';
import { lookAtLag } from './consumer-lag-gauge';
import { failingGauge } from './failing-streams';
import { lateGauge } from './late-gauge';
import { checkApp, type ConnectorAppSettings } from './connector-app';
import { connectorObserver } from './observer';
import { operationsRoutes } from './routes';
import { startScheduling } from './schedule/start-scheduling';
import type { ScheduleDefaults, Timetable } from './schedule/timetable';
import { connectorTrace } from './trace';
import { webhookRoutes } from './webhook-routes';

/** Longest identifier in an address, characters as they are written there. */
const LONGEST_NAME = 4_096;

/** A running connector. */
export interface RunningConnector {
  /** Base address of its operations routes and probes. */
  readonly url: string;
  runStream(name: string, ask?: RunAsk): Promise<RunRecord>;
  /** All streams in order; ends at the first that fails. */
  runAll(ask?: RunAsk): Promise<readonly RunRecord[]>;
  /** Runs streams by these schedules from now on. */
  schedule(defaults: ScheduleDefaults): void;
  /** Finishes what is in work and closes everything it opened. */
  stop(): Promise<void>;
}

/** Starts one connector instance: events are taken and streams run from now on. Throws with every wrong setting. */
export const startConnector = async (app: ConnectorAppSettings): Promise<RunningConnector> => {
  checkApp(app);
  const { definition } = app;
  const logger = app.logger.child({ connector: app.instance });
  const metrics = createMetrics({
    service: `connector-${app.instance}`,
    processMetrics: app.processMetrics === true,
  });
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closers.reverse())
      await step().catch((thrown: unknown) =>
        logger.warn({ error: String(thrown) }, 'A step of the shutdown failed'),
      );
  };
  try {
    const name = `connector-${app.instance}`;
    const waiting = (reason: string): void => logger.warn({ reason }, 'The connector waits for its servers');
    const patience = { until: performance.now() + (app.startupWaitMs ?? 0), waiting };
    const { mongodbUri: uri, database } = app;
    const store = await keepTrying(
      () => Store.connect({ uri, database, appName: name, maxPoolSize: 10 }),
      patience,
    );
    closers.push(() => store.close());
    const events = eventMetrics(metrics);
    const broker = { servers: app.natsUrl, name, observer: consumptionObserver(logger, events) };
    const bus = await keepTrying(() => EventBus.connect(broker), patience);
    closers.push(() => bus.close());
    const stores = await mongoStores(store, app.instance, systemClock);
    const observer = connectorObserver(logger, metrics);
    const timetables: Timetable[] = [];
    const instance = new ConnectorInstance({
      definition,
      instance: app.instance,
      settings: app.settings,
      secrets: app.secrets,
      policy: new OutboundPolicy(app.outbound),
      bus,
      stores,
      clock: systemClock,
      ids: randomIds,
      observer,
      trace: connectorTrace(app.instance),
      ...(app.paused === undefined ? {} : { paused: app.paused }),
      ...(app.streams === undefined ? {} : { streams: app.streams }),
      ...(app.withoutActions === undefined ? {} : { withoutActions: app.withoutActions }),
      ...(app.leaseMs === undefined ? {} : { leaseMs: app.leaseMs }),
      ...(app.settleMs === undefined ? {} : { settleMs: app.settleMs }),
      ...(app.batchSize === undefined ? {} : { batchSize: app.batchSize }),
    });
    closers.push(() => instance.stop());
    const namesOf = (parts: readonly { readonly name: string }[]): readonly string[] =>
      parts.map(({ name: one }) => one);
    observer.begin({ streams: namesOf(instance.streams), actions: namesOf(instance.connector.actions) });
    budgetGauge(metrics, instance, stores);
    concernGauge(metrics, stores);
    failingGauge(metrics, namesOf(instance.streams), stores);
    const nextRunMs = async (stream: string): Promise<number | undefined> =>
      timetables.at(-1)?.nextRunMs(stream);
    lateGauge(metrics, namesOf(instance.streams), nextRunMs, systemClock);
    await instance.start();

    const http = fastify({
      logger: false,
      forceCloseConnections: 'idle',
      // Records are named by what their systems call them, and runs by their instance and process.
      routerOptions: { maxParamLength: LONGEST_NAME },
    });
    ignoreTypesOfNothing(http);
    const readiness = new Readiness([
      { name: 'mongodb', check: () => store.ping() },
      { name: 'nats', check: () => bus.ping() },
    ]);
    handleErrors(http, {
      ids: randomIds,
      isUnavailable: isTransientStoreError,
      report: (_request, refusal, errorId) => {
        if (!isServerFailure(refusal.status)) return;
        logger.error({ errorId, error: messageOf(refusal.cause ?? refusal) }, 'A request failed');
      },
    });
    healthRoutes(http, readiness, productVersion());
    const actions = namesOf(instance.connector.actions).filter(
      (one) => app.withoutActions?.has(one) !== true,
    );
    http.get('/metrics', async (_request, reply) => {
      await lookAtLag({ bus, metrics: events, instance: app.instance, actions });
      return reply.type(metrics.contentType).send(await metrics.text());
    });
    await registerScope(http, 'operations', (scope) =>
      operationsRoutes(scope, {
        instance,
        stores,
        clock: systemClock,
        paused: app.paused === true,
        nextRunMs,
        ...(app.adminToken === undefined ? {} : { token: app.adminToken }),
      }),
    );
    await registerScope(http, 'webhooks', (scope) =>
      webhookRoutes(scope, { webhooks: instance.connector.webhooks ?? [], port: instance.pushPort }),
    );
    const url = await http.listen({ host: app.host, port: app.port }).catch((thrown: unknown) => {
      throw cannotListen(`The connector ${app.instance}`, app.host, app.port, thrown);
    });
    closers.push(() => closePromptly(http.server, () => http.close()));

    closers.push(async () => {
      readiness.drain();
      // Both at once: schedules wait for their runs, which end at the next page once the instance stops.
      await Promise.all([...timetables.map((timetable) => timetable.stop()), instance.stop()]);
    });
    const schedule = (defaults: ScheduleDefaults): void => {
      timetables.push(
        startScheduling({ app, defaults, instance, stores, bus, logger, observer, ids: randomIds }),
      );
    };
    if (app.schedule !== undefined && app.paused !== true) schedule(app.schedule);
    // Not waited for: other work of the instance need not stand back. A paused one begins nothing by itself.
    if (app.paused !== true)
      void instance.replayRemapped().then(
        (streams) =>
          streams.length > 0 && logger.info({ streams }, 'Quarantined records met their new mapping'),
        (thrown: unknown) =>
          logger.warn({ reason: messageOf(thrown) }, 'The quarantine could not be replayed'),
      );
    logger.info({ url, type: definition.id }, 'The connector runs');
    return {
      url,
      runStream: (name, ask) => instance.runStream(name, ask),
      runAll: (ask) => instance.runAll(ask),
      schedule,
      stop: close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
};
