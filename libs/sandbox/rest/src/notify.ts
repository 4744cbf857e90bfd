import { isJsonObject, Refusal, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { sendSigned } from '@quotebridge/sandbox/core';
import type { Parts } from './parts';

/** Sends a signed message about parts to a webhook: `{url, secret, numbers}`; see {@link sendSigned} for the rest. */
export const notify = async (request: unknown, parts: Parts, clock: Clock): Promise<JsonObject> => {
  const order = isJsonObject(request) ? request : {};
  const { numbers } = order;
  if (!Array.isArray(numbers))
    throw new Refusal(400, 'badNotify', 'Send {"url":…,"secret":…,"numbers":[…]}.');
  const changed = numbers.flatMap((number) => parts.find(String(number)) ?? []);
  return sendSigned(order, { event: 'parts.changed', data: { parts: changed } }, clock);
};
