import { createHmac, randomUUID } from 'node:crypto';
import { isJsonObject, Refusal, type Clock, type JsonObject } from '@quotebridge/platform/core';
import type { Parts } from './parts';

const SPOILS = ['nothing', 'signature', 'timestamp', 'body'] as const;

/** A signed message as the system sends it: HMAC-SHA256 over time and body, in hexadecimal digits. */
export const signed = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');

/** Sends a signed message about parts to a webhook, spoilt when asked for, and tells what was answered. */
export const notify = async (request: unknown, parts: Parts, clock: Clock): Promise<JsonObject> => {
  const body = isJsonObject(request) ? request : {};
  const { url, secret, numbers, spoil = 'nothing', times = 1, id = randomUUID() } = body;
  if (typeof url !== 'string' || typeof secret !== 'string' || !Array.isArray(numbers))
    throw new Refusal(400, 'badNotify', 'Send {"url":…,"secret":…,"numbers":[…]}.');
  if (!SPOILS.some((one) => one === spoil))
    throw new Refusal(400, 'badNotify', `"spoil" must be one of ${SPOILS.join(', ')}.`);
  const changed = numbers.flatMap((number) => parts.find(String(number)) ?? []);
  const text = JSON.stringify({ event: 'parts.changed', data: { parts: changed } });
  const seconds = Math.floor(clock.now() / 1000) - (spoil === 'timestamp' ? 3600 : 0);
  const headers = {
    'content-type': 'application/json',
    'x-delivery-id': String(id),
    'x-timestamp': String(seconds),
    'x-signature': spoil === 'signature' ? '0'.repeat(64) : signed(secret, String(seconds), text),
  };
  const answers: JsonObject[] = [];
  for (let sent = 0; sent < Math.min(10, Number(times)); sent += 1) {
    const reply = await fetch(url, { method: 'POST', headers, body: spoil === 'body' ? ` ${text}` : text });
    const said = await reply.text();
    answers.push({ status: reply.status, body: said });
  }
  return { answers };
};
