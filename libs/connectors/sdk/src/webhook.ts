import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '@quotebridge/platform/core';
import type { RunRecord } from './run-record';

/** A message that an outside system sent, exactly as it came: signatures are over bytes. */
export interface WebhookMessage {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a message asks for: its records are taken as if they had been read, or the stream reads what has changed. */
export interface Push {
  readonly stream: string;
  /** Absent: only a sign that something has changed. */
  readonly records?: readonly JsonObject[];
}

/** What is answered to a message. */
export interface WebhookAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Lets the engine do what a message asks for. */
export interface PushPort {
  /**
   * Takes records through mapping, ingest and quarantine; resolves when each is accepted or quarantined. The record's
   * state tells whether that came about.
   */
  take(stream: string, records: readonly JsonObject[]): Promise<RunRecord>;
  /** Begins a delta run soon and gives its id; signs that come while one waits share it. */
  trigger(stream: string): Promise<string>;
}

/** A door for messages of an outside system, at `POST /webhooks/<name>` of the connector. */
export interface Webhook {
  readonly name: string;
  readonly title: string;
  /** Longest body that is read. */
  readonly maxBytes: number;
  /** Checks who sent the message and does what it asks for. Throws a `Refusal` when it is not genuine or not readable. */
  receive(message: WebhookMessage, port: PushPort): Promise<WebhookAnswer>;
}
