import { createHmac, randomUUID } from 'node:crypto';
import { Refusal, type Clock, type JsonObject } from '@quotebridge/platform/core';

const SPOILS = ['nothing', 'signature', 'timestamp', 'body'] as const;
const MOST_TIMES = 10;

/** The signature of a message: HMAC-SHA256 over time and body, in hexadecimal digits. */
const signatureOf = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');

/**
 * Sends a signed message to the webhook that `order` names (`url`, `secret`, `id`, `times`), spoilt when it asks for that
 * (`spoil`), and tells what was answered.
 */
export const sendSigned = async (order: JsonObject, message: object, clock: Clock): Promise<JsonObject> => {
  const { url, secret, spoil = 'nothing', times = 1, id = randomUUID() } = order;
  if (typeof url !== 'string' || typeof secret !== 'string')
    throw new Refusal(400, 'badNotify', 'Send {"url":…,"secret":…} and what it is about.');
  if (!SPOILS.some((one) => one === spoil))
    throw new Refusal(400, 'badNotify', `"spoil" must be one of ${SPOILS.join(', ')}.`);
  const text = JSON.stringify(message);
  const seconds = String(Math.floor(clock.now() / 1000) - (spoil === 'timestamp' ? 3600 : 0));
  const headers = {
    'content-type': 'application/json',
    'x-delivery-id': String(id),
    'x-timestamp': seconds,
    'x-signature': spoil === 'signature' ? '0'.repeat(64) : signatureOf(secret, seconds, text),
  };
  const answers: JsonObject[] = [];
  for (let sent = 0; sent < Math.min(MOST_TIMES, Number(times)); sent += 1) {
    const reply = await fetch(url, { method: 'POST', headers, body: spoil === 'body' ? ` ${text}` : text });
    answers.push({ status: reply.status, body: await reply.text() });
  }
  return { answers };
};
