import { signedWebhook, valueAt, type ConnectorContext, type Webhook } from '@quotebridge/connectors/sdk';
import { isJsonObject, Refusal, type Json, type JsonObject } from '@quotebridge/platform/core';
import { webhookSecret, type RestWebhook } from './settings';

const recordsAt = (message: Json, path: string): readonly JsonObject[] => {
  const found = isJsonObject(message) ? valueAt(message, path) : undefined;
  const list: readonly Json[] = Array.isArray(found) ? found : found === undefined ? [] : [found];
  const records = list.filter(isJsonObject);
  if (records.length === 0 || records.length < list.length)
    throw new Refusal(400, 'badMessage', `The message has no record or list of records at ${path}`);
  return records;
};

/** A door for signed messages: their records are taken, or the stream reads what has changed. */
export const restWebhook = (webhook: RestWebhook, context: ConnectorContext): Webhook => {
  const { name, title = name, maxBytes, records, stream } = webhook;
  const secret = context.secrets[webhookSecret(name)] ?? '';
  return signedWebhook(
    {
      name,
      title,
      maxBytes,
      signing: webhook,
      secret,
      take: async (json, port) => {
        if (records === undefined) return { status: 202, body: { run: await port.trigger(stream) } };
        const { _id, state, counts } = await port.take(stream, recordsAt(json(), records));
        if (state !== 'succeeded')
          throw new Refusal(503, 'notTaken', 'The records could not be taken; send the message again later');
        return { status: 200, body: { run: _id, counts: { ...counts } } };
      },
    },
    context,
  );
};
