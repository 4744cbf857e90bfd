import type { Clock, Ids, JsonObject } from '@quotebridge/platform/core';
import type { EventBus } from '@quotebridge/platform/events';
import type { Inject, OutboundPolicy } from '@quotebridge/platform/resilience';
import type { ConnectorDefinition } from './definition';
import type { OutcomePatience } from './outcome-inbox';
import type { ConnectorStores } from './ports';
import type { RunMode, RunRecord } from './run-record';

/** What an instance reports while it runs; metrics and logs hang on it. */
export interface ConnectorObserver {
  run(record: RunRecord): void;
  action(name: string, eventId: string, error?: string): void;
  /** A stream keeps failing although its run was tried again. */
  alert?(record: RunRecord, tries: number): void;
  /** The processes of the instance could not agree who does which part of the actions; it is tried again. */
  sharing?(reason: string): void;
  /** `result`: `answered`, or why not. */
  question?(name: string, result: 'answered' | 'refused' | 'unavailable' | 'late', ms: number): void;
}

/** The message that something is done for. */
export interface CausingMessage {
  readonly subject: string;
  readonly id: string;
  /** The durable consumer that took it. */
  readonly consumer: string;
  /** The resource that it tells of, `productOrder/<id>`. */
  readonly key: string;
}

/** Ties what a connector does to the trace of what caused it. */
export interface ConnectorTrace {
  /** Runs `work` as part of the trace in `headers`, or as a new one. */
  run<T>(
    name: string,
    headers: Readonly<Record<string, string>>,
    work: () => Promise<T>,
    message?: CausingMessage,
  ): Promise<T>;
  /** Adds the headers of the running trace to an outgoing message. */
  inject(headers: Record<string, string>): void;
  /** Makes a call over HTTP a part of the running trace. */
  readonly call: Inject;
}

/** How an instance runs one of its streams; what is left out is as the connector declares it. */
export interface StreamOptions {
  readonly name: string;
  /** False: it runs only when told. */
  readonly enabled?: boolean;
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly mode?: RunMode;
  /** Attribute of the TMF resource → JSONata expression; see `mapping-override`. */
  readonly mapping?: Readonly<Record<string, string>>;
}

/** Everything an instance is made of. */
export interface InstanceOptions {
  readonly definition: ConnectorDefinition;
  readonly instance: string;
  readonly settings: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  readonly policy: OutboundPolicy;
  readonly bus: EventBus;
  readonly stores: ConnectorStores;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly streams?: readonly StreamOptions[];
  /** Actions that this instance leaves alone. */
  readonly withoutActions?: ReadonlySet<string>;
  /** Takes no events; runs, replays and questions only. */
  readonly paused?: boolean;
  readonly observer?: ConnectorObserver;
  readonly trace?: ConnectorTrace;
  readonly batchSize?: number;
  readonly window?: number;
  readonly settleMs?: number;
  /** How long others wait before they take over from a process that is gone; 30 seconds unless given. */
  readonly leaseMs?: number;
  readonly patience?: OutcomePatience;
}

/** Settings or secrets that are wrong; the message lists every fault. */
export class WrongSettings extends Error {
  constructor(instance: string, lines: readonly string[]) {
    super(
      `The settings of connector "${instance}" are wrong:\n${lines.map((line) => `- ${line}`).join('\n')}`,
    );
    this.name = 'WrongSettings';
  }
}
