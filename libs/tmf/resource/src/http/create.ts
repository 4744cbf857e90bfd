import { isJsonObject, Refusal, type Fault, type JsonObject } from '@quotebridge/platform/core';
import type { Principal } from '@quotebridge/platform/security';
import { annotateTypes, validatorFor } from '@quotebridge/tmf-specs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { keepConfidential } from '../confidential';
import type { WriteContext } from '../definition';
import { inTurn, REFERENCES_TURN } from '../lock';
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

  const { name, holdsReferences } = route.definition;
  const { deps, repository } = route.service;
  const keyScope = { ...deps, cipher: repository.cipher, of: [route.version, name] };

  /** The transaction of a key is one that may hold what is referred to. */
  const inItsTurn = <T>(checksReferences: boolean, work: () => Promise<T>): Promise<T> =>
    checksReferences && holdsReferences === true ? inTurn(deps.store, REFERENCES_TURN, work) : work();

  const create = async (
    principal: Principal,
    body: JsonObject,
    context: WriteContext,
    fields: ItemQuery['fields'],
  ): Promise<StoredAnswer> => {
    const { definition } = route;
    const typed = annotateTypes(definition.api, v5Schema, toStoredShape(route, body));
    const draft = keepConfidential(definition, principal, {}, typed);
    const written = await route.service.create(draft, context);
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

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const body = objectBody(request);
    refuseFaults([...validate(body), ...serverSet(route, body), ...reservedNames(body)]);
    const { fields, checkReferences } = itemQueryOf(request);
    const context = writeContextOf(request, checkReferences);
    const principal = request.qbPrincipal;
    const key = headerOf(request, 'idempotency-key');
    const answer =
      key === undefined
        ? await create(principal, body, context, fields)
        : await inItsTurn(checkReferences, () =>
            answerOnce(keyScope, request, key, (session) =>
              create(principal, body, { ...context, session }, fields),
            ),
          );
    // What was written in a transaction of the key has told nobody yet.
    if (key !== undefined) deps.wake({ collection: name });
    return reply
      .code(answer.status)
      .headers(answer.headers)
      .header('Content-Type', JSON_TYPE)
      .send(answer.body);
  };
};
