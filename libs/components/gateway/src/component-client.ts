import {
  isJsonObject,
  messageOf,
  Refusal,
  type Json,
  type JsonObject,
  type RefusalStatus,
} from '@quotebridge/platform/core';
import { traceHeadersOf, withSpan, type Context } from '@quotebridge/platform/telemetry';
import { Agent, request } from 'undici';

/** How a component is reached. */
export interface ComponentClientOptions {
  /** What it is called in messages, for example `product ordering`. */
  readonly name: string;
  readonly baseUrl: string;
  readonly connections: number;
  /** Longest wait for an answer, milliseconds. */
  readonly deadlineMs: number;
  /** Credential of the gateway, sent as `X-API-Key`. */
  readonly apiKey?: () => string;
}

/** One call of a component. `route` names it in traces. */
export interface ComponentCall {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly route: string;
  readonly body?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the wait; the client's own deadline unless given. Calls that make one answer together share one. */
  readonly signal?: AbortSignal;
  readonly trace?: Context;
  /** A body that is large and only passed on: one of a 200 comes as `text` and is not read. */
  readonly isPassedOn?: boolean;
}

/** What calls that make one answer together have in common. */
export type CallTerms = Pick<ComponentCall, 'signal' | 'trace'>;

/** What a component answered. */
export interface ComponentAnswer {
  readonly status: number;
  readonly body: Json;
  readonly text?: string;
  /** Total of a list, where it was told. */
  readonly total?: number;
  readonly etag?: string;
}

const away = (name: string, why: string, cause?: unknown): Refusal =>
  new Refusal(503, 'componentAway', `The ${name} ${why}; try again later`, {
    headers: { 'Retry-After': '2' },
    ...(cause === undefined ? {} : { cause }),
  });

const parsed = (text: string): Json => (text === '' ? null : (JSON.parse(text) as Json));

/** Calls a component over HTTP on kept-alive connections, within a deadline; 503 when it does not answer or fails. */
export class ComponentClient {
  private readonly agent: Agent;

  constructor(private readonly options: ComponentClientOptions) {
    this.agent = new Agent({ connections: options.connections, keepAliveTimeout: 30_000, pipelining: 1 });
  }

  async call(call: ComponentCall): Promise<ComponentAnswer> {
    const { method, path, route, trace } = call;
    if (DOTS.test(path)) throw new Refusal(404, 'notFound', 'Nothing has "." or ".." for its id or number');
    const attributes = { 'http.request.method': method, 'url.template': route };
    const answer = await withSpan(`${method} ${route}`, 'client', attributes, trace, (context) =>
      this.send(call, traceHeadersOf(context)),
    );
    const { name } = this.options;
    if (answer.status >= 500) throw away(name, `answered ${answer.status}`);
    if (answer.status === 429) throw away(name, 'has too much to do');
    if (answer.status === 401 || answer.status === 403)
      throw away(name, 'refuses the credential of the gateway (COMPONENT_API_KEY)');
    return answer;
  }

  async close(): Promise<void> {
    await this.agent.close();
  }

  private async send(
    {
      method,
      path,
      body,
      headers,
      signal = AbortSignal.timeout(this.options.deadlineMs),
      isPassedOn = false,
    }: ComponentCall,
    traceHeaders: Readonly<Record<string, string>>,
  ): Promise<ComponentAnswer> {
    const { baseUrl, name, apiKey } = this.options;
    try {
      const reply = await request(`${baseUrl}${path}`, {
        method,
        dispatcher: this.agent,
        // The signal alone tells when it is over: headers and body have one deadline together.
        headersTimeout: 0,
        bodyTimeout: 0,
        signal,
        headers: {
          accept: 'application/json',
          ...traceHeaders,
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(apiKey === undefined ? {} : { 'x-api-key': apiKey() }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const { etag, 'x-total-count': total } = reply.headers;
      const text = await reply.body.text();
      return {
        status: reply.statusCode,
        ...(isPassedOn && reply.statusCode === 200 ? { body: null, text } : { body: parsed(text) }),
        ...(typeof etag === 'string' ? { etag } : {}),
        ...(typeof total === 'string' ? { total: Number(total) } : {}),
      };
    } catch (thrown) {
      throw away(name, `does not answer: ${messageOf(thrown)}`, thrown);
    }
  }
}

/**
 * A filter's value that means this text only: it is not read as a list, and its own quotes stay. Throws a 400 for a text that
 * would end either kind of quotes; no number or name has one.
 */
export const exactly = (text: string): string => {
  const quote = ['"', "'"].find((one) => !text.includes(`${one},`));
  if (quote !== undefined) return `${quote}${text}${quote}`;
  throw new Refusal(400, 'invalidQuery', `A text with both ", and ', in it cannot be looked for`);
};

/** A segment that leads upwards (RFC 3986, 5.2.4): clients resolve it, and ask for something else. */
const DOTS = /\/\.{1,2}(?=[/?]|$)/;

const STATUSES: ReadonlySet<number> = new Set([400, 404, 405, 406, 409, 412, 413, 415, 422, 428]);

/**
 * The refusal of a component as ours: its status, code and words, with the places of its faults renamed to the names of our
 * own body.
 */
export const refusalOf = (
  answer: ComponentAnswer,
  place: (path: string) => string = (path) => path,
): Refusal => {
  const body = isJsonObject(answer.body) ? answer.body : {};
  const status = STATUSES.has(answer.status) ? (answer.status as RefusalStatus) : 500;
  const details = Array.isArray(body['details']) ? body['details'].filter(isJsonObject) : [];
  const faults = details.map(({ path, message, code }) => ({
    path: place(String(path ?? '')),
    message: String(message ?? ''),
    ...(typeof code === 'string' ? { code } : {}),
  }));
  const [first] = faults;
  const message = first ? `${first.path}: ${first.message}` : String(body['message'] ?? 'It was refused');
  return new Refusal(status, String(body['code'] ?? 'refused'), message, { faults });
};

/** The answer as an object; throws its refusal when the status is no success. */
export const objectOf = (answer: ComponentAnswer): JsonObject => {
  if (answer.status < 300 && isJsonObject(answer.body)) return answer.body;
  throw refusalOf(answer);
};
