import type { JsMsg } from '@nats-io/jetstream';
import { MESSAGE_ID_HEADER, ORIGINAL_ID_HEADER, PermanentError, type Delivery } from './delivery';

/** The id that the sender gave a message; its place in the stream when it gave none. */
export const messageIdOf = ({ headers, info }: JsMsg): string =>
  headers?.get(ORIGINAL_ID_HEADER) ||
  headers?.get(MESSAGE_ID_HEADER) ||
  `${info.stream}:${info.streamSequence}`;

/** A message of the broker as handlers see it. */
export const toDelivery = (message: JsMsg, key: string, attempt: number): Delivery => ({
  subject: message.subject,
  id: messageIdOf(message),
  key,
  attempt,
  headers: headersOf(message),
  json: () => {
    try {
      return message.json();
    } catch (thrown) {
      throw new PermanentError(`The payload on ${message.subject} is not JSON`, { cause: thrown });
    }
  },
});

const headersOf = ({ headers }: JsMsg): Record<string, string> => {
  const found: Record<string, string> = {};
  for (const name of headers?.keys() ?? []) found[name] = headers?.get(name) ?? '';
  return found;
};
