import { Refusal } from '@quotebridge/platform/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

interface Open {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly since: number;
}

/** How exactly the limit is kept, as a part of it. */
const LOOKS = 10;

/**
 * Answers with 503 what no handler has answered within `limitMs`, with 408 what has not arrived until then; up to a tenth later, because one look at all open
 * requests is far cheaper than a timer and an abort signal for each.
 */
export const answerInTime = (fastify: FastifyInstance, limitMs: number): void => {
  const open = new Map<string, Open>();
  const refuseLate = (): void => {
    const latest = performance.now() - limitMs;
    for (const [id, { request, reply, since }] of open) {
      // In the order of their arrival: those behind have more time left.
      if (since > latest) return;
      open.delete(id);
      if (!reply.sent) void reply.send(request.raw.complete === false ? notArrived() : tooSlow());
    }
  };
  const timer = setInterval(refuseLate, Math.ceil(limitMs / LOOKS));
  timer.unref();
  fastify.addHook('onRequest', (request, reply, done) => {
    open.set(request.id, { request, reply, since: performance.now() });
    done();
  });
  fastify.addHook('onResponse', (request, _reply, done) => {
    open.delete(request.id);
    done();
  });
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(timer);
    done();
  });
};

/** The client is still sending: nothing was done yet. */
const notArrived = (): Refusal =>
  new Refusal(408, 'requestTimeout', 'The request did not arrive in time', {
    headers: { Connection: 'close' },
  });

const tooSlow = (): Refusal =>
  new Refusal(503, 'tooSlow', 'The request took longer than this server allows; look before you repeat it');
