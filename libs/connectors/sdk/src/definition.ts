import type { Clock, Fault, JsonObject } from '@quotebridge/platform/core';
import type {
  CallBudget,
  Classifier,
  Inject,
  OutboundPolicy,
  RateLimits,
} from '@quotebridge/platform/resilience';
import type { Action } from './action';
import type { Concerns } from './concerns';
import type { Notes } from './ports';
import type { Question } from './question';
import type { Stream } from './stream';
import type { Webhook } from './webhook';

/** How a connector can authenticate; each has its settings in the schema. */
export type AuthKind =
  'none' | 'basic' | 'bearer' | 'apiKey' | 'clientCredentials' | 'refreshToken' | 'key' | 'password';

/** What a running connector instance is given. */
export interface ConnectorContext {
  /** Name of the instance; `source` of everything it publishes. */
  readonly instance: string;
  /** Checked against the settings schema. */
  readonly settings: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  readonly policy: OutboundPolicy;
  readonly clock: Clock;
  /** Makes calls a part of the trace of what causes them; give it to the HTTP client. */
  readonly inject?: Inject;
  /** The instance's one budget of calls, shared by its streams, actions and replicas; give it to the HTTP client. */
  budget(limits: RateLimits): CallBudget;
  /** What the connector has to remember beyond checkpoints. */
  readonly notes: Notes;
  /** Tells people of single records that are not as they should be, though nothing failed. */
  readonly concerns: Pick<Concerns, 'tell'>;
  /** Does work that one process of the instance may do at a time; undefined while another one is at it. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T | undefined>;
  /**
   * The outside system's identifier of a resource that this instance has published; undefined for others. Another instance may be
   * asked about where both share their database.
   */
  externalIdOf(resourceId: string, instance?: string): Promise<string | undefined>;
}

/** A connector with its settings filled in. */
export interface Connector {
  /** In the order in which they are to run, so that references exist before what refers to them. */
  readonly streams: readonly Stream[];
  readonly actions: readonly Action[];
  /** How many events of an action are worked on at the same time; 8 unless given. */
  readonly actionsAtOnce?: number;
  /** Doors for messages that the outside system sends. */
  readonly webhooks?: readonly Webhook[];
  /** What the outside system can be asked live. */
  readonly questions?: readonly Question[];
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
  /** What is wrong with settings that fit the schema: paths that name nothing, two streams of one name. */
  settingsFaults?(settings: JsonObject): readonly Fault[];
  /** Names of the secrets that an instance with these settings needs. */
  requiredSecrets(settings: JsonObject): readonly string[];
  readonly auth: readonly AuthKind[];
  readonly rateLimits: RateLimits;
  readonly classify: Classifier;
  open(context: ConnectorContext): Connector;
}
