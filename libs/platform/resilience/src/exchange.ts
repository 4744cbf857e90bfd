import { messageOf, type Clock } from '@quotebridge/platform/core';
import { request, type Dispatcher } from 'undici';
import type { Exchange } from './decision';
import { OutboundRefused } from './outbound-policy';

/** Limits of one exchange. */
interface ExchangeLimits {
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
}

// Errors before a byte of the request was written: the other side cannot have acted.
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
]);

// By shape, not by class: errors of sockets may come from another realm.
const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : '';

const neverSent = (thrown: unknown): boolean => {
  if (thrown instanceof OutboundRefused || NEVER_SENT.has(codeOf(thrown))) return true;
  // Several addresses tried: they fail together.
  if (typeof thrown !== 'object' || thrown === null || !('errors' in thrown)) return false;
  return Array.isArray(thrown.errors) && thrown.errors.length > 0 && thrown.errors.every(neverSent);
};

const firstValues = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return first === undefined ? [] : [[name.toLowerCase(), first]];
    }),
  );

const readBody = async (body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const faultText = (thrown: unknown, timeoutMs: number): string => {
  const name = typeof thrown === 'object' && thrown !== null && 'name' in thrown ? thrown.name : '';
  if (name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const text = messageOf(thrown);
  return text === '' ? codeOf(thrown) || 'connection failed' : text;
};

/** Sends one request and reads its answer; a fault becomes part of the exchange instead of being thrown. */
export const exchangeOnce = async (
  dispatcher: Dispatcher,
  url: URL,
  method: Dispatcher.HttpMethod,
  headers: Record<string, string>,
  body: string | undefined,
  { timeoutMs, maxBodyBytes, clock }: ExchangeLimits,
): Promise<Exchange> => {
  try {
    const answer = await request(url, {
      dispatcher,
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const cookies = answer.headers['set-cookie'] ?? [];
    const reply = {
      status: answer.statusCode,
      headers: firstValues(answer.headers),
      setCookies: Array.isArray(cookies) ? cookies : [cookies],
      body: await readBody(answer.body, maxBodyBytes),
    };
    return { method, url: url.href, reply, atMs: clock.now() };
  } catch (thrown) {
    const fault = { message: faultText(thrown, timeoutMs), sent: !neverSent(thrown) };
    return { method, url: url.href, fault, atMs: clock.now() };
  }
};
