import type { Clock, JsonObject } from '@quotebridge/platform/core';
import type { IngestBatch, IngestOutcome } from '@quotebridge/platform/events';
import type { ConnectorStores } from './ports';
import type { Redactor } from './redact';
import type { RunMode, RunTrigger } from './run-record';

/** What a run needs besides its stream. */
export interface StreamRunDeps {
  readonly instance: string;
  readonly stores: ConnectorStores;
  readonly submit: (batch: IngestBatch) => Promise<IngestOutcome>;
  readonly clock: Clock;
  readonly redact: Redactor;
  /** Ingest records per batch. */
  readonly batchSize: number;
  /** Bytes per batch: less than the broker takes. */
  readonly batchBytes: number;
  /** Batches that may wait for their outcome at once: the back-pressure. */
  readonly window: number;
}

/** What to run. */
export interface RunOrder {
  readonly run: string;
  readonly trigger: RunTrigger;
  readonly by?: string;
  readonly process?: string;
  readonly mode: RunMode;
  /** Tells what would happen and changes nothing. */
  readonly dryRun?: boolean;
  readonly signal: AbortSignal;
  /** Records that were pushed: taken instead of reading, without moving the checkpoint. */
  readonly pushed?: readonly JsonObject[];
  /** The only entries of the quarantine that a replay takes; all of the stream unless given. */
  readonly only?: readonly string[];
  /** The span of the run (W3C Trace Context), noted in its record. */
  readonly traceparent?: string;
  /** A replay whose records win against other sources, because a person has looked at them. */
  readonly overrule?: boolean;
}

/** True when the run reads the outside system; replays and pushes say nothing about how far was read. */
export const readsSource = ({ trigger, pushed }: RunOrder): boolean =>
  trigger !== 'replay' && pushed === undefined;

/** True when what looks unchanged is published too. */
export const publishesAll = ({ mode, trigger }: RunOrder): boolean => mode === 'full' || trigger === 'replay';
