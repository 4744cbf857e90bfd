import { SpanStatusCode, type Context } from '@opentelemetry/api';
import { maskText } from '@quotebridge/platform/security';
import { openSpan } from './spans';

/** A call over HTTP. */
export interface ClientCall {
  readonly method: string;
  readonly url: URL;
  /** The path with names instead of ids, where it is known; it then stands in the name of the span. */
  readonly template?: string;
}

/** How it ended: a status, or why there is none. */
export interface ClientOutcome {
  readonly status?: number;
  readonly fault?: string;
}

/** The span of a call that its owner ends. */
export interface ClientSpan {
  readonly context: Context;
  /** Undefined when nothing is recorded. */
  readonly end: ((outcome: ClientOutcome) => void) | undefined;
}

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * Starts the span of one try of a call, with the names of the OpenTelemetry conventions for HTTP clients. What stands behind the
 * path of the address is left out, it may hold personal data.
 */
export const openClientSpan = ({ method, url, template }: ClientCall, parent?: Context): ClientSpan => {
  const attributes = {
    'http.request.method': method,
    'server.address': url.hostname,
    'server.port': url.port === '' ? (PORTS[url.protocol] ?? 0) : Number(url.port),
    'url.full': `${url.origin}${url.pathname}`,
    ...(template === undefined ? {} : { 'url.template': template }),
  };
  const name = template === undefined ? method : `${method} ${template}`;
  const { span, context } = openSpan(name, 'client', attributes, parent);
  if (span === undefined) return { context, end: undefined };
  return {
    context,
    end: ({ status, fault }) => {
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      if (status === undefined || status >= 400) {
        span.setAttribute('error.type', status === undefined ? 'no_answer' : String(status));
        const message = fault === undefined ? {} : { message: maskText(fault) };
        span.setStatus({ code: SpanStatusCode.ERROR, ...message });
      }
      span.end();
    },
  };
};
