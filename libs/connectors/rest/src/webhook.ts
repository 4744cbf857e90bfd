import { valueAt, type ConnectorContext, type Webhook } from '@quotebridge/connectors/sdk';
import { isJsonObject, Refusal, type Json, type JsonObject } from '@quotebridge/platform/core';
import { webhookSecret, type RestWebhook } from './settings';
import { checkSignature } from './webhook-signature';

const SEEN = 'webhook';

const recordsAt = (body: Buffer, path: string): readonly JsonObject[] => {
  let message: Json;
  try {
    message = JSON.parse(body.toString('utf8')) as Json;
  } catch {
    throw new Refusal(400, 'badJson', 'The message is no JSON');
  }
  const found = isJsonObject(message) ? valueAt(message, path) : undefined;
  const list: readonly Json[] = Array.isArray(found) ? found : found === undefined ? [] : [found];
  const records = list.filter(isJsonObject);
  if (records.length === 0 || records.length < list.length)
    throw new Refusal(400, 'badMessage', `The message has no record or list of records at ${path}`);
  return records;
};

/**
 * A door for signed messages. A message counts once: its id and its signature are noted when it has been
 * taken, for longer than the signature is good, so a replay is either too old or known. One that could not be taken may be sent again.
 */
export const restWebhook = (
  webhook: RestWebhook,
  { secrets, clock, notes }: Pick<ConnectorContext, 'secrets' | 'clock' | 'notes'>,
): Webhook => ({
  name: webhook.name,
  title: webhook.title ?? webhook.name,
  maxBytes: webhook.maxBytes,
  receive: async (message, port) => {
    const checked = checkSignature(message, webhook, secrets[webhookSecret(webhook.name)] ?? '', clock.now());
    if (!checked.ok) throw new Refusal(401, 'notGenuine', `The message is not accepted: ${checked.error}`);
    const keys = [`${webhook.name}/id/${checked.value.id}`, `${webhook.name}/mark/${checked.value.mark}`];
    for (const key of keys)
      if ((await notes.get(SEEN, key)) !== undefined) return { status: 200, body: { duplicate: true } };
    const note = (): Promise<void> =>
      notes.put(
        SEEN,
        keys.map((key) => ({ key, value: {} })),
        clock.now() + 2 * webhook.windowSeconds * 1000,
      );
    if (webhook.records === undefined) {
      const run = await port.trigger(webhook.stream);
      await note();
      return { status: 202, body: { run } };
    }
    const { _id, state, counts } = await port.take(webhook.stream, recordsAt(message.body, webhook.records));
    if (state !== 'succeeded')
      throw new Refusal(503, 'notTaken', 'The records could not be taken; send the message again later');
    await note();
    return { status: 200, body: { run: _id, counts: { ...counts } } };
  },
});
