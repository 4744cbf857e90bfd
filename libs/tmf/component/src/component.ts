import type { Clock, Ids } from '@quotebridge/platform/core';
import type { ConsumerSpec, Delivery, EventBus, Heard, Running } from '@quotebridge/platform/events';
import type { DataMigration, Inbox, Store } from '@quotebridge/platform/store';
import type { Context, Logger, Metrics } from '@quotebridge/platform/telemetry';
import type { IngestPolicy, ResourceDefinition, ResourceService } from '@quotebridge/tmf/resource';
import type { OpenApiDocument } from '@quotebridge/tmf-specs';
import type { FastifyInstance } from 'fastify';
import type { ComponentSettings } from './settings';

/** What a component's own code works with. */
export interface Runtime<S extends ComponentSettings = ComponentSettings> {
  readonly settings: S;
  readonly store: Store;
  readonly bus: EventBus;
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The service of one of the component's resources, by its v5 name. Usable in hooks and handlers. */
  service(resource: string): ResourceService;
}

/** Handles one event of another component; `context` is the span to hang further work on. */
export type EventHandler = (delivery: Delivery, context: Context) => Promise<void>;

/** A durable consumer of the component. */
export interface ConsumerBinding {
  readonly spec: ConsumerSpec;
  readonly handle: EventHandler;
}

/** What every replica hears, to keep its memory true; see {@link EventBus.listen}. */
export interface ListenerBinding {
  readonly subjects: readonly string[];
  readonly hear: (message: Heard) => void;
  readonly missed: () => void;
}

/** An API of a component's own design, beside those of TM Forum. */
export interface OwnApi {
  /** Its name among the addresses, for example `gateway/v1`. */
  readonly name: string;
  readonly basePath: string;
  readonly document: OpenApiDocument;
  /** Its routes, behind access control; bodies are JSON. */
  readonly routes: (scope: FastifyInstance) => void;
}

/** What a component is made of, built once at start. */
export interface ComponentParts {
  readonly resources: readonly ResourceDefinition[];
  /** Resources that connectors may send in, by v5 name. */
  readonly ingest?: Readonly<Record<string, IngestPolicy>>;
  readonly consumers?: readonly ConsumerBinding[];
  readonly listeners?: readonly ListenerBinding[];
  /** Background work that runs once per component, on the replica that holds the lease. */
  readonly background?: readonly (() => Promise<Running>)[];
  /** Changes of the form in which documents are stored, run on that replica beside everything else. */
  readonly migrations?: readonly DataMigration[];
  readonly apis?: readonly OwnApi[];
  /** Operations routes of the component, below `/operations`, behind access control. */
  readonly routes?: (scope: FastifyInstance) => void;
  /** Answers that are worked out of several resources, below `/views`, read-only, behind access control. */
  readonly views?: (scope: FastifyInstance) => void;
}

/** An ODA component: a name and a function that builds its parts on the runtime. */
export interface Component<S extends ComponentSettings = ComponentSettings> {
  readonly name: string;
  build(runtime: Runtime<S>): ComponentParts | Promise<ComponentParts>;
}
