import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Faults } from './faults';

/** An answer in the vendor's own shape. */
export interface VendorAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | object;
}

/** Why a request is refused, before it has the vendor's shape. */
export interface VendorRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Properties that it is about. */
  readonly paths: readonly string[];
}

/** The vendor's part in playing faults. */
interface Player {
  errorAnswer(refusal: VendorRefusal, url: string): VendorAnswer;
  expireTokens(): void;
}

const THROTTLED = 'Too many requests; try again later.';
const UNAVAILABLE = 'The service is not available at the moment.';

const refuse = (player: Player, reply: FastifyReply, status: number, message: string): FastifyReply => {
  const refusal = { status, code: 'SERVER_UNAVAILABLE', message, paths: [] };
  const answer = player.errorAnswer(refusal, reply.request.url);
  return reply
    .code(status)
    .headers(answer.headers ?? {})
    .send(answer.body);
};

/** Plays the faults that come before any work is done. Resolves with the reply when it was answered or cut. */
export const playBefore = async (
  faults: Faults,
  player: Player,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> => {
  const delay = faults.take('delay', request);
  if (delay !== undefined) await sleep(delay.ms ?? 1000);
  if (faults.take('expireToken', request) !== undefined) player.expireTokens();
  if (faults.take('dropRequest', request) !== undefined) {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  const throttle = faults.take('respond429', request);
  if (throttle !== undefined) {
    if (throttle.retryAfterSeconds !== undefined) reply.header('retry-after', throttle.retryAfterSeconds);
    return refuse(player, reply, 429, THROTTLED);
  }
  const down = faults.take('respond5xx', request);
  if (down !== undefined) {
    if (down.retryAfterSeconds !== undefined) reply.header('retry-after', down.retryAfterSeconds);
    return refuse(player, reply, down.status ?? 503, UNAVAILABLE);
  }
  if (faults.take('respondHtml', request) !== undefined) {
    return reply.type('text/html').send('<html><body><h1>Sign in to continue</h1></body></html>');
  }
  return undefined;
};

/** Plays the faults that spoil an answer whose work is done. Returns the payload to send. */
export const playAfter = (
  faults: Faults,
  player: Player,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): unknown => {
  const done = reply.statusCode < 400;
  if (done && faults.take('dropResponseAfterCommit', request) !== undefined) {
    request.raw.socket.destroy();
    return payload;
  }
  const lost = done ? faults.take('respond5xxAfterCommit', request) : undefined;
  if (lost !== undefined) {
    const refusal = {
      status: lost.status ?? 502,
      code: 'SERVER_UNAVAILABLE',
      message: UNAVAILABLE,
      paths: [],
    };
    const answer = player.errorAnswer(refusal, request.url);
    reply.code(lost.status ?? 502).removeHeader('content-length');
    return typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  }
  if (typeof payload === 'string' && faults.take('truncateBody', request) !== undefined) {
    reply.removeHeader('content-length');
    return payload.slice(0, Math.floor(payload.length / 2));
  }
  return payload;
};
