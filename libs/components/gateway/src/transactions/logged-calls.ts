import type { Clock, Ids } from '@quotebridge/platform/core';
import type { Principal } from '@quotebridge/platform/security';
import type { Logger } from '@quotebridge/platform/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { messageOf } from '@quotebridge/platform/core';
import { outcomeOf, type Transaction, type TransactionFacts } from './transaction';
import type { TransactionLog } from './transaction-log';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the transaction log will tell of this call. */
    qbFacts?: TransactionFacts;
  }
  interface FastifyContextConfig {
    /** The operation of the business API that a route is. */
    operation?: string;
  }
}

/** What the logging of calls works with. */
export interface LoggedCallsOptions {
  readonly log: TransactionLog;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly version: string;
  /** Told of each call that failed on our side; must not throw. */
  readonly failed: (call: Transaction) => void;
}

/** Who calls before anybody has found out: the credential was missing or wrong. */
const UNKNOWN: Transaction['caller'] = { id: 'unknown', name: 'unknown', kind: 'anonymous' };

const callerOf = (principal: Principal | undefined): Transaction['caller'] =>
  principal === undefined ? UNKNOWN : { id: principal.id, name: principal.name, kind: principal.kind };

const MOST_TARGET = 200;

/** What the call was about by its address, also when nobody looked at it because it was refused. */
const targetOf = ({ params, query }: FastifyRequest): TransactionFacts => {
  const { id } = params as { id?: unknown };
  const { part } = query as { part?: unknown };
  const named = id ?? part;
  return typeof named === 'string' && named !== '' ? { target: named.slice(0, MOST_TARGET) } : {};
};

const transactionOf = (
  { clock, ids, version }: LoggedCallsOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Transaction => {
  const errorId = reply.getHeader('x-error-id');
  return {
    ...targetOf(request),
    ...request.qbFacts,
    id: ids.next(),
    at: clock.now(),
    caller: callerOf(request.qbPrincipal),
    operation: request.routeOptions.config.operation ?? request.method,
    version,
    status: reply.statusCode,
    outcome: outcomeOf(reply.statusCode),
    ...(typeof errorId === 'string' ? { errorId } : {}),
    tookMs: Math.round(reply.elapsedTime),
  };
};

/**
 * Writes every call of the scope to the transaction log. A call that may have changed something is answered only when its
 * entry is stored: when the log is away it fails with 503, and since writes are idempotent it can be repeated. Reads do not wait.
 */
export const loggedCalls = (scope: FastifyInstance, options: LoggedCallsOptions): void => {
  const open = new Set<Promise<void>>();
  scope.decorateRequest('qbFacts');
  scope.addHook('onSend', (request, reply, payload, done) => {
    const call = transactionOf(options, request, reply);
    const written = options.log.add(call);
    if (call.outcome === 'failed') options.failed(call);
    // An answer that says so itself must get out when the log is away.
    if (request.method !== 'GET' && reply.statusCode < 500)
      return void written.then(() => done(null, payload), done);
    const settled = written
      .catch((thrown: unknown) =>
        options.logger.error({ reason: messageOf(thrown) }, 'A call is missing from the transaction log'),
      )
      .finally(() => open.delete(settled));
    open.add(settled);
    done(null, payload);
  });
  scope.addHook('onClose', async () => {
    await Promise.all(open);
  });
};
