import { Refusal, type Json } from '@quotebridge/platform/core';
import type { ConnectorContext } from './definition';
import type { PushPort, Webhook, WebhookAnswer } from './webhook';
import { checkSignature, type WebhookSigning } from './webhook-signature';

const SEEN = 'webhook';

/** What a door for signed messages consists of. */
export interface SignedWebhook extends Pick<Webhook, 'name' | 'title' | 'maxBytes'> {
  readonly signing: WebhookSigning;
  readonly secret: string;
  /**
   * Does what a genuine message asks for; `json` reads it. Throws a `Refusal` when it cannot; the message may be sent
   * again then.
   */
  take(json: () => Json, port: PushPort): Promise<WebhookAnswer>;
}

const jsonOf = (body: Buffer): Json => {
  try {
    return JSON.parse(body.toString('utf8')) as Json;
  } catch {
    throw new Refusal(400, 'badJson', 'The message is no JSON');
  }
};

/**
 * A door for signed messages. A message counts once: its id and its signature are noted when it has been
 * taken, for longer than the signature is good, so a replay is either too old or known. One that could not be taken may be sent again.
 */
export const signedWebhook = (
  { signing, secret, take, ...door }: SignedWebhook,
  { clock, notes }: Pick<ConnectorContext, 'clock' | 'notes'>,
): Webhook => ({
  ...door,
  receive: async (message, port) => {
    const checked = checkSignature(message, signing, secret, clock.now());
    if (!checked.ok) throw new Refusal(401, 'notGenuine', `The message is not accepted: ${checked.error}`);
    const keys = [`${door.name}/id/${checked.value.id}`, `${door.name}/mark/${checked.value.mark}`];
    for (const key of keys)
      if ((await notes.get(SEEN, key)) !== undefined) return { status: 200, body: { duplicate: true } };
    const answer = await take(() => jsonOf(message.body), port);
    await notes.put(
      SEEN,
      keys.map((key) => ({ key, value: {} })),
      clock.now() + 2 * signing.windowSeconds * 1000,
    );
    return answer;
  },
});
