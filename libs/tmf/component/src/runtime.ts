import { hostname } from 'node:os';
import { messageOf, randomIds, Refusal, systemClock } from '@quotebridge/platform/core';
import { EventBus, type Running } from '@quotebridge/platform/events';
import {
  ensureCollection,
  Inbox,
  Lease,
  OUTBOX_INDEX,
  OutboxRelay,
  RelayLoop,
  Store,
  TOMBSTONES,
  type OutboxEvent,
  type RelayObserver,
} from '@quotebridge/platform/store';
import {
  consumptionObserver,
  contextFrom,
  createLogger,
  createMetrics,
  eventMetrics,
  startTelemetry,
  traceHeadersOf,
  withSpan,
  type EventMetrics,
  type Logger,
  type Metrics,
  type Telemetry,
} from '@quotebridge/platform/telemetry';
import type { FieldKeys } from '@quotebridge/platform/security';
import type { HubRoutesOptions } from '@quotebridge/tmf/hub';
import {
  ensureIdempotencyKeys,
  ingestConsumer,
  ingestHandler,
  openEvent,
  ResourceService,
  storedIndexes,
} from '@quotebridge/tmf/resource';
import type { Component, ComponentParts, ConsumerBinding, Runtime } from './component';
import { fieldKeysFor } from './field-keys';
import { startEventGauges } from './event-gauges';
import { hubOf, startHub } from './hub';
import { LeasedWork } from './leased-work';
import { presenter } from './present-event';
import type { ComponentSettings } from './settings';

const LEASE_MS = 10_000;

/** A component that is connected and knows its resources, but does not listen yet. */
export interface OpenComponent {
  readonly runtime: Runtime;
  readonly parts: ComponentParts;
  readonly services: ReadonlyMap<string, ResourceService>;
  readonly hub: HubRoutesOptions;
  /** Starts the relay, the consumers and the background work. */
  start(): void;
  /** Stops them and disconnects; what is in work is finished. */
  close(): Promise<void>;
}

const telemetryOf = (name: string, settings: ComponentSettings): Promise<Telemetry> =>
  startTelemetry({
    service: name,
    version: '0.1.0',
    sampleRatio: Number(settings.traceRatio),
    autoInstrumentation: settings.autoInstrumentation,
    ...(settings.otlpEndpoint === undefined ? {} : { otlpEndpoint: settings.otlpEndpoint }),
  });

const relayObserver = (
  logger: Logger,
  metrics: EventMetrics,
  lag: (seconds: number) => void,
): RelayObserver => {
  let lastFailure = '';
  return {
    published: (event, lagMs) => {
      lastFailure = '';
      metrics.published.add({ collection: event.subject.split('.')[2] ?? '' });
      lag(lagMs / 1_000);
    },
    failed: (thrown) => {
      const reason = messageOf(thrown);
      if (reason !== lastFailure) logger.warn({ reason }, 'Events wait: they could not be published');
      lastFailure = reason;
    },
  };
};

/** Publishes an event inside the trace of the request that caused it. */
const publisher =
  (bus: EventBus) =>
  (event: OutboxEvent, key: string): Promise<void> => {
    const attributes = {
      'messaging.system': 'nats',
      'messaging.operation.type': 'send',
      'messaging.destination.name': event.subject,
      'messaging.message.id': event.id,
      'quotebridge.resource': key,
    };
    return withSpan(
      `send ${event.subject}`,
      'producer',
      attributes,
      contextFrom(event.traceparent),
      (context) =>
        bus.publish(event.subject, event.body, { id: event.id, key, headers: traceHeadersOf(context) }),
    );
  };

/** Starts a consumer whose handler runs inside the trace that the message carries. */
const starterOf = (bus: EventBus, binding: ConsumerBinding, metrics: EventMetrics) => (): Promise<Running> =>
  bus.consume(binding.spec, async (delivery) => {
    const attributes = {
      'messaging.system': 'nats',
      'messaging.operation.type': 'process',
      'messaging.destination.name': delivery.subject,
      'messaging.consumer.group.name': binding.spec.durable,
      'messaging.message.id': delivery.id,
      'quotebridge.resource': delivery.key,
    };
    const parent = contextFrom(delivery.headers['traceparent'], delivery.headers['tracestate']);
    await withSpan(`process ${delivery.subject}`, 'consumer', attributes, parent, (context) =>
      binding.handle(delivery, context),
    );
    metrics.consumed.add({ consumer: binding.spec.durable, outcome: 'done' });
  });

const ensureStored = async (
  store: Store,
  parts: ComponentParts,
  keys: FieldKeys | undefined,
): Promise<void> => {
  for (const definition of parts.resources)
    await ensureCollection(store, definition.name, [OUTBOX_INDEX, ...storedIndexes(definition, keys)]);
  await ensureCollection(store, TOMBSTONES, [OUTBOX_INDEX]);
  await ensureIdempotencyKeys(store);
};

/** Connects a component to its store and broker and builds its parts. */
export const openComponent = async <S extends ComponentSettings>(
  component: Component<S>,
  settings: S,
): Promise<OpenComponent> => {
  const telemetry = await telemetryOf(component.name, settings);
  const logger = createLogger({ service: component.name, level: settings.logLevel });
  const metrics: Metrics = createMetrics({ service: component.name });
  const events = eventMetrics(metrics);
  const lag = metrics.histogram({
    name: 'quotebridge_relay_publish_lag_seconds',
    help: 'Time from the write of an event to the acknowledgement of the broker',
    labels: [],
  });
  const store = await Store.connect({
    uri: settings.mongodbUri,
    database: settings.database ?? component.name,
    appName: component.name,
  });
  const bus = await EventBus.connect({
    servers: settings.natsUrl,
    name: component.name,
    observer: consumptionObserver(logger, events),
  });
  const holder = `${hostname()}:${process.pid}:${randomIds.next()}`;
  const lease = (name: string): Lease =>
    new Lease(store, { name, holder, ttlMs: LEASE_MS, clock: systemClock });

  const services = new Map<string, ResourceService>();
  const runtime: Runtime<S> = {
    settings,
    store,
    bus,
    inbox: await Inbox.open(store),
    clock: systemClock,
    ids: randomIds,
    logger,
    metrics,
    service: (name) => {
      const found = services.get(name);
      if (!found) throw new Refusal(500, 'noSuchResource', `${component.name} has no resource ${name}`);
      return found;
    },
  };
  const parts = await component.build(runtime);
  const keys = fieldKeysFor(parts.resources, settings, logger);
  await ensureStored(store, parts, keys);

  const observer = relayObserver(logger, events, (seconds) => lag.observe({}, seconds));
  const names = parts.resources.map(({ name }) => name);
  const relay = new OutboxRelay(store, names, publisher(bus), observer, systemClock, (event) =>
    openEvent(keys, event),
  );
  const relayCalls = `quotebridge.relay.${settings.database ?? component.name}`;
  const loop = new RelayLoop(relay, lease('relay'), observer, undefined, () => bus.signal(relayCalls));
  const relayCall = { subjects: [relayCalls], hear: () => loop.answer(), missed: () => loop.answer() };
  for (const definition of parts.resources) {
    services.set(
      definition.name,
      new ResourceService(definition, {
        store,
        clock: systemClock,
        ids: randomIds,
        publicUrl: settings.publicUrl,
        wake: (committed) => loop.wake(committed),
        largestEvent: () => bus.largestMessage,
        keys,
      }),
    );
  }
  const ingest = Object.entries(parts.ingest ?? {}).map(([name, policy]) => ({
    spec: ingestConsumer(name),
    handle: ingestHandler(bus, runtime.service(name), policy),
  }));
  const bindings = [...ingest, ...(parts.consumers ?? [])];
  const hub = await hubOf(runtime, parts.resources);
  const dispatch = startHub(hub, presenter(parts.resources, settings.publicUrl), logger);
  const onError = (thrown: unknown): void =>
    logger.error({ reason: messageOf(thrown) }, 'Background work failed and is started again');
  const gauges = (): Promise<Running> =>
    startEventGauges({
      store,
      bus,
      collections: [...names, TOMBSTONES],
      consumers: bindings.map(({ spec }) => spec),
      metrics: events,
      clock: systemClock,
      onError,
    });
  const work = new LeasedWork(
    lease('consumers'),
    [
      ...bindings.map((binding) => starterOf(bus, binding, events)),
      dispatch,
      gauges,
      ...(parts.background ?? []),
    ],
    onError,
  );
  return {
    runtime,
    parts,
    services,
    hub,
    start: () => {
      loop.start();
      // They end with the connection.
      for (const { subjects, hear, missed } of [relayCall, ...(parts.listeners ?? [])])
        bus.listen(subjects, hear, missed);
      work.start();
    },
    close: async () => {
      await work.stop();
      await loop.stop();
      await bus.close();
      await store.close();
      await telemetry.flush();
    },
  };
};
