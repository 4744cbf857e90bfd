/**
 * What to do after one call to an outside system.
 * - `succeed`: use the answer.
 * - `retryAfter`: the same call may work later; `waitMs` when the system said how long.
 * - `refreshToken`: the credential is no longer valid; get a new one and call again once.
 * - `reject`: the system understood and refuses this record; repeating cannot help.
 * - `pause`: stop calling at all until `untilMs` (epoch), for example a spent daily budget.
 * - `fail`: something a person has to look at (wrong settings, missing right).
 */
export type Decision =
  | { readonly kind: 'succeed' }
  | { readonly kind: 'retryAfter'; readonly reason: string; readonly waitMs?: number }
  | { readonly kind: 'refreshToken'; readonly reason: string; readonly token: 'access' | 'csrf' }
  | { readonly kind: 'reject'; readonly reason: string; readonly code?: string }
  | { readonly kind: 'pause'; readonly reason: string; readonly untilMs?: number }
  | { readonly kind: 'fail'; readonly reason: string };

/** An answer of an outside system, read completely. `headers` have lower-case names. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Every `set-cookie` header, one entry each. */
  readonly setCookies: readonly string[];
  readonly body: string;
}

/** Why no answer came: `sent` is false when the request certainly never left (refused connection, unknown name). */
export interface TransportFault {
  readonly message: string;
  readonly sent: boolean;
}

/** One try of one call: what was asked, and the answer or the fault. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly reply?: HttpReply;
  readonly fault?: TransportFault;
  /** Epoch milliseconds when the exchange ended; turns an HTTP-date in Retry-After into a wait. */
  readonly atMs: number;
}

/**
 * Makes one try of a call a part of the trace of who makes it: puts the headers of the trace on it, and gives what notes how it
 * ended; undefined when nobody records it.
 */
export type Inject = (
  headers: Record<string, string>,
  call: { readonly method: string; readonly url: URL },
) => ((exchange: Exchange) => void) | undefined;

/** Turns one exchange into one decision. Pure: everything it needs is in the exchange. */
export type Classifier = (exchange: Exchange) => Decision;

/**
 * True when nobody can know whether the system did what it was asked: no answer after sending, a server error, or a
 * success that cannot be read. Such a call of a non-idempotent kind must be followed by a look-up, never by the same
 * call.
 */
export const isUnclear = ({ fault, reply }: Exchange, decision: Decision): boolean => {
  if (decision.kind === 'succeed') return false;
  if (reply === undefined) return fault?.sent ?? true;
  return reply.status >= 500 || (reply.status >= 200 && reply.status < 300);
};
