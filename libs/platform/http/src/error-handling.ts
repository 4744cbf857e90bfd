import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { Refusal, type Ids } from '@quotebridge/platform/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody, toRefusal } from './error-body';

/** What answering an error needs. */
export interface ErrorHandlingOptions {
  readonly ids: Ids;
  readonly isUnavailable: (thrown: unknown) => boolean;
  /** Called once for each refused request, with the id the client got. */
  readonly report: (request: FastifyRequest, refusal: Refusal, errorId: string) => void;
}

/** Answers any thrown value with the TMF error body; one mechanism for Fastify routes and Nest controllers. */
export const answerError = (
  options: ErrorHandlingOptions,
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void => {
  const refusal = toRefusal(thrown, options.isUnavailable, request.routeOptions.bodyLimit);
  const errorId = options.ids.next();
  options.report(request, refusal, errorId);
  if (reply.sent) return;
  if (refusal.status === 413) readToTheEnd(request, reply);
  void reply
    .code(refusal.status)
    .headers({ ...refusal.headers, 'X-Error-Id': errorId })
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorBody(refusal, errorId)));
};

/**
 * A connection that is closed while the client still sends takes the answer away from him: the rest of the body is
 * thrown away instead. The time limit of a request bounds it.
 */
const readToTheEnd = (request: FastifyRequest, reply: FastifyReply): void => {
  reply.removeHeader('connection');
  request.raw.resume();
};

/** A method that no route has leads nowhere, whatever its path: that is no missing path (RFC 9110, 9.1). */
const unknownMethod = ({ method, server }: FastifyRequest): Refusal | undefined =>
  server.supportedMethods.includes(method)
    ? undefined
    : new Refusal(
        501,
        'methodNotImplemented',
        `The method ${method} is not implemented; use HTTP's own methods`,
      );

const unknownPath = (request: FastifyRequest): Refusal =>
  unknownMethod(request) ??
  new Refusal(
    404,
    'unknownPath',
    `There is nothing at ${request.method} ${request.url.split('?')[0]?.slice(0, 200) ?? ''}`,
  );

/** Gives a Fastify scope the TMF error body for what its routes throw and for unknown paths below its prefix. */
export const handleErrors = (scope: FastifyInstance, options: ErrorHandlingOptions): void => {
  scope.setErrorHandler((thrown, request, reply) => answerError(options, thrown, request, reply));
  scope.setNotFoundHandler((request, reply) => answerError(options, unknownPath(request), request, reply));
};

/** The same for Nest controllers and for every path outside the scopes. */
@Catch()
export class TmfExceptionFilter implements ExceptionFilter {
  constructor(private readonly options: ErrorHandlingOptions) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const isUnrouted = thrown instanceof NotFoundException;
    answerError(this.options, isUnrouted ? unknownPath(request) : thrown, request, reply);
  }
}
