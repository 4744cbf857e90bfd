import { objectsIn } from '@quotebridge/connectors/sdk';
import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { classifyHttp, replyJson, type Classifier, type HttpReply } from '@quotebridge/platform/resilience';

/** The first entry of an error body; bodies of this API are always arrays. */
const errorOf = (reply: HttpReply): JsonObject => {
  const body = replyJson(reply);
  const [first] = Array.isArray(body) ? body : [body];
  return isJsonObject(first) ? first : {};
};

/** The daily limit is a rolling one, so it is tried again now and then rather than at midnight. */
const PAUSE_MS = 15 * 60_000;

/** Refusals that pass by themselves although their status says otherwise. */
const PASSING = new Set([
  'UNABLE_TO_LOCK_ROW',
  'SERVER_UNAVAILABLE',
  'REQUEST_RUNNING_TOO_LONG',
  'QUERY_TIMEOUT',
]);

/** Failures that only say that another part failed. */
const FOLLOWING = new Set(['PROCESSING_HALTED', 'ALL_OR_NONE_OPERATION_ROLLED_BACK']);

/** Errors of a part: an error body, or results of a collection, which call the code `statusCode`. */
const errorsIn = (body: Json | undefined): readonly JsonObject[] =>
  objectsIn(body).flatMap((entry) => {
    if ('errorCode' in entry) return [entry];
    return entry['success'] === false
      ? objectsIn(entry['errors']).map((error) => ({ ...error, errorCode: error['statusCode'] ?? '' }))
      : [];
  });

/**
 * The failure inside an answer that is 200 as a whole: of a composite request or a collection. The one that is the
 * cause, when several parts failed because of it.
 */
const innerFailure = (reply: HttpReply): HttpReply | undefined => {
  const body = replyJson(reply);
  const parts = isJsonObject(body) ? objectsIn(body['compositeResponse']) : [{ body: body ?? null }];
  const failed = parts.flatMap((part) =>
    errorsIn(part['body']).map((error) => ({
      status: Number(part['httpStatusCode'] ?? 400) >= 400 ? Number(part['httpStatusCode'] ?? 400) : 400,
      error,
    })),
  );
  const cause = failed.find(({ error }) => !FOLLOWING.has(String(error['errorCode']))) ?? failed[0];
  return cause && { ...reply, status: cause.status, body: JSON.stringify([cause.error]) };
};

/** What an answer of the Salesforce REST API means (vendor facts B1). */
export const classify: Classifier = (exchange) => {
  const { reply, atMs } = exchange;
  if (reply === undefined) return classifyHttp(exchange);
  const general = classifyHttp(exchange);
  if (general.kind === 'succeed') {
    const isCsv = (reply.headers['content-type'] ?? '').startsWith('text/csv');
    if (reply.body !== '' && !isCsv && replyJson(reply) === undefined)
      return { kind: 'retryAfter', reason: `HTTP ${reply.status} with a body that is not JSON` };
    const inner = exchange.url.includes('/composite') ? innerFailure(reply) : undefined;
    return inner === undefined ? general : classify({ ...exchange, url: '', reply: inner });
  }
  const { errorCode, message, fields } = errorOf(reply);
  const code = typeof errorCode === 'string' ? errorCode : undefined;
  const about = Array.isArray(fields) && fields.length > 0 ? ` (${fields.join(', ')})` : '';
  const said = `${code ?? ''} ${typeof message === 'string' ? message : ''}${about}`.trim();
  const reason = said === '' ? `HTTP ${reply.status}` : `HTTP ${reply.status} ${said}`;
  if (code === 'REQUEST_LIMIT_EXCEEDED') return { kind: 'pause', reason, untilMs: atMs + PAUSE_MS };
  if (code === 'INVALID_SESSION_ID') return { kind: 'refreshToken', token: 'access', reason };
  if (code !== undefined && PASSING.has(code)) {
    return general.kind === 'retryAfter' ? { ...general, reason } : { kind: 'retryAfter', reason };
  }
  if (reply.status === 300)
    return { kind: 'reject', reason: `${reason}: several records match`, code: 'MULTIPLE' };
  if (general.kind === 'reject' && code !== undefined) return { ...general, reason, code };
  return { ...general, reason };
};

/** The org's own count of calls, from `Sforce-Limit-Info: api-usage=18/15000`. */
export const readUsage = (
  header: string | undefined,
): { readonly used: number; readonly perDay: number } | undefined => {
  const match = /(?:^|[\s,;])api-usage=(\d+)\/(\d+)/.exec(header ?? '');
  return match === null ? undefined : { used: Number(match[1]), perDay: Number(match[2]) };
};
