import { isJsonObject } from '@quotebridge/platform/core';

/** An answer of the API server that is no success, or none at all (`code` 0). */
export class KubeError extends Error {
  constructor(
    readonly code: number,
    /** The machine-readable reason of the Status object: `NotFound`, `Conflict`, `Invalid`, `Expired`. */
    readonly reason: string,
    message: string,
    /** How long the server asks to wait, milliseconds. */
    readonly retryAfterMs?: number,
    options?: { readonly cause: unknown },
  ) {
    super(message, options);
    this.name = 'KubeError';
  }
}

/** True for a {@link KubeError} of that HTTP status. */
export const isKubeError = (thrown: unknown, code: number): thrown is KubeError =>
  thrown instanceof KubeError && thrown.code === code;

/** True when the server says that a resource version is too old to go on from (410). */
export const isGone = (thrown: unknown): boolean =>
  thrown instanceof KubeError && (thrown.code === 410 || thrown.reason === 'Expired');

/** Makes the error of an answer from its body, a Status object when the API server itself wrote it. */
export const errorOf = (what: string, code: number, body: unknown, retryAfterMs?: number): KubeError => {
  const status = isJsonObject(body) ? body : {};
  const reason = typeof status['reason'] === 'string' ? status['reason'] : `HTTP ${code}`;
  const message = typeof status['message'] === 'string' ? status['message'] : `the answer was ${code}`;
  return new KubeError(code, reason, `${what}: ${message}`, retryAfterMs);
};
