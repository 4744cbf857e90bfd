import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from '@quotebridge/platform/core';
import { readCloudEvent, type CloudEvent } from './cloud-event';
import type { ConnectorContext } from './definition';
import { oncePerMessage } from './once-per-message';
import type { PushPort, Webhook, WebhookAnswer, WebhookMessage } from './webhook';

/** Brokers deliver again for days. */
const REMEMBER_MS = 7 * 24 * 3_600_000;

/** What a door for CloudEvents consists of. */
export interface CloudEventWebhook extends Pick<Webhook, 'name' | 'title' | 'maxBytes'> {
  /** Who may deliver, by HTTP Basic: brokers sign in, they do not sign. */
  readonly user: string;
  readonly password: string;
  /** Does what an event asks for. Throws a `Refusal` when it cannot; the event may be delivered again then. */
  take(event: CloudEvent, port: PushPort): Promise<WebhookAnswer>;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const eventIn = (message: WebhookMessage): CloudEvent => {
  const event = readCloudEvent(message);
  if (!event.ok) throw new Refusal(400, 'badMessage', `The message is no CloudEvent: ${event.error}`);
  return event.value;
};

/** A door for CloudEvents that a broker delivers. An event counts once, by its source and id (CloudEvents 1.0, 3.1.1). */
export const cloudEventWebhook = (
  { user, password, take, ...door }: CloudEventWebhook,
  context: Pick<ConnectorContext, 'clock' | 'notes'>,
): Webhook => {
  const expected = digest(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
  return oncePerMessage(
    {
      ...door,
      rememberMs: REMEMBER_MS,
      known: (message) => {
        const given = digest(message.headers.authorization ?? '');
        if (!timingSafeEqual(given, expected))
          throw new Refusal(401, 'notGenuine', 'The message is not accepted: user or password do not fit', {
            headers: { 'www-authenticate': 'Basic realm="webhooks"' },
          });
        const { source, id } = eventIn(message);
        return [`id/${JSON.stringify([source, id])}`];
      },
      take: (message, port) => take(eventIn(message), port),
    },
    context,
  );
};
