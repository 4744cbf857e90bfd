import {
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  type Context,
} from '@opentelemetry/api';

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const MAX_TRACESTATE = 512;

/** Headers that may carry a trace, names in lower case: of an HTTP request, a message or an event. */
export type TraceHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The context a caller handed over (W3C Trace Context, 3.2 and 3.3). A missing or malformed `traceparent` gives the
 * empty context, from which a new trace starts.
 */
export const contextFrom = (traceparent: string | undefined, tracestate?: string): Context => {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const sampled = (parseInt(flags, 16) & TraceFlags.SAMPLED) === TraceFlags.SAMPLED;
  const spanContext = {
    traceId,
    spanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(tracestate !== undefined && tracestate !== '' && tracestate.length <= MAX_TRACESTATE
      ? { traceState: createTraceState(tracestate) }
      : {}),
  };
  return isSpanContextValid(spanContext) ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT;
};

const text = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** {@link contextFrom} with the two headers taken from where they travel. */
export const contextFromHeaders = (headers: TraceHeaders): Context =>
  contextFrom(text(headers['traceparent']), text(headers['tracestate']));

/** The `traceparent` to send on, or undefined when the context belongs to no trace. */
export const traceparentOf = (context: Context): string | undefined => {
  const span = trace.getSpanContext(context);
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`;
};

/** The headers that carry the context on: `traceparent`, and `tracestate` when there is one. */
export const traceHeadersOf = (context: Context): Record<string, string> => {
  const traceparent = traceparentOf(context);
  if (traceparent === undefined) return {};
  const tracestate = trace.getSpanContext(context)?.traceState?.serialize() ?? '';
  return tracestate === '' ? { traceparent } : { traceparent, tracestate };
};

/** The id of the trace, 32 hexadecimal digits, or undefined outside of one. */
export const traceIdOf = (context: Context): string | undefined => {
  const span = trace.getSpanContext(context);
  return span !== undefined && isSpanContextValid(span) ? span.traceId : undefined;
};
