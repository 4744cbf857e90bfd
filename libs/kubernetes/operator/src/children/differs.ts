import { isJsonObject, type Json } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { APPLIED } from './common';

const named = (value: unknown): value is readonly { readonly name: string }[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => isJsonObject(one) && typeof one['name'] === 'string');

/** Whether `have` holds everything that `want` says. What the API server or others have added does not count. */
export const holds = (have: unknown, want: unknown): boolean => {
  if (named(want)) {
    return (
      Array.isArray(have) &&
      want.every((one) =>
        holds(
          have.find((other) => isJsonObject(other) && other['name'] === one.name),
          one,
        ),
      )
    );
  }
  if (Array.isArray(want)) {
    return Array.isArray(have) && have.length === want.length && want.every((one, i) => holds(have[i], one));
  }
  if (isJsonObject(want)) {
    return isJsonObject(have) && Object.entries(want).every(([key, value]) => holds(have[key], value));
  }
  return have === (want as Json);
};

/** Whether a child must be applied: it is missing, was made from something else, or somebody has changed it. */
export const mustApply = (have: KubeObject | undefined, want: KubeObject): boolean =>
  have === undefined ||
  have.metadata.annotations?.[APPLIED] !== want.metadata.annotations?.[APPLIED] ||
  !holds(have, want);
