import type { Fault } from '@quotebridge/platform/core';

/**
 * Kinds of patch faults: `syntax`, `limit` and `name` are the body's own; `missing` and `ambiguous` say that a path does not
 * lead to one place of the resource; `test` is a test operation that failed; `nonPatchable` a fixed attribute.
 */
export type PatchFaultCode =
  'syntax' | 'limit' | 'name' | 'missing' | 'ambiguous' | 'test' | 'nonPatchable' | 'unsupported';

/** A fault at a JSON Pointer into the patch body (for `nonPatchable`, into the resource). */
export const patchFault = (path: string, code: PatchFaultCode, message: string): Fault => ({
  path,
  message,
  code,
});

/** The HTTP status for faults of a patch: 409 for a failed test, 422 when a path leads nowhere, else 400 or 501. */
export const patchStatus = (faults: readonly Fault[]): 400 | 409 | 422 | 501 => {
  const codes = new Set(faults.map((fault) => fault.code));
  if (['syntax', 'limit', 'name', 'nonPatchable'].some((code) => codes.has(code))) return 400;
  if (codes.has('unsupported')) return 501;
  if (codes.has('test')) return 409;
  return codes.size > 0 ? 422 : 400;
};
