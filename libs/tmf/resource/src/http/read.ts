import { Refusal } from '@quotebridge/platform/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseId, type StoredResource } from '../stored';
import { checkIfMatch, isNotModified } from './conditions';
import { itemQueryOf } from './item-query';
import { bodyOfAnswer, shownEtagOf, visibleTo } from './representation';
import { headerOf, idOf, JSON_TYPE, type RouteContext } from './request';

/** The stored document that a path names; `42:(version=1.0)` may be the latest or an archived one. */
export const findByPath = async (route: RouteContext, pathId: string): Promise<StoredResource> => {
  const { id, version } = parseId(pathId);
  if (version === undefined || !route.definition.versioned) return route.service.require(pathId);
  const found = await route.service.repository.findNamed(pathId);
  if (found) return found;
  throw new Refusal(
    404,
    'notFound',
    `There is no version ${version.slice(0, 100)} of ${route.binding.name} ${id.slice(0, 200)}`,
  );
};

/** The handler of `GET /{resource}/{id}`. */
export const readHandler =
  (route: RouteContext) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { fields } = itemQueryOf(request);
    const stored = await findByPath(route, idOf(request));
    checkIfMatch(headerOf(request, 'if-match'), stored);
    const mine = visibleTo(route, request.qbPrincipal);
    const etag = shownEtagOf(mine, stored);
    void reply.header('ETag', etag);
    if (isNotModified(headerOf(request, 'if-none-match'), etag)) return reply.code(304).send();
    return reply.header('Content-Type', JSON_TYPE).send(bodyOfAnswer(mine, stored, fields));
  };
