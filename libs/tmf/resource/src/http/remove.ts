import type { FastifyReply, FastifyRequest } from 'fastify';
import { conditionsOf } from './conditions';
import { itemQueryOf } from './item-query';
import { onNamed } from './named-version';
import { idOf, writeContextOf, type RouteContext } from './request';
import { parseId } from '../stored';

/**
 * The handler of `DELETE /{resource}/{id}`. Of a resource with versions `/{id}` removes all of them and
 * `/{id}:(version=…)` that one.
 */
export const removeHandler =
  (route: RouteContext) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    itemQueryOf(request);
    const accept = conditionsOf(request, route.limits.requireIfMatch);
    const pathId = idOf(request);
    const context = writeContextOf(request);
    const isOne = route.definition.versioned === true && parseId(pathId).version !== undefined;
    await onNamed(route, pathId, accept, (storedId, acceptNamed) =>
      isOne
        ? route.service.removeVersion(storedId, context, acceptNamed)
        : route.service.remove(storedId, context, acceptNamed),
    );
    return reply.code(204).send();
  };
