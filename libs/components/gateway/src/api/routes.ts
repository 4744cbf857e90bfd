import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import { requireScope } from '@quotebridge/platform/security';
import { headerOf, objectBody, otherMethods, refuseFaults } from '@quotebridge/tmf/resource';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { loggedCalls, type LoggedCallsOptions } from '../transactions/logged-calls';
import type { TransactionFacts } from '../transactions/transaction';
import { textOf } from './json-text';
import type { ApiOperation, BusinessVersion } from './operation';
import { checkedQuery } from './query';
import { compileSchema } from './validate';

const JSON_TYPE = 'application/json; charset=utf-8';
const NO_BODY: JsonObject = {};
const MAX_KEY = 255;

const keyOf = (request: FastifyRequest): string | undefined => {
  const key = headerOf(request, 'idempotency-key');
  if (key === undefined || (key.trim() !== '' && key.length <= MAX_KEY)) return key;
  throw new Refusal(400, 'invalidIdempotencyKey', `Idempotency-Key must have 1 to ${MAX_KEY} characters`);
};

const NAMED = /\{(\w+)\}/;

const idOf = ({ params }: FastifyRequest): string => (params as { id?: string }).id ?? '';

const handlerOf = (operation: ApiOperation, version: BusinessVersion) => {
  const validate = operation.check ?? (operation.body && compileSchema(operation.body));
  const parameters = operation.query ?? {};
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const body = validate ? objectBody(request) : NO_BODY;
    if (operation.claims) request.qbFacts = operation.claims(body);
    if (validate) refuseFaults(validate(body));
    const query = checkedQuery(parameters, request.query as Record<string, unknown>);
    const idempotencyKey = keyOf(request);
    const answer = await operation.handle({
      version,
      body,
      id: idOf(request),
      query,
      principal: request.qbPrincipal,
      note: (facts: TransactionFacts) => {
        request.qbFacts = { ...request.qbFacts, ...facts };
      },
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(request.qbSpanContext === undefined ? {} : { trace: request.qbSpanContext }),
    });
    if (answer.headers) void reply.headers(answer.headers);
    return reply.code(answer.status).header('Content-Type', JSON_TYPE).send(textOf(answer.body));
  };
};

/** Registers the operations of a version; every call is in the transaction log, every other method is a 405. */
export const apiRoutes =
  (
    version: BusinessVersion,
    operations: readonly ApiOperation[],
    logging: Omit<LoggedCallsOptions, 'version'>,
  ) =>
  (scope: FastifyInstance): void => {
    loggedCalls(scope, { ...logging, version });
    const methods = new Map<string, ApiOperation['method'][]>();
    for (const operation of operations) {
      const url = operation.path.replace(NAMED, ':id');
      methods.set(url, [...(methods.get(url) ?? []), operation.method]);
      const guard: onRequestHookHandler = (request, _reply, done) => {
        requireScope(request.qbPrincipal, ...operation.scope);
        done();
      };
      scope.route({
        method: operation.method,
        url,
        onRequest: guard,
        config: { operation: operation.id },
        handler: handlerOf(operation, version),
      });
    }
    for (const [url, served] of methods) otherMethods(scope, url, served);
  };
