import type { Fault, JsonObject, Result } from '@quotebridge/platform/core';
import { applyJsonPatch } from './json-patch';
import { applyJsonPatchQuery } from './json-patch-query';
import type { PatchLimits } from './limits';
import { applyMergePatch } from './merge-patch';

/** The ways to describe a change (TMF630 part 1, 5). */
export type PatchKind = 'merge' | 'json-patch' | 'json-patch-query';

const KINDS: ReadonlyMap<string, PatchKind> = new Map<string, PatchKind>([
  // Version 4 declares plain JSON only, and means a merge patch by it.
  ['application/json', 'merge'],
  ['application/merge-patch+json', 'merge'],
  ['application/json-patch+json', 'json-patch'],
  ['application/json-patch-query+json', 'json-patch-query'],
]);

/** The media types a PATCH accepts, for the `Accept-Patch` header. */
export const patchTypes: readonly string[] = [...KINDS.keys()];

/** The kind of patch a `Content-Type` announces; undefined for a type that is no patch (415). */
export const patchKind = (contentType: string | undefined): PatchKind | undefined =>
  KINDS.get((contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '');

const APPLY: Readonly<
  Record<
    PatchKind,
    (document: JsonObject, body: unknown, limits?: PatchLimits) => Result<JsonObject, Fault[]>
  >
> = { merge: applyMergePatch, 'json-patch': applyJsonPatch, 'json-patch-query': applyJsonPatchQuery };

/** Applies a patch of the given kind. */
export const applyPatch = (
  kind: PatchKind,
  document: JsonObject,
  body: unknown,
  limits?: PatchLimits,
): Result<JsonObject, Fault[]> => APPLY[kind](document, body, limits);
