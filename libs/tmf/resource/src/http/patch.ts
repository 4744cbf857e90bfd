import { Refusal, type Fault, type JsonObject } from '@quotebridge/platform/core';
import { applyPatch, nonPatchable, patchKind, patchStatus, type PatchKind } from '@quotebridge/tmf/patch';
import { annotateTypes, validatorFor } from '@quotebridge/tmf-specs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '@quotebridge/platform/security';
import { keepConfidential } from '../confidential';
import { reservedNames } from '../names';
import { attributesOf, type StoredResource } from '../stored';
import { conditionsOf } from './conditions';
import { refuseFaults } from './create';
import { itemQueryOf } from './item-query';
import { unknownType } from './json-requests';
import { ownFaults } from './own-faults';
import { onNamed } from './named-version';
import {
  bodyOfAnswer,
  represent,
  shownEtagOf,
  toStoredShape,
  visibleTo,
  withoutShownLists,
} from './representation';
import { bodyOf, headerOf, idOf, JSON_TYPE, writeContextOf, type RouteContext } from './request';

const CODES: Readonly<Record<ReturnType<typeof patchStatus>, string>> = {
  400: 'invalidPatch',
  409: 'testFailed',
  422: 'pathNotFound',
  501: 'unsupportedPatch',
};

const refusePatch = (faults: readonly Fault[]): never => {
  const status = patchStatus(faults);
  const [first] = faults;
  throw new Refusal(
    status,
    CODES[status],
    first ? `${first.path || 'The patch'}: ${first.message}` : 'The patch cannot be applied',
    { faults },
  );
};

const kindOf = (request: FastifyRequest): PatchKind => {
  const kind = patchKind(headerOf(request, 'content-type'));
  if (kind === undefined) throw unknownType(request);
  return kind;
};

/** The handler of `PATCH /{resource}/{id}`: the patch is applied to what the client's version shows. */
export const patchHandler = (route: RouteContext) => {
  const { api } = route.definition;
  const required = validatorFor(api, route.version, route.binding.schemas.create);
  const typed = validatorFor(api, route.version, route.binding.schemas.response);
  const v5Schema = route.definition.versions.v5?.schemas.response ?? route.binding.schemas.response;

  const schemaFaults = (resource: JsonObject): readonly Fault[] => [
    ...typed(resource),
    ...required(resource),
  ];

  const edited = (
    principal: Principal,
    kind: PatchKind,
    body: unknown,
    current: StoredResource,
  ): JsonObject => {
    const view = represent(visibleTo(route, principal), current);
    const patched = applyPatch(kind, view, body);
    if (!patched.ok) return refusePatch(patched.error);
    const after = patched.value;
    const fixed = nonPatchable(view, after, route.binding.nonPatchable);
    const wrong = ownFaults(view, after, schemaFaults(after), schemaFaults);
    refuseFaults([...fixed, ...wrong, ...reservedNames(after)]);
    const bare = withoutShownLists(route, current, after);
    const written = annotateTypes(api, v5Schema, toStoredShape(route, bare));
    return keepConfidential(route.definition, principal, attributesOf(current), written);
  };

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    // Before its media type, which nobody looks at when there is nothing of it.
    const { value } = bodyOf(request);
    const kind = kindOf(request);
    const accept = conditionsOf(request, route.limits.requireIfMatch);
    const { fields, checkReferences } = itemQueryOf(request);
    const context = writeContextOf(request, checkReferences);
    const edit = (current: StoredResource): JsonObject => edited(request.qbPrincipal, kind, value, current);
    const { document } = await onNamed(route, idOf(request), accept, (storedId, acceptNamed) =>
      route.service.change(storedId, edit, context, acceptNamed),
    );
    const mine = visibleTo(route, request.qbPrincipal);
    return reply
      .header('ETag', shownEtagOf(mine, document))
      .header('Content-Type', JSON_TYPE)
      .send(bodyOfAnswer(mine, document, fields));
  };
};
