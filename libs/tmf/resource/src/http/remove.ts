import type { FastifyReply, FastifyRequest } from 'fastify';
import { conditionsOf } from './conditions';
import { itemQueryOf } from './item-query';
import { findByPath } from './read';
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
    if (route.definition.versioned && parseId(pathId).version !== undefined) {
      const { _id } = await findByPath(route, pathId);
      await route.service.removeVersion(_id, context, accept);
    } else {
      await route.service.remove(pathId, context, accept);
    }
    return reply.code(204).send();
  };
