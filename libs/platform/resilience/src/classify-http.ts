import type { Classifier, Decision } from './decision';
import { retryAfterMs } from './retry-after';

const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

const retryAfter = (reason: string, waitMs: number | undefined): Decision =>
  waitMs === undefined ? { kind: 'retryAfter', reason } : { kind: 'retryAfter', reason, waitMs };

/**
 * What plain HTTP says (RFC 9110), for systems without rules of their own; a connector's classifier asks its
 * vendor's rules first and falls back to this one.
 */
export const classifyHttp: Classifier = ({ reply, fault, atMs }) => {
  if (reply === undefined) return { kind: 'retryAfter', reason: fault?.message ?? 'no answer' };
  const { status } = reply;
  if (status >= 200 && status < 300) return { kind: 'succeed' };
  const reason = `HTTP ${status}`;
  if (status === 401) return { kind: 'refreshToken', reason, token: 'access' };
  if (TRANSIENT.has(status)) return retryAfter(reason, retryAfterMs(reply.headers['retry-after'], atMs));
  // A redirect would leave the checked address; a missing right needs a person.
  if (status < 400 || status === 403 || status === 501) return { kind: 'fail', reason };
  return { kind: 'reject', reason };
};
