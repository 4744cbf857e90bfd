import {
  requireScope,
  type Action,
  type Authenticator,
  type Principal,
} from '@quotebridge/platform/security';
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Operation } from '../definition';
import { createHandler } from './create';
import { listHandler } from './list';
import { otherMethods } from './methods';
import { checkAccept } from './negotiation';
import { patchHandler } from './patch';
import { readHandler } from './read';
import { removeHandler } from './remove';
import type { RouteContext } from './request';

interface OperationRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly on: 'collection' | 'item';
  readonly action: Action;
  readonly handler: (route: RouteContext) => ReturnType<typeof createHandler>;
}

const OPERATIONS: Readonly<Record<Operation, OperationRoute>> = {
  list: { method: 'GET', on: 'collection', action: 'read', handler: listHandler },
  create: { method: 'POST', on: 'collection', action: 'write', handler: createHandler },
  get: { method: 'GET', on: 'item', action: 'read', handler: readHandler },
  patch: { method: 'PATCH', on: 'item', action: 'write', handler: patchHandler },
  delete: { method: 'DELETE', on: 'item', action: 'delete', handler: removeHandler },
};

/** Finds out who asks before anything else is done for the request. */
export const authenticated = (scope: FastifyInstance, authenticator: Authenticator): void => {
  scope.decorateRequest('qbPrincipal');
  scope.addHook('onRequest', (request, _reply, done) => {
    checkAccept(request.headers.accept);
    const found = authenticator.authenticate(request.headers, request.ip);
    if (found instanceof Promise) return void found.then((principal) => goOn(request, principal, done), done);
    goOn(request, found, done);
  });
};

const goOn = (request: FastifyRequest, principal: Principal, done: () => void): void => {
  request.qbPrincipal = principal;
  done();
};

/** Registers the routes of one resource in one version; every other method on its paths is a 405 with Allow. */
export const resourceRoutes = (scope: FastifyInstance, route: RouteContext): void => {
  const { name } = route.binding;
  for (const on of ['collection', 'item'] as const) {
    const url = on === 'collection' ? `/${name}` : `/${name}/:id`;
    const here = route.definition.operations
      .map((operation) => OPERATIONS[operation])
      .filter((entry) => entry.on === on);
    for (const { method, action, handler } of here) {
      // A 501 before the body is read would hide a missing right: the scope is checked first.
      const guard: onRequestHookHandler = (request, _reply, done) => {
        requireScope(request.qbPrincipal, route.definition.name, action);
        done();
      };
      scope.route({ method, url, onRequest: guard, handler: handler(route) });
    }
    otherMethods(
      scope,
      url,
      here.map(({ method }) => method),
    );
  }
};
