import type { ConnectorContext } from './definition';
import type { PushPort, Webhook, WebhookAnswer, WebhookMessage } from './webhook';

const SEEN = 'webhook';

/** A door whose messages count once each. */
export interface Door extends Pick<Webhook, 'name' | 'title' | 'maxBytes'> {
  /** What a message is known by; any of it being known makes it a replay. Throws a `Refusal` when it is not genuine. */
  known(message: WebhookMessage): readonly string[];
  /** How long a message is remembered, milliseconds: longer than the sender may send it again. */
  readonly rememberMs: number;
  /** Does what a genuine message asks for. Throws a `Refusal` when it cannot; the message may be sent again then. */
  take(message: WebhookMessage, port: PushPort): Promise<WebhookAnswer>;
}

/** The door as a webhook: what a message is known by is noted when it has been taken, so one that could not be taken may come again. */
export const oncePerMessage = (
  { known, rememberMs, take, ...door }: Door,
  { clock, notes }: Pick<ConnectorContext, 'clock' | 'notes'>,
): Webhook => ({
  ...door,
  receive: async (message, port) => {
    const keys = known(message).map((mark) => `${door.name}/${mark}`);
    for (const key of keys)
      if ((await notes.get(SEEN, key)) !== undefined) return { status: 200, body: { duplicate: true } };
    const answer = await take(message, port);
    await notes.put(
      SEEN,
      keys.map((key) => ({ key, value: {} })),
      clock.now() + rememberMs,
    );
    return answer;
  },
});
