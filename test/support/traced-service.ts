import '@quotebridge/platform/instrumentation';
import { fastify } from 'fastify';
import { Refusal } from '@quotebridge/platform/core';
import {
  contextFromHeaders,
  createMetrics,
  httpTelemetry,
  openClientSpan,
  startTelemetry,
  traceHeadersOf,
  traceIdOf,
  traceparentOf,
  withSpan,
} from '@quotebridge/platform/telemetry';

// A service with one route per thing the tracing test asks for; run as a process of its own.
const serve = async (otlpEndpoint: string, sampleRatio: number): Promise<void> => {
  const telemetry = await startTelemetry({
    service: 'quote',
    version: '1.2.3',
    otlpEndpoint,
    sampleRatio,
    autoInstrumentation: process.env['AUTO_INSTRUMENTATION'] === 'true',
  });
  const app = fastify();
  httpTelemetry(app, {
    metrics: createMetrics({ service: 'quote', processMetrics: false }),
    untraced: ['/metrics', '/test'],
  });

  app.get<{ Params: { id: string } }>('/quote/:id', (request) =>
    withSpan(
      'find quote',
      'client',
      { 'db.system.name': 'mongodb' },
      request.qbSpanContext,
      async (inner) => ({
        traceparent: traceparentOf(inner),
      }),
    ),
  );
  app.get('/fails', (request) =>
    withSpan('call', 'internal', {}, request.qbSpanContext, () =>
      Promise.reject(new TypeError('no such user bob@example.com')),
    ),
  );
  app.get('/slow', () => new Promise((resolve) => setTimeout(resolve, 60_000, 'late').unref()));
  app.get('/test/refusal', async (request) => {
    const refuse = (): Promise<never> => Promise.reject(new Refusal(412, 'staleRevision', 'Read it again.'));
    return withSpan('save', 'internal', {}, contextFromHeaders(request.headers), refuse).catch(
      () => 'refused',
    );
  });
  app.get('/test/send', (request) =>
    withSpan('send', 'producer', {}, contextFromHeaders(request.headers), async (inner) =>
      traceHeadersOf(inner),
    ),
  );
  app.get<{ Querystring: { to: string } }>('/test/onward', async ({ headers, query }) => {
    const { status } = await fetch(query.to, { headers: traceHeadersOf(contextFromHeaders(headers)) });
    return { status };
  });
  app.get<{ Params: { outcome: string } }>('/test/call/:outcome', async ({ headers, params }) => {
    const url = new URL('https://erp.example/sap/A_SalesOrder?$filter=Name');
    const { context, end } = openClientSpan({ method: 'POST', url }, contextFromHeaders(headers));
    const status = Number(params.outcome);
    end?.(status === 0 ? { fault: 'no answer of bob@example.com' } : { status });
    return { traceparent: traceparentOf(context) };
  });
  app.get<{ Params: { count: string } }>('/test/roots/:count', async (request) =>
    Promise.all(
      Array.from({ length: Number(request.params.count) }, (_, n) =>
        withSpan(`job ${n}`, 'consumer', {}, undefined, async (inner) => ({
          id: traceIdOf(inner),
          sampled: traceparentOf(inner)?.endsWith('-01') === true,
        })),
      ),
    ),
  );
  app.get('/test/flush', async () => {
    await telemetry.flush();
    return {};
  });
  process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
};

serve(process.argv[2] ?? '', Number(process.argv[3])).catch((thrown: unknown) => {
  process.stderr.write(`${String(thrown)}\n`);
  process.exit(1);
});
