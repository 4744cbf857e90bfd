import { createHash } from 'node:crypto';
import { isJsonObject, type Json } from '@quotebridge/platform/core';

const sorted = (value: unknown): Json | undefined => {
  if (Array.isArray(value)) return value.map((entry) => sorted(entry) ?? null);
  if (!isJsonObject(value)) return value as Json | undefined;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
};

/** The same text for the same content, whatever the order of its keys. */
export const fingerprint = (value: unknown, length = 16): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(value)) ?? '')
    .digest('hex')
    .slice(0, length);

/**
 * Tells one version of a Secret from another. Kept short, so that a guess cannot be proved by it: many other texts
 * have the same eight digits.
 */
export const secretFingerprint = (data: Readonly<Record<string, string>>): string => fingerprint(data, 8);
