import type { Fault } from './fault';

/** HTTP statuses that a typed refusal may carry. */
export type RefusalStatus =
  400 | 401 | 403 | 404 | 405 | 406 | 408 | 409 | 412 | 413 | 415 | 422 | 428 | 429 | 500 | 501 | 503;

/** Optional parts of a {@link Refusal}. */
export interface RefusalOptions {
  readonly faults?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * A refusal with a stable code that the HTTP edge turns into the TMF error body (TMF630 part 1, 3.4) and a
 * consumer into a dead letter. `message` says what was wrong, where, and what to do.
 */
export class Refusal extends Error {
  readonly faults: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly status: RefusalStatus,
    readonly code: string,
    message: string,
    options: RefusalOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Refusal';
    this.faults = options.faults ?? [];
    this.headers = options.headers ?? {};
  }
}

/** Whether a status says that the server failed. 501 does not: the client asked for what nobody implements. */
export const isServerFailure = (status: number): boolean => status >= 500 && status !== 501;

/** Text of an unknown thrown value, for logs and reasons. Never throws itself. */
export const messageOf = (thrown: unknown): string => {
  if (thrown instanceof Error) return thrown.message;
  try {
    return String(thrown);
  } catch {
    return 'something that has no text was thrown';
  }
};

/** True when a server could not listen because another process has the port. */
export const isPortTaken = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'EADDRINUSE';

/** Why a server does not listen, as one sentence that says what to do. */
export const cannotListen = (what: string, host: string, port: number, thrown: unknown): Error => {
  const reason = isPortTaken(thrown) ? 'the port is taken; free it or choose another' : messageOf(thrown);
  return new Error(`${what} cannot listen on ${host}:${port}: ${reason}.`, { cause: thrown });
};
