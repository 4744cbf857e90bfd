import { Refusal } from '@quotebridge/platform/core';
import type { PushPort, Webhook } from '@quotebridge/connectors/sdk';
import type { FastifyInstance } from 'fastify';

/** What the webhook routes work on. */
interface WebhookRoutesOptions {
  readonly webhooks: readonly Webhook[];
  readonly port: PushPort;
}

/** `POST /webhooks/<name>`: messages of outside systems. Each door checks its own signature; no admin token is needed. */
export const webhookRoutes = async (
  app: FastifyInstance,
  { webhooks, port }: WebhookRoutesOptions,
): Promise<void> => {
  // The bytes as they came: a body that is parsed and written again has another signature.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const webhook of webhooks) {
    app.post(`/webhooks/${webhook.name}`, { bodyLimit: webhook.maxBytes }, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const answer = await webhook.receive({ headers: request.headers, body }, port);
      return reply.code(answer.status).send(answer.body);
    });
  }
  app.post<{ Params: { name: string } }>('/webhooks/:name', async ({ params }) => {
    throw new Refusal(404, 'unknownWebhook', `This connector has no webhook ${JSON.stringify(params.name)}`);
  });
};
