import type { Context, Tracer } from '@opentelemetry/api';

/** What runs `fn` with a context that auto-instrumentation can see. */
type Activate = <T>(context: Context, fn: () => T) => T;

interface Tracing {
  tracer: Tracer | undefined;
  /** Set with auto-instrumentation only: an AsyncLocalStorage run costs more than the rest of a span. */
  activate: Activate | undefined;
  /** The context in which auto-instrumentation has put the running code, if it is on. */
  active: (() => Context) | undefined;
}

/** The tracing of this process; empty until {@link startTelemetry} fills it, so that spans cost nothing before. */
export const tracing: Tracing = { tracer: undefined, activate: undefined, active: undefined };
