import type { FastifyReply, FastifyRequest } from 'fastify';
import { checkIfMatch, demandIfMatch } from './conditions';
import { findByPath } from './read';
import { headerOf, idOf, writeContextOf, type RouteContext } from './request';

/** The handler of `DELETE /{resource}/{id}`. */
export const removeHandler = (route: RouteContext) => {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const ifMatch = headerOf(request, 'if-match');
    demandIfMatch(ifMatch, route.limits.requireIfMatch);
    const pathId = idOf(request);
    const storedId = route.definition.versioned ? (await findByPath(route, pathId))._id : pathId;
    await route.service.remove(storedId, writeContextOf(request), (current) =>
      checkIfMatch(ifMatch, current),
    );
    return reply.code(204).send();
  };
};
