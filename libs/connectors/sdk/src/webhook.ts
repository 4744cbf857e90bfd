import type { IncomingHttpHeaders } from 'node:http';
import { parseExactly, Refusal, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { RunRecord } from './run-record';
import { UnknownStream } from './unknown-stream';

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
  /** Puts a delta run in the queue and gives its id at once; signs that come while one waits share it. */
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

/** The body of a message as JSON. Throws a `Refusal` when it is none. */
export const jsonOf = (body: Buffer): Json => {
  try {
    return parseExactly(body.toString('utf8'));
  } catch {
    throw new Refusal(400, 'badJson', 'The message is no JSON');
  }
};

/** Asks for a delta of each stream that there is and gives its id; one that is switched off is left out. */
export const triggerAll = async (port: PushPort, streams: Iterable<string>): Promise<JsonObject> => {
  const begun = [...streams].map(async (stream): Promise<readonly (readonly [string, string])[]> => {
    try {
      return [[stream, await port.trigger(stream)]];
    } catch (thrown) {
      if (thrown instanceof UnknownStream) return [];
      throw thrown;
    }
  });
  return Object.fromEntries((await Promise.all(begun)).flat());
};
