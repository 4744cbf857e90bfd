import { messageOf, type Clock } from '@quotebridge/platform/core';
import { discard, type OutboundPolicy } from '@quotebridge/platform/resilience';
import { request } from 'undici';
import type { Outgoing } from './outgoing-store';
import { signedHeaders } from './signature';

/** What came of one try: the status of the answer, none when there was no answer, and what to note. */
export interface Sent {
  readonly status?: number;
  readonly reason: string;
}

/** Sends a message to its receiver. Never throws: a failure is a {@link Sent}. */
export interface Sender {
  send(message: Outgoing): Promise<Sent>;
  close(): Promise<void>;
}

/** What sending to webhooks works with. */
export interface WebhookOptions {
  readonly secret: () => string;
  readonly policy: OutboundPolicy;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Posts messages to webhooks, signed, only to addresses that the policy allows. */
export const webhookSender = ({ secret, policy, timeoutMs, clock }: WebhookOptions): Sender => {
  const agent = policy.agent({ connectTimeoutMs: timeoutMs });
  return {
    send: async ({ _id, url, body }) => {
      try {
        const answer = await request(url, {
          method: 'POST',
          dispatcher: agent,
          headers: {
            'content-type': 'application/json; charset=utf-8',
            ...signedHeaders(secret(), { id: _id, body, atMs: clock.now() }),
          },
          body,
          headersTimeout: timeoutMs,
        });
        await discard(answer.body, timeoutMs);
        return { status: answer.statusCode, reason: `it answered ${answer.statusCode}` };
      } catch (thrown) {
        return { reason: `it could not be reached: ${messageOf(thrown)}` };
      }
    },
    close: () => agent.destroy(),
  };
};
