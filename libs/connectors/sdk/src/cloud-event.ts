import { err, isJsonObject, ok, type Json, type JsonObject, type Result } from '@quotebridge/platform/core';
import type { WebhookMessage } from './webhook';

/** An event of CloudEvents 1.0: what names it, and what it tells. */
export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly data?: Json;
}

const NAMES = ['id', 'source', 'type'] as const;
const LONGEST = 500;

const parsed = (body: Buffer): Json | undefined => {
  try {
    return JSON.parse(body.toString('utf8')) as Json;
  } catch {
    return undefined;
  }
};

const eventOf = (attributes: JsonObject, data: Json | undefined): Result<CloudEvent, string> => {
  const version = attributes['specversion'];
  if (version !== '1.0') return err(`its specversion is ${JSON.stringify(version ?? null)}, not "1.0"`);
  const [id, source, type] = NAMES.map((name) => {
    const value = attributes[name];
    return typeof value === 'string' && value !== '' && value.length <= LONGEST ? value : undefined;
  });
  if (id === undefined || source === undefined || type === undefined)
    return err('it has no id, no source or no type');
  return ok({ id, source, type, ...(data === undefined ? {} : { data }) });
};

/** A header of the binary mode: characters beyond those of HTTP are percent-encoded. */
const headerOf = ({ headers }: WebhookMessage, name: string): string | undefined => {
  const value = headers[`ce-${name}`];
  if (typeof value !== 'string') return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};

/**
 * The event of a message, in structured mode (all of it in the body) or in binary mode (its attributes in headers that begin
 * with `ce-`) of the HTTP binding (CloudEvents 1.0, 3.1 and 3.2). An error says why there is none.
 */
export const readCloudEvent = (message: WebhookMessage): Result<CloudEvent, string> => {
  const specversion = headerOf(message, 'specversion');
  if (specversion !== undefined) {
    const names = NAMES.flatMap((name) => {
      const value = headerOf(message, name);
      return value === undefined ? [] : [[name, value] as const];
    });
    return eventOf({ specversion, ...Object.fromEntries(names) }, parsed(message.body));
  }
  const whole = parsed(message.body);
  return isJsonObject(whole) ? eventOf(whole, whole['data']) : err('its body is no JSON object');
};
