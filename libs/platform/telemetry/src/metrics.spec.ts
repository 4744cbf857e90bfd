import fastify from 'fastify';
import { consumptionObserver, createLogger, createMetrics, eventMetrics, httpTelemetry } from './index';

const fresh = () => createMetrics({ service: 'quote', processMetrics: false });

describe('metrics', () => {
  it('requests are counted and timed by route template, method and status', async () => {
    const app = fastify();
    httpTelemetry(app, { metrics: fresh() });
    app.get('/quote/:id', async (request, reply) =>
      (request.params as { id: string }).id === 'none' ? reply.code(404).send({}) : {},
    );
    await Promise.all(
      ['/quote/1', '/quote/2', '/quote/none', '/nowhere/1', '/nowhere/2'].map((url) => app.inject(url)),
    );
    const { body, headers } = await app.inject('/metrics');
    await app.close();
    const count = (route: string, status: number): string | undefined =>
      body
        .split('\n')
        .find((line) =>
          line.startsWith(
            `http_server_request_duration_seconds_count{service="quote",http_request_method="GET",http_route="${route}",http_response_status_code="${status}",error_type=""}`,
          ),
        )
        ?.split(' ')
        .pop();
    expect(headers['content-type']).toContain('text/plain');
    expect(count('/quote/:id', 200)).toBe('2');
    expect(count('/quote/:id', 404)).toBe('1');
    expect(count('unmatched', 404)).toBe('2');
    expect(body).not.toContain('/nowhere');
  });

  it('a request fails by its label error_type when the server failed, not when it asks for what nobody implements', async () => {
    const app = fastify();
    httpTelemetry(app, { metrics: fresh() });
    app.get('/:status', async (request, reply) =>
      reply.code(Number((request.params as { status: string }).status)).send({}),
    );
    for (const status of [200, 404, 499, 500, 501, 503]) await app.inject(`/${status}`);
    const { body } = await app.inject('/metrics');
    await app.close();
    const failed = [...body.matchAll(/_count\{.*status_code="(\d+)",error_type="(\d*)"\}/g)].map(
      ([, status, error]) => [status, error],
    );
    expect(failed).toEqual([
      ['200', ''],
      ['404', ''],
      ['499', ''],
      ['500', '500'],
      ['501', ''],
      ['503', '503'],
    ]);
  });

  it('no input can grow a metric beyond its bound: the rest is counted as other', async () => {
    const metrics = fresh();
    const counter = metrics.counter({ name: 'seen_total', help: 'x', labels: ['what'], maxSeries: 3 });
    for (let n = 0; n < 100; n++) counter.add({ what: `w${n}` });
    counter.add({ what: 'w0' }, 5);
    const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('seen_total'));
    expect(lines).toEqual([
      'seen_total{what="w0",service="quote"} 6',
      'seen_total{what="w1",service="quote"} 1',
      'seen_total{what="w2",service="quote"} 1',
      'seen_total{what="other",service="quote"} 97',
    ]);
  });

  it('a gauge with a collector is read at the time of the scrape', async () => {
    const metrics = fresh();
    let depth = 1;
    metrics.gauge({ name: 'depth', help: 'x', labels: ['queue'] }, (gauge) =>
      gauge.set({ queue: 'a' }, depth),
    );
    depth = 7;
    expect(await metrics.text()).toContain('depth{queue="a",service="quote"} 7');
  });

  it('dead letters of a consumer are counted from nothing, so that the first one is an increase', async () => {
    const metrics = fresh();
    const observer = consumptionObserver(
      createLogger({ service: 'quote', level: 'silent' }),
      eventMetrics(metrics),
    );
    observer.begin('quote-orders');
    expect(await metrics.text()).toContain(
      'quotebridge_dead_letters_total{consumer="quote-orders",service="quote"} 0',
    );
  });

  it('relay lag, consumer lag and dead letters have their agreed names', async () => {
    const metrics = fresh();
    const events = eventMetrics(metrics);
    events.relayLag.set({ collection: 'quote' }, 0.25);
    events.consumerLag.set({ consumer: 'quote-orders' }, 12);
    events.deadLetters.add({ consumer: 'quote-orders' });
    const text = await metrics.text();
    expect(text).toContain('quotebridge_relay_lag_seconds{collection="quote",service="quote"} 0.25');
    expect(text).toContain('quotebridge_consumer_lag_messages{consumer="quote-orders",service="quote"} 12');
    expect(text).toContain('quotebridge_dead_letters_total{consumer="quote-orders",service="quote"} 1');
  });
});
