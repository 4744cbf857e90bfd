import { Refusal, type Json } from '@quotebridge/platform/core';
import type { ConnectorContext } from './definition';
import { oncePerMessage } from './once-per-message';
import { jsonOf, type PushPort, type Webhook, type WebhookAnswer } from './webhook';
import { checkSignature, type WebhookSigning } from './webhook-signature';

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

/**
 * A door for signed messages. A message counts once: it is remembered by its id and its signature for longer than the
 * signature is good, so a replay is either too old or known.
 */
export const signedWebhook = (
  { signing, secret, take, ...door }: SignedWebhook,
  context: Pick<ConnectorContext, 'clock' | 'notes'>,
): Webhook =>
  oncePerMessage(
    {
      ...door,
      rememberMs: 2 * signing.windowSeconds * 1000,
      known: (message) => {
        const checked = checkSignature(message, signing, secret, context.clock.now());
        if (!checked.ok)
          throw new Refusal(401, 'notGenuine', `The message is not accepted: ${checked.error}`);
        return [`id/${checked.value.id}`, `mark/${checked.value.mark}`];
      },
      take: (message, port) => take(() => jsonOf(message.body), port),
    },
    context,
  );
