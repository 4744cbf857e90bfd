import { ROOT_CONTEXT, SpanStatusCode, trace, type Context } from '@opentelemetry/api';
import { isServerFailure } from '@quotebridge/platform/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Metrics } from './metrics';
import { startServerSpan } from './spans';

declare module 'fastify' {
  interface FastifyRequest {
    /** The context of the request's span: pass it to the store, the event bus and outgoing calls. */
    qbSpanContext: Context;
  }
}

/** Settings of {@link httpTelemetry}. */
export interface HttpTelemetryOptions {
  readonly metrics: Metrics;
  /** Where Prometheus reads. Default `/metrics`; false when the metrics are served elsewhere. */
  readonly metricsPath?: string | false;
  /** Requests whose path begins with one of these get no span. Default: health checks and metrics. */
  readonly untraced?: readonly string[];
}

const UNTRACED = ['/health', '/metrics'];
/** Label of requests that no route takes; their paths are input and must not become labels. */
const UNMATCHED = 'unmatched';

const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? UNMATCHED;

const pathOf = (url: string): string => {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
};

const openRequestSpan = (request: FastifyRequest, untraced: readonly string[]): Context => {
  const path = pathOf(request.url);
  if (untraced.some((prefix) => path.startsWith(prefix))) return ROOT_CONTEXT;
  // Where no route takes it there is none to tell.
  const { url: route } = request.routeOptions;
  return startServerSpan(
    request.headers,
    route === undefined ? request.method : `${request.method} ${route}`,
    {
      'http.request.method': request.method,
      ...(route === undefined ? {} : { 'http.route': route }),
      'url.path': path,
      'url.scheme': request.protocol,
    },
  ).context;
};

/**
 * A span and a latency observation for every request, in plain Fastify hooks on the given instance. The span is
 * named `METHOD route`, continues the caller's trace, and its context is `request.qbSpanContext`. Attribute and
 * metric names are those of the OpenTelemetry conventions for HTTP; query strings and addresses are left out, they
 * may hold personal data.
 */
export const httpTelemetry = (fastify: FastifyInstance, options: HttpTelemetryOptions): void => {
  const { metrics, metricsPath = '/metrics', untraced = UNTRACED } = options;
  const duration = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the request to the end of its answer, by route template',
    // `error_type` is the status where the server failed, else empty: alerts and error budgets count by it.
    labels: ['http_request_method', 'http_route', 'http_response_status_code', 'error_type'],
    // Routes × statuses of a component with some twenty resources in two versions.
    maxSeries: 2_000,
  });
  const finish = (request: FastifyRequest, reply: FastifyReply, status: number): void => {
    const route = routeOf(request);
    const error = isServerFailure(status) ? String(status) : '';
    duration.observe(
      {
        http_request_method: request.method,
        http_route: route,
        http_response_status_code: String(status),
        error_type: error,
      },
      reply.elapsedTime / 1000,
    );
    const span = trace.getSpan(request.qbSpanContext);
    if (span === undefined || !span.isRecording()) return;
    span.setAttribute('http.response.status_code', status);
    if (error !== '') {
      span.setAttribute('error.type', error);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  };

  fastify.decorateRequest('qbSpanContext');
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.qbSpanContext = openRequestSpan(request, untraced);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    finish(request, reply, reply.statusCode);
    done();
  });
  // A client that hangs up gets no answer; 499 is what proxies call that.
  fastify.addHook('onRequestAbort', (request, done) => {
    const span = trace.getSpan(request.qbSpanContext);
    span?.setAttribute('error.type', 'aborted').end();
    done();
  });
  if (metricsPath !== false) {
    fastify.get(metricsPath, async (_request, reply) =>
      reply.type(metrics.contentType).send(await metrics.text()),
    );
  }
};
