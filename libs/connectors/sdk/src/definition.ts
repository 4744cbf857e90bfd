import type { Clock, Fault, JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import type { Classifier, OutboundPolicy, RateLimits } from '@quotebridge/platform/resilience';
import type { Cursor } from './cursor';
import type { Notes } from './ports';
import type { Webhook } from './webhook';

/** Why a record of the outside system cannot become a TMF resource. Paths are JSON Pointers into that record. */
export interface Rejection {
  readonly faults: readonly Fault[];
}

/** True for a {@link Rejection}. */
export const isRejection = (mapped: readonly IngestRecord[] | Rejection): mapped is Rejection =>
  'faults' in mapped;

/** How far a run has come, for streams that know more of their source than a time: files with record offsets. */
export interface ReadProgress {
  /** The stored checkpoint itself, without the overlap; absent on a first or a full read. */
  readonly checkpoint?: Cursor;
  /**
   * Resolves when the fate of every record given so far is known and the checkpoint has passed them; rejects when the
   * run has failed. Only then may a source be put away.
   */
  settled(): Promise<void>;
}

/** What became of one record that was read. No faults: accepted, or known and unchanged. */
export interface SettledRecord {
  readonly externalId: string;
  readonly raw: JsonObject;
  readonly faults: readonly Fault[];
}

/** Something a connector reads: one kind of record that becomes one kind of TMF resource. */
export interface Stream {
  /** Short name, unique in the connector: `productOfferings`. */
  readonly name: string;
  readonly title: string;
  /** The vendor's entity, for people: `A_Product`. */
  readonly entity: string;
  /** The TMF resource that the records are published as: `productOffering`. */
  readonly resource: string;
  /** How far before the checkpoint a delta begins, milliseconds. */
  readonly overlapMs: number;
  /** The record's identifier in the outside system; undefined when it lacks one. */
  identity(record: JsonObject): string | undefined;
  /** The record's place in the order of reading; undefined when it lacks a usable time of change. */
  position(record: JsonObject): Cursor | undefined;
  /**
   * Pages of records changed at or after `from` (all when absent), ordered by position. At most one page is held at
   * a time; stops when the signal aborts.
   */
  read(
    from: string | undefined,
    signal: AbortSignal,
    progress: ReadProgress,
  ): AsyncIterable<readonly JsonObject[]>;
  /**
   * Told what became of the records of a run, before the checkpoint passes them. After a crash the same records may
   * be told again; a rejection of the promise fails the run. Replays are not told.
   */
  settled?(records: readonly SettledRecord[]): Promise<void>;
  /**
   * Pure: true when the record only ends something, for example a material marked for deletion. Such a record is
   * published only if it has been published before: what nobody knew need not be ended.
   */
  ends?(record: JsonObject): boolean;
  /** Pure. An empty list means that the record is none of our business. */
  map(record: JsonObject): readonly IngestRecord[] | Rejection;
}

/** A TMF event as an action sees it. `resource` is the whole resource of the event, v5 shape. */
export interface ActionEvent {
  readonly eventId: string;
  readonly eventType: string;
  readonly eventTime: string;
  readonly resource: JsonObject & { readonly id: string };
}

/** What goes back to a component after an action. */
export interface ActionResult {
  readonly resource: string;
  readonly record: IngestRecord;
}

/** An action's own refusal, found before anything is sent: treated like a refusal of the outside system. */
export class ActionRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ActionRefused';
  }
}

/** Something a connector does in the outside system when an event comes. */
export interface Action {
  readonly name: string;
  readonly title: string;
  /** Subjects of the events that trigger it. */
  readonly subjects: readonly string[];
  /** `once`: one effect per key for ever (an order). `latest`: the newest event of a key wins (fields to keep in step). */
  readonly effect: 'once' | 'latest';
  /** What the effect belongs to, for example the order's id; undefined when the event does not concern this system. */
  key(event: ActionEvent): string | undefined | Promise<string | undefined>;
  /** The effect as it is already there, or undefined. Asked before every send. */
  lookup(event: ActionEvent): Promise<JsonObject | undefined>;
  /** Causes the effect and returns it. Throws `CallFailed`; an ambiguous one is followed by look-ups. */
  send(event: ActionEvent): Promise<JsonObject>;
  /** Pure: what to tell the components about the effect. */
  results(event: ActionEvent, effect: JsonObject): readonly ActionResult[];
  /** Pure: what to tell the components when the outside system refuses. */
  refused?(event: ActionEvent, reason: string, at: string): readonly ActionResult[];
}

/** How a connector can authenticate; each has its settings in the schema. */
export type AuthKind = 'basic' | 'clientCredentials';

/** What a running connector instance is given. */
export interface ConnectorContext {
  /** Name of the instance; `source` of everything it publishes. */
  readonly instance: string;
  /** Checked against the settings schema. */
  readonly settings: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  readonly policy: OutboundPolicy;
  readonly clock: Clock;
  readonly inject?: (headers: Record<string, string>) => void;
  /** What the connector has to remember beyond checkpoints. */
  readonly notes: Notes;
  /** The outside system's identifier of a resource that this instance has published; undefined for others. */
  externalIdOf(resourceId: string): Promise<string | undefined>;
}

/** A connector with its settings filled in. */
export interface Connector {
  /** In the order in which they are to run, so that references exist before what refers to them. */
  readonly streams: readonly Stream[];
  readonly actions: readonly Action[];
  /** Doors for messages that the outside system sends. */
  readonly webhooks?: readonly Webhook[];
  /** Calls the outside system once; throws when it cannot be reached or refuses the credential. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** A kind of connector: declared once, run as many instances. */
export interface ConnectorDefinition {
  readonly id: string;
  readonly title: string;
  /** JSON Schema (draft 2020-12) of the settings. */
  readonly settingsSchema: JsonObject;
  /** Names of the secrets that an instance with these settings needs. */
  requiredSecrets(settings: JsonObject): readonly string[];
  readonly auth: readonly AuthKind[];
  readonly rateLimits: RateLimits;
  readonly classify: Classifier;
  open(context: ConnectorContext): Connector;
}
