import { isJsonObject, Refusal, type Fault, type JsonObject } from '@quotebridge/platform/core';
import type { Principal } from '@quotebridge/platform/security';
import { annotateTypes, validatorFor } from '@quotebridge/tmf-specs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { keepConfidential } from '../confidential';
import type { WriteContext } from '../definition';
import { inTurn } from '../lock';
import { reservedNames } from '../names';
import { answerOnce, type StoredAnswer } from './idempotency';
import { checkPlainJson } from './json-requests';
import { itemQueryOf, type ItemQuery } from './item-query';
import { bodyOfAnswer, hiddenPartsOf, hrefOf, shownEtagOf, toStoredShape, visibleTo } from './representation';
import { bodyOf, headerOf, JSON_TYPE, writeContextOf, type RouteContext } from './request';

/** The body of a POST as an object; 400 for another value, 415 for another media type. */
export const objectBody = (request: FastifyRequest): JsonObject => {
  const { value } = bodyOf(request);
  checkPlainJson(request);
  if (isJsonObject(value)) return value;
  throw new Refusal(400, 'notAnObject', 'The body must be one JSON object');
};

/** Throws a 400 that lists every fault, each once: two schemas may find the same. */
export const refuseFaults = (found: readonly Fault[]): void => {
  const faults = [...new Map(found.map((fault) => [`${fault.path} ${fault.message}`, fault])).values()];
  const [first] = faults;
  if (!first) return;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more, see details)` : '';
  throw new Refusal(400, 'invalidBody', `${first.path || 'The body'}: ${first.message}${more}`, { faults });
};

const serverSet = (route: RouteContext, body: JsonObject): Fault[] =>
  route.binding.serverSet
    .filter((name) => body[name] !== undefined)
    .map((name) => ({ path: `/${name}`, message: 'is set by the server; leave it out', code: 'serverSet' }));

/** The handler of `POST /{resource}`. */
export const createHandler = (route: RouteContext) => {
  const validate = validatorFor(route.definition.api, route.version, route.binding.schemas.create);
  const v5Schema = route.definition.versions.v5?.schemas.response ?? route.binding.schemas.response;

  const { definition, service } = route;
  const { deps, repository } = service;
  const keyScope = { ...deps, cipher: repository.cipher, of: [route.version, definition.name] };

  const draftOf = (principal: Principal, body: JsonObject): JsonObject => {
    const typed = annotateTypes(definition.api, v5Schema, toStoredShape(route, body));
    return keepConfidential(definition, principal, {}, typed);
  };

  const create = async (
    principal: Principal,
    draft: JsonObject,
    context: WriteContext,
    fields: ItemQuery['fields'],
  ): Promise<StoredAnswer> => {
    const written = await service.create(draft, context);
    const { document } = written;
    const mine = visibleTo(route, principal);
    const isWhole = definition.confidential === undefined && hiddenPartsOf(mine) === undefined;
    return {
      status: definition.createStatus?.(document as JsonObject, route.version) ?? 201,
      headers: { Location: hrefOf(route, document._id), ETag: shownEtagOf(mine, document) },
      body:
        route.version === 'v5' && fields === undefined && isWhole
          ? written.json
          : bodyOfAnswer(mine, document, fields),
    };
  };

  /** The transaction of the key waits for the turn of the write in it, else it would be begun again and again. */
  const writeOnce = async (
    request: FastifyRequest,
    key: string,
    draft: JsonObject,
    context: WriteContext,
    write: (inside: WriteContext) => Promise<StoredAnswer>,
  ): Promise<StoredAnswer> => {
    const once = (): Promise<StoredAnswer> =>
      answerOnce(keyScope, request, key, (session) => write({ ...context, session }));
    const turn = service.turnOf(draft, context);
    const answer = await (turn === undefined ? once() : inTurn(deps.store, turn, once));
    deps.wake({ collection: definition.name });
    return answer;
  };

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const body = objectBody(request);
    refuseFaults([...validate(body), ...serverSet(route, body), ...reservedNames(body)]);
    const { fields, checkReferences } = itemQueryOf(request);
    const context = writeContextOf(request, checkReferences);
    const principal = request.qbPrincipal;
    const key = headerOf(request, 'idempotency-key');
    const draft = draftOf(principal, body);
    const write = (inside: WriteContext): Promise<StoredAnswer> => create(principal, draft, inside, fields);
    const answer =
      key === undefined ? await write(context) : await writeOnce(request, key, draft, context, write);
    return reply
      .code(answer.status)
      .headers(answer.headers)
      .header('Content-Type', JSON_TYPE)
      .send(answer.body);
  };
};
