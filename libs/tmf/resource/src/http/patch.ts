import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import {
  applyJsonPatch,
  applyJsonPatchQuery,
  applyMergePatch,
  nonPatchable,
  patchKind,
  type PatchKind,
} from '@quotebridge/tmf/patch';
import { annotateTypes, validatorFor } from '@quotebridge/tmf-specs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { reservedNames } from '../names';
import { etagOf, type StoredResource } from '../stored';
import { checkIfMatch, demandIfMatch } from './conditions';
import { refuseFaults } from './create';
import { findByPath } from './read';
import { represent, toStoredShape } from './representation';
import { bodyOf, headerOf, idOf, writeContextOf, type RouteContext } from './request';

/** Media types that a PATCH may have, for the Accept-Patch header. */
export const PATCH_TYPES = [
  'application/merge-patch+json',
  'application/json',
  'application/json-patch+json',
  'application/json-patch-query+json',
];

const APPLY: Readonly<Record<PatchKind, typeof applyMergePatch>> = {
  merge: applyMergePatch,
  'json-patch': applyJsonPatch,
  'json-patch-query': applyJsonPatchQuery,
};

/** The handler of `PATCH /{resource}/{id}`: the patch is applied to what the client's version shows. */
export const patchHandler = (route: RouteContext) => {
  const { api } = route.definition;
  const required = validatorFor(api, route.version, route.binding.schemas.create);
  const typed = validatorFor(api, route.version, route.binding.schemas.response);
  const v5Schema = route.definition.versions.v5?.schemas.response ?? route.binding.schemas.response;

  const edited = (kind: PatchKind, body: unknown, current: StoredResource): JsonObject => {
    const view = represent(route, current);
    const patched = APPLY[kind](view, body);
    if (!patched.ok) {
      refuseFaults(patched.error);
      throw new Refusal(400, 'invalidPatch', 'The patch cannot be applied');
    }
    const after = patched.value;
    refuseFaults(nonPatchable(view, after, route.binding.nonPatchable));
    refuseFaults([...typed(after), ...required(after), ...reservedNames(after)]);
    return annotateTypes(api, v5Schema, toStoredShape(route, after));
  };

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const kind = patchKind(headerOf(request, 'content-type') ?? '');
    if (!kind) {
      throw new Refusal(415, 'unsupportedMediaType', `A PATCH must be one of: ${PATCH_TYPES.join(', ')}`, {
        headers: { 'Accept-Patch': PATCH_TYPES.join(', ') },
      });
    }
    const ifMatch = headerOf(request, 'if-match');
    demandIfMatch(ifMatch, route.limits.requireIfMatch);
    const { value } = bodyOf(request);
    const pathId = idOf(request);
    const storedId = route.definition.versioned ? (await findByPath(route, pathId))._id : pathId;
    const { document } = await route.service.change(
      storedId,
      (current) => edited(kind, value, current),
      writeContextOf(request),
      (current) => checkIfMatch(ifMatch, current),
    );
    return reply
      .header('ETag', etagOf(document))
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(represent(route, document)));
  };
};
