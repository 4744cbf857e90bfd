import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { isServerFailure, Refusal } from '@quotebridge/platform/core';
import { maskText } from '@quotebridge/platform/security';
import { contextFrom, contextFromHeaders, type TraceHeaders } from './trace-context';
import { tracing } from './tracing';

/** What part a span plays between processes. */
export type Kind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

const KINDS: Readonly<Record<Kind, SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** A span that its owner ends, and the context to hand to everything inside it. */
export interface OpenSpan {
  readonly span: Span | undefined;
  readonly context: Context;
}

/** Inside a trace that was not chosen there is nothing to record: the parent's context goes on as it is. */
const isSkipped = (parent: Context): boolean => {
  const span = trace.getSpanContext(parent);
  return span !== undefined && (span.traceFlags & TraceFlags.SAMPLED) === 0;
};

/** Starts a span that the caller ends with `span?.end()`. `span` is undefined when nothing is recorded. */
export const openSpan = (name: string, kind: Kind, attributes: Attributes, parent?: Context): OpenSpan => {
  const from = parent ?? ROOT_CONTEXT;
  if (tracing.tracer === undefined || isSkipped(from)) return { span: undefined, context: from };
  const started = tracing.tracer.startSpan(name, { kind: KINDS[kind], attributes }, from);
  const context = trace.setSpan(from, started);
  return { span: started.isRecording() ? started : undefined, context };
};

/** Starts the span of an incoming request, as a child of the caller's span when its headers name one. */
export const startServerSpan = (
  headers: TraceHeaders,
  name: string,
  attributes: Attributes = {},
): OpenSpan => {
  const active = tracing.active?.();
  const parent = active !== undefined && trace.getSpan(active) ? active : contextFromHeaders(headers);
  return openSpan(name, parent === active ? 'internal' : 'server', attributes, parent);
};

/** Links the span of a context to spans of other traces, which are named as in a `traceparent`. */
export const linkSpan = (context: Context, traceparents: readonly string[]): void => {
  const span = trace.getSpan(context);
  for (const traceparent of traceparents) {
    const other = trace.getSpanContext(contextFrom(traceparent));
    if (other !== undefined) span?.addLink({ context: other });
  }
};

/** Notes on the span why its work failed. An expected refusal of a caller is no error of ours. */
export const failSpan = (span: Span, thrown: unknown): void => {
  const isRefusal = thrown instanceof Refusal;
  const type = isRefusal ? thrown.code : thrown instanceof Error ? thrown.name : 'Error';
  span.setAttribute('error.type', type);
  if (isRefusal && !isServerFailure(thrown.status)) return;
  const message = maskText(thrown instanceof Error ? thrown.message : String(thrown));
  span.setStatus({ code: SpanStatusCode.ERROR, message });
};

/**
 * Runs `fn` inside a span and ends it when `fn` has finished, failed or not. `fn` gets the context to pass on; the
 * context is handed over explicitly, so that no request pays for AsyncLocalStorage. In a trace that was not chosen
 * for recording this is one plain call of `fn`.
 */
export const withSpan = <T>(
  name: string,
  kind: Kind,
  attributes: Attributes,
  parent: Context | undefined,
  fn: (context: Context) => Promise<T>,
): Promise<T> => {
  const { span, context } = openSpan(name, kind, attributes, parent);
  return span === undefined ? fn(context) : runInside(span, context, fn);
};

const runInside = async <T>(
  span: Span,
  context: Context,
  fn: (context: Context) => Promise<T>,
): Promise<T> => {
  try {
    return await (tracing.activate === undefined
      ? fn(context)
      : tracing.activate(context, () => fn(context)));
  } catch (thrown) {
    failSpan(span, thrown);
    throw thrown;
  } finally {
    span.end();
  }
};
