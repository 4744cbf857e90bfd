import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@quotebridge/platform/core';
import { etagOf, parseId, type StoredResource } from '../stored';
import { isNotModified } from './conditions';
import { represent } from './representation';
import { headerOf, idOf, rawQuery, type RouteContext } from './request';
import { fieldsOf, only } from './field-selection';

/** The stored document that a path names; `42:(version=1.0)` may be the latest or an archived one. */
export const findByPath = async (route: RouteContext, pathId: string): Promise<StoredResource> => {
  const { id, version } = parseId(pathId);
  if (version === undefined || !route.definition.versioned) return route.service.require(pathId);
  const latest = await route.service.repository.find(id);
  if (latest && (latest['version'] ?? '1.0') === version) return latest;
  const archived = await route.service.repository.find(pathId);
  if (archived) return archived;
  throw new Refusal(404, 'notFound', `There is no version ${version} of ${route.binding.name} ${id}`);
};

/** The handler of `GET /{resource}/{id}`. */
export const readHandler = (route: RouteContext) => {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const query = rawQuery(request);
    const fields = query === '' ? undefined : fieldsOf(query);
    const stored = await findByPath(route, idOf(request));
    const etag = etagOf(stored);
    void reply.header('ETag', etag);
    if (isNotModified(headerOf(request, 'if-none-match'), etag)) return reply.code(304).send();
    const view = represent(route, stored);
    return reply
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(fields ? only(view, fields) : view));
  };
};
