import { hostname } from 'node:os';
import { keepTrying, messageOf, randomIds, Refusal, systemClock } from '@quotebridge/platform/core';
import { EventBus, type Running } from '@quotebridge/platform/events';
import {
  ensureCollection,
  Inbox,
  Lease,
  Migrations,
  OUTBOX_INDEX,
  Store,
  TOMBSTONES,
} from '@quotebridge/platform/store';
import {
  consumptionObserver,
  createLogger,
  createMetrics,
  eventMetrics,
  productVersion,
  startTelemetry,
  type EventMetrics,
  type Metrics,
  type Telemetry,
} from '@quotebridge/platform/telemetry';
import type { FieldKeys } from '@quotebridge/platform/security';
import type { HubRoutesOptions } from '@quotebridge/tmf/hub';
import {
  ensureIdempotencyKeys,
  ingestConsumer,
  ingestHandler,
  ResourceService,
  storedIndexes,
} from '@quotebridge/tmf/resource';
import type { Component, ComponentParts, ConsumerBinding, Runtime } from './component';
import { startEventGauges } from './event-gauges';
import { fieldKeysFor } from './field-keys';
import { hubOf, startHub } from './hub';
import { LeasedWork } from './leased-work';
import { presenter } from './present-event';
import { relayOf } from './relay';
import type { ComponentSettings } from './settings';
import { starterOf } from './start-consumer';

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
    version: productVersion(),
    sampleRatio: settings.traceRatio,
    autoInstrumentation: settings.autoInstrumentation,
    ...(settings.otlpEndpoint === undefined ? {} : { otlpEndpoint: settings.otlpEndpoint }),
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

type Services = Map<string, ResourceService>;

/** The connections of a component and what its code works with; `services` is filled when its resources are known. */
const connect = async <S extends ComponentSettings>(
  name: string,
  settings: S,
  services: Services,
): Promise<{ runtime: Runtime<S>; events: EventMetrics }> => {
  const logger = createLogger({ service: name, level: settings.logLevel });
  const metrics: Metrics = createMetrics({ service: name });
  const events = eventMetrics(metrics);
  const waiting = (reason: string): void => logger.warn({ reason }, `${name} waits for its servers`);
  const patience = { until: performance.now() + settings.startupWait, waiting };
  const database = settings.database ?? name;
  const store = await keepTrying(
    () => Store.connect({ uri: settings.mongodbUri, database, appName: name }),
    patience,
  );
  const broker = { servers: settings.natsUrl, name, observer: consumptionObserver(logger, events) };
  const bus = await keepTrying(() => EventBus.connect(broker), patience);
  const service = (resource: string): ResourceService => {
    const found = services.get(resource);
    if (!found) throw new Refusal(500, 'noSuchResource', `${name} has no resource ${resource}`);
    return found;
  };
  const inbox = await Inbox.open(store);
  const [clock, ids] = [systemClock, randomIds];
  return { runtime: { settings, store, bus, inbox, clock, ids, logger, metrics, service }, events };
};

/** What one replica does for all of them: consumers, the hub, gauges, and the component's own background work. */
const leasedWork = (
  { runtime, parts, hub }: Pick<OpenComponent, 'runtime' | 'parts' | 'hub'>,
  lease: Lease,
  events: EventMetrics,
): LeasedWork => {
  const { settings, store, bus, logger, clock } = runtime;
  const ingest = Object.entries(parts.ingest ?? {}).map(([name, policy]) => ({
    spec: ingestConsumer(name),
    handle: ingestHandler(bus, runtime.service(name), policy),
  }));
  const bindings: readonly ConsumerBinding[] = [...ingest, ...(parts.consumers ?? [])];
  const onError = (thrown: unknown): void =>
    logger.error({ reason: messageOf(thrown) }, 'Background work failed and is started again');
  const gauges = (): Promise<Running> =>
    startEventGauges({
      store,
      bus,
      collections: [...parts.resources.map(({ name }) => name), TOMBSTONES],
      consumers: bindings.map(({ spec }) => spec),
      metrics: events,
      clock,
      onError,
    });
  const changed = (migration: string, documents: number): void =>
    logger.info({ migration, documents }, 'Documents have their new form');
  const migrate = async (): Promise<Running> =>
    new Migrations(store, parts.migrations ?? [], { clock, changed, onError });
  const work = [
    ...(parts.migrations === undefined ? [] : [migrate]),
    ...bindings.map((binding) => starterOf(bus, binding, events)),
    startHub(hub, presenter(parts.resources, settings.publicUrl), logger),
    gauges,
    ...(parts.background ?? []),
  ];
  return new LeasedWork(lease, work, onError);
};

/** Connects a component to its store and broker and builds its parts. */
export const openComponent = async <S extends ComponentSettings>(
  component: Component<S>,
  settings: S,
): Promise<OpenComponent> => {
  const { name } = component;
  const telemetry = await telemetryOf(name, settings);
  const services: Services = new Map();
  const { runtime, events } = await connect(name, settings, services);
  const { store, bus, clock, ids, logger } = runtime;
  const holder = `${hostname()}:${process.pid}:${randomIds.next()}`;
  const lease = (what: string): Lease => new Lease(store, { name: what, holder, ttlMs: LEASE_MS, clock });

  const parts = await component.build(runtime);
  const keys = fieldKeysFor(parts.resources, settings, logger);
  await ensureStored(store, parts, keys);
  const collections = parts.resources.map((definition) => definition.name);
  const relay = relayOf(runtime, name, { collections, keys, lease: lease('relay'), events });
  const deps = {
    store,
    clock,
    ids,
    publicUrl: settings.publicUrl,
    wake: relay.wake,
    largestEvent: () => bus.largestMessage,
    keys,
  };
  for (const definition of parts.resources)
    services.set(definition.name, new ResourceService(definition, deps));
  const hub = await hubOf(runtime, parts.resources);
  const work = leasedWork({ runtime, parts, hub }, lease('consumers'), events);
  return {
    runtime,
    parts,
    services,
    hub,
    start: () => {
      relay.start();
      // They end with the connection.
      for (const { subjects, hear, missed } of [relay.listener, ...(parts.listeners ?? [])])
        bus.listen(subjects, hear, missed);
      work.start();
    },
    close: async () => {
      await work.stop();
      await relay.stop();
      await bus.close();
      await store.close();
      await telemetry.flush();
    },
  };
};
