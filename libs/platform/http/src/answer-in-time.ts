import { Refusal, Slots } from '@quotebridge/platform/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the request is among those that are open. */
    qbSlot: number;
  }
}

interface Open {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly since: number;
}

/** How exactly the limit is kept, as a part of it. */
const LOOKS = 10;
const NO_SLOT = -1;

/**
 * Answers with 503 what no handler has answered within `limitMs`, with 408 what has not arrived until then; up to a tenth later, because one look at all open
 * requests is far cheaper than a timer and an abort signal for each.
 */
export const answerInTime = (fastify: FastifyInstance, limitMs: number): void => {
  const open = new Slots<Open>();
  const letGo = (request: FastifyRequest): void => {
    open.free(request.qbSlot);
    // The place may be another request's from now on.
    request.qbSlot = NO_SLOT;
  };
  const refuseLate = (): void => {
    const latest = performance.now() - limitMs;
    for (const { request, reply, since } of open.taken()) {
      if (since > latest) continue;
      // Not left to its end: of a request whose client hung up there is none.
      letGo(request);
      if (!reply.sent) void reply.send(request.raw.complete === false ? notArrived() : tooSlow());
    }
  };
  const timer = setInterval(refuseLate, Math.ceil(limitMs / LOOKS));
  timer.unref();
  fastify.decorateRequest('qbSlot', NO_SLOT);
  fastify.addHook('onRequest', (request, reply, done) => {
    request.qbSlot = open.take({ request, reply, since: performance.now() });
    done();
  });
  fastify.addHook('onResponse', (request, _reply, done) => {
    letGo(request);
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
