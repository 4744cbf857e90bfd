import { context as activeContext, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  detectResources,
  envDetector,
  resourceFromAttributes,
  type Resource,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { randomIds } from '@quotebridge/platform/core';
import { tracing } from './tracing';

/** Settings of {@link startTelemetry}. */
export interface TelemetryOptions {
  readonly service: string;
  readonly version: string;
  /** Base address of an OTLP/HTTP receiver, for example `http://collector:4318`. Without it nothing is exported. */
  readonly otlpEndpoint?: string;
  /** Share of new traces that are recorded, 0 to 1; a trace that comes in keeps its caller's choice. */
  readonly sampleRatio: number;
  /**
   * Spans of the libraries beside our own, which platform/instrumentation has them make: for finding a fault, it costs
   * a third of the throughput.
   */
  readonly autoInstrumentation?: boolean;
}

/** The running telemetry of a process. */
export interface Telemetry {
  /** Sends what is recorded so far. */
  flush(): Promise<void>;
  /** Sends the rest and stops; never rejects, a receiver that is away must not hold up a shutdown. */
  stop(): Promise<void>;
}

const SCOPE = 'quotebridge';
const EXPORT = {
  maxQueueSize: 4096,
  maxExportBatchSize: 512,
  scheduledDelayMillis: 2_000,
  exportTimeoutMillis: 5_000,
};

/**
 * What the process is, and where it runs as OTEL_RESOURCE_ATTRIBUTES says it (pod, node, namespace; an id of the instance, which
 * otherwise is a new one at each start).
 */
const resourceOf = ({ service, version }: TelemetryOptions): Resource =>
  resourceFromAttributes({ 'service.instance.id': randomIds.next() })
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(
      resourceFromAttributes({
        'service.name': service,
        'service.version': version,
        'service.namespace': SCOPE,
      }),
    );

const tracesUrl = (endpoint: string): string => `${endpoint.replace(/\/+$/, '')}/v1/traces`;

const quietly = async (work: Promise<unknown>): Promise<void> => {
  await work.catch(() => undefined);
};

/** Spans by hand: light, no AsyncLocalStorage, nothing patched. Without a receiver traces still have ids, for logs. */
const startManual = (options: TelemetryOptions): Telemetry => {
  const { otlpEndpoint, sampleRatio } = options;
  const provider = new BasicTracerProvider({
    resource: resourceOf(options),
    sampler: new ParentBasedSampler({
      root: otlpEndpoint === undefined ? new AlwaysOffSampler() : new TraceIdRatioBasedSampler(sampleRatio),
    }),
    // Batches leave in the background, and a full queue drops spans instead of holding up requests.
    spanProcessors:
      otlpEndpoint === undefined
        ? []
        : [new BatchSpanProcessor(new OTLPTraceExporter({ url: tracesUrl(otlpEndpoint) }), EXPORT)],
  });
  tracing.tracer = provider.getTracer(SCOPE, options.version);
  return { flush: () => provider.forceFlush(), stop: () => quietly(provider.shutdown()) };
};

/** A context that follows the code, which spans of libraries need. Loaded only when asked for. */
const startAutomatic = async (options: TelemetryOptions): Promise<Telemetry> => {
  const { core, NodeSDK, tracing: sdk } = await import('@opentelemetry/sdk-node');
  const exporter =
    options.otlpEndpoint === undefined
      ? []
      : [new OTLPTraceExporter({ url: tracesUrl(options.otlpEndpoint) })];
  const processors = exporter.map((to) => new sdk.BatchSpanProcessor(to, EXPORT));
  const node = new NodeSDK({
    resource: resourceOf(options),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(options.sampleRatio) }),
    spanProcessors: processors,
    // Traces only: what a caller puts into baggage would go on to outside systems.
    textMapPropagator: new core.W3CTraceContextPropagator(),
  });
  node.start();
  tracing.tracer = trace.getTracer(SCOPE, options.version);
  tracing.activate = (context, fn) => activeContext.with(context, fn);
  tracing.active = () => activeContext.active();
  return {
    flush: async () => {
      await Promise.all(processors.map((processor) => processor.forceFlush()));
    },
    stop: () => quietly(node.shutdown()),
  };
};

let running: Promise<Telemetry> | undefined;

/**
 * Starts tracing for this process; further calls give the telemetry that runs already, so that several components
 * may share a process.
 */
export const startTelemetry = (options: TelemetryOptions): Promise<Telemetry> => {
  running ??= Promise.resolve(
    options.autoInstrumentation ? startAutomatic(options) : startManual(options),
  ).then(({ flush, stop }) => ({
    flush,
    stop: async () => {
      running = undefined;
      Object.assign(tracing, { tracer: undefined, activate: undefined, active: undefined });
      await stop();
    },
  }));
  return running;
};
