import { isJsonObject } from '@quotebridge/platform/core';
import {
  classifyHttp,
  isCallFailed,
  replyJson,
  type Classifier,
  type Decision,
  type Exchange,
  type HttpReply,
} from '@quotebridge/platform/resilience';
import { isBatchAddress, readBatch, refusedChangeSet } from './batch/messages';

/** Code and text of an OData error body, for example `V1/801`. */
const errorOf = (reply: HttpReply): { readonly code?: string; readonly message?: string } => {
  const body = replyJson(reply);
  const error = isJsonObject(body) && isJsonObject(body['error']) ? body['error'] : {};
  const { code, message } = error;
  const text = isJsonObject(message) ? message['value'] : message;
  return {
    ...(typeof code === 'string' && code !== '' ? { code } : {}),
    ...(typeof text === 'string' && text !== '' ? { message: text } : {}),
  };
};

// Locks of the ABAP enqueue server come as ordinary 400s; only the text tells. They name a user: what is blocked otherwise (a
// customer, a material, a credit limit) stays so until somebody decides, and is a refusal.
const LOCKED = [
  /\blocked\b|\bblocked by (the )?user\b/i,
  /\bbeing processed by\b|\bcurrently (being )?(edited|processed)\b/i,
  /\bbenutzer\b.*\b(gesperrt|bearbeitet)\b|\b(gesperrt|bearbeitet)\b.*\bbenutzer\b/i,
];

const isLocked = (message = ''): boolean => LOCKED.some((form) => form.test(message));

const isJsonBody = (reply: HttpReply): boolean => replyJson(reply) !== undefined;

/** A batch is answered well as a whole, whatever its parts say; a change set stands and falls by its one refusal. */
const classifyBatch = (exchange: Exchange, reply: HttpReply): Decision => {
  const parts = readBatch(reply);
  if (!parts.ok)
    return {
      kind: 'retryAfter',
      reason: `HTTP ${reply.status} with an answer to a batch that cannot be read: ${parts.error}`,
    };
  const refused = refusedChangeSet(reply);
  const [url = ''] = exchange.url.split('/$batch');
  return refused === undefined ? { kind: 'succeed' } : classify({ ...exchange, url, reply: refused });
};

/** True when an entity was left alone because somebody had changed it since it was read (412). */
export const isStale = (thrown: unknown): boolean => {
  if (!isCallFailed(thrown, 'reject')) return false;
  const { reply } = thrown.exchange;
  return reply !== undefined && (refusedChangeSet(reply) ?? reply).status === 412;
};

/** What an answer of SAP Gateway means (vendor facts A1.3, A1.4, A1.8). */
export const classify: Classifier = (exchange) => {
  const { reply } = exchange;
  if (reply === undefined) return classifyHttp(exchange);
  if (reply.status === 403 && reply.headers['x-csrf-token']?.toLowerCase() === 'required') {
    return { kind: 'refreshToken', token: 'csrf', reason: 'the CSRF token is no longer valid' };
  }
  const general = classifyHttp(exchange);
  if (general.kind === 'succeed') {
    if (isBatchAddress(exchange.url)) return classifyBatch(exchange, reply);
    // A proxy's page with status 200 is not an answer of the system.
    const needsBody = exchange.method !== 'HEAD' && reply.status !== 204;
    return needsBody && !isJsonBody(reply)
      ? { kind: 'retryAfter', reason: `HTTP ${reply.status} with a body that is not JSON` }
      : general;
  }
  const { code, message } = errorOf(reply);
  const said = [code, message].filter((part) => part !== undefined).join(' ');
  const reason = said === '' ? `HTTP ${reply.status}` : `HTTP ${reply.status} ${said}`;
  if (general.kind === 'reject' && (reply.status === 423 || isLocked(message))) {
    return { kind: 'retryAfter', reason };
  }
  if (general.kind === 'reject' && code !== undefined) return { ...general, reason, code };
  return { ...general, reason };
};
