import { Refusal, type Fault, type RefusalStatus } from '@quotebridge/platform/core';

/** The TMF error body (TMF630 part 1, 3.4), with the id that the logs carry and every fault found. */
export interface ErrorBody {
  readonly '@type': 'Error';
  readonly code: string;
  readonly reason: string;
  readonly message: string;
  readonly status: string;
  readonly errorId: string;
  readonly details?: readonly Fault[];
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

const FRAMEWORK: Readonly<Record<string, [RefusalStatus, string, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'bodyTooLarge', 'The body is larger than this server accepts'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupportedMediaType', 'This media type is not accepted here'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'emptyBody', 'The body is empty; send a JSON document'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    'contentLength',
    'The body is not as long as Content-Length says',
  ],
  FST_ERR_MAX_PARAM_LENGTH: [404, 'notFound', 'There is nothing with such a long id'],
  FST_ERR_BAD_URL: [400, 'badUrl', 'The address cannot be decoded'],
};

const statusOf = (thrown: unknown): number | undefined => {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  if ('statusCode' in thrown && typeof thrown.statusCode === 'number') return thrown.statusCode;
  if ('getStatus' in thrown && typeof thrown.getStatus === 'function') return Number(thrown.getStatus());
  return undefined;
};

const MEGABYTE = 1024 * 1024;

const tooLarge = (limit: number, cause: unknown): Refusal => {
  const most = limit % MEGABYTE === 0 ? `${limit / MEGABYTE} MB` : `${limit} bytes`;
  return new Refusal(413, 'bodyTooLarge', `The body is larger than ${most}, the most that is taken here`, {
    cause,
  });
};

const hasCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === code;

/**
 * Any thrown value as a {@link Refusal}. What is not one of ours or the framework's is a 500 that says nothing.
 * `bodyLimit`: the most bytes that the route takes, where it is known.
 */
export const toRefusal = (
  thrown: unknown,
  isUnavailable: (thrown: unknown) => boolean,
  bodyLimit?: number,
): Refusal => {
  if (thrown instanceof Refusal) return thrown;
  if (bodyLimit !== undefined && hasCode(thrown, 'FST_ERR_CTP_BODY_TOO_LARGE'))
    return tooLarge(bodyLimit, thrown);
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') {
    const known = FRAMEWORK[thrown.code];
    if (known) return new Refusal(known[0], known[1], known[2], { cause: thrown });
  }
  if (isUnavailable(thrown)) {
    return new Refusal(503, 'unavailable', 'A service behind this one does not answer; try again shortly', {
      headers: { 'Retry-After': '2' },
      cause: thrown,
    });
  }
  const status = statusOf(thrown);
  if (status !== undefined && status >= 400 && status < 500) {
    const known = REASONS[status] === undefined ? 400 : status;
    const message = thrown instanceof Error ? thrown.message : (REASONS[known] ?? '');
    return new Refusal(known as RefusalStatus, `http${status}`, message, { cause: thrown });
  }
  return new Refusal(500, 'internal', 'The server failed; the error id finds the cause in its logs', {
    cause: thrown,
  });
};

/** The body of a refused request. */
export const errorBody = (refusal: Refusal, errorId: string): ErrorBody => ({
  '@type': 'Error',
  code: refusal.code,
  reason: REASONS[refusal.status] ?? 'Error',
  message: refusal.message,
  status: String(refusal.status),
  errorId,
  ...(refusal.faults.length > 0 ? { details: refusal.faults } : {}),
});
