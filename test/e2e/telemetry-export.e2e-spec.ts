import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  eventually,
  otlpReceiver,
  spansOf,
  type OtlpBody,
  type OtlpReceiver,
  type ReceivedSpan,
} from './support';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SAMPLED = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const SKIPPED = `00-${TRACE_ID}-b7ad6b7169203331-00`;
const ROOT = path.resolve(__dirname, '../..');

/** As many spans may wait for the receiver (start-telemetry.ts). */
const MOST_WAITING = 4_096;
const MADE = 20_000;

/** A receiver that answers nothing until it is released, and knows the ids of the spans that came. */
const heldReceiver = async () => {
  const ids = new Set<string>();
  const waiting: (() => void)[] = [];
  let isHeld = true;
  const server = createServer((asked, answer) => {
    let text = '';
    asked.setEncoding('utf8').on('data', (more: string) => (text += more));
    asked.on('end', () => {
      for (const { spanId } of spansOf(JSON.parse(text) as OtlpBody)) ids.add(spanId);
      const reply = (): void => void answer.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      if (isHeld) waiting.push(reply);
      else reply();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ids: () => ids,
    release: () => {
      isHeld = false;
      waiting.splice(0).forEach((reply) => reply());
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};

const spawnService = async (
  endpoint: string,
  ratio: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{ child: ChildProcess; base: string }> => {
  const child = spawn(
    process.execPath,
    [
      '-r',
      path.join(ROOT, 'test/support/ts-register.cjs'),
      path.join(ROOT, 'test/support/traced-service.ts'),
      endpoint,
      String(ratio),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } },
  );
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, base: line.toString().trim() };
};

describe('tracing, received over OTLP by HTTP', () => {
  let receiver: OtlpReceiver;
  let service: { child: ChildProcess; base: string } | undefined;

  const get = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${service?.base}${url}`, { headers });
  const received = async (): Promise<readonly ReceivedSpan[]> => {
    await get('/test/flush');
    return receiver.spans();
  };

  beforeAll(async () => {
    receiver = await otlpReceiver();
    service = await spawnService(`${receiver.url}/`, 1, {
      OTEL_RESOURCE_ATTRIBUTES: 'k8s.namespace.name=qb,k8s.pod.name=quote-7,service.name=other',
    });
  });
  beforeEach(async () => {
    await get('/test/flush');
    receiver.clear();
  });
  afterAll(async () => {
    service?.child.kill();
    await receiver.close();
  });

  it('a caller’s trace goes through the request to the store and on to the next hop', async () => {
    const answer = await get('/quote/7?note=secret', { traceparent: SAMPLED });
    const spans = await received();
    const server = spans.find(({ name }) => name === 'GET /quote/:id');
    const client = spans.find(({ name }) => name === 'find quote');
    expect(server).toMatchObject({ traceId: TRACE_ID, parentSpanId: 'b7ad6b7169203331', kind: 2 });
    expect(client).toMatchObject({ traceId: TRACE_ID, parentSpanId: server?.spanId, kind: 3 });
    expect(await answer.json()).toEqual({ traceparent: `00-${TRACE_ID}-${client?.spanId}-01` });
    expect(server?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/quote/:id',
      'url.path': '/quote/7',
      'url.scheme': 'http',
      'http.response.status_code': 200,
    });
    expect(client?.attributes).toEqual({ 'db.system.name': 'mongodb' });
  });

  it('the exported resource names the service, its version, and where it runs', async () => {
    await get('/quote/7');
    expect((await received())[0]?.resource).toMatchObject({
      'service.name': 'quote',
      'service.version': '1.2.3',
      'k8s.namespace.name': 'qb',
      'k8s.pod.name': 'quote-7',
      'service.instance.id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
  });

  it('a trace the caller did not choose is carried on but not recorded', async () => {
    const answer = await get('/quote/7', { traceparent: SKIPPED });
    expect(await answer.json()).toEqual({ traceparent: SKIPPED });
    expect(await received()).toEqual([]);
  });

  it('a request that no route takes names none, as the conventions want it', async () => {
    expect((await get('/nowhere', { traceparent: SAMPLED })).status).toBe(404);
    const [span] = await received();
    expect(span).toMatchObject({ name: 'GET', kind: 2, traceId: TRACE_ID });
    expect(span?.attributes).toEqual({
      'http.request.method': 'GET',
      'url.path': '/nowhere',
      'url.scheme': 'http',
      'http.response.status_code': 404,
    });
  });

  it('reading the metrics is not traced', async () => {
    expect((await get('/metrics')).status).toBe(200);
    expect(await received()).toEqual([]);
  });

  it('an unexpected error marks both spans and carries no personal data', async () => {
    expect((await get('/fails')).status).toBe(500);
    const spans = await received();
    const inner = spans.find(({ name }) => name === 'call');
    const outer = spans.find(({ name }) => name === 'GET /fails');
    expect(inner?.status).toEqual({ code: 2, message: 'no such user [e-mail]@example.com' });
    expect(inner?.attributes['error.type']).toBe('TypeError');
    expect(outer?.status.code).toBe(2);
    expect(outer?.attributes).toMatchObject({ 'error.type': '500', 'http.response.status_code': 500 });
  });

  it('a refusal by the caller’s fault names its code but is no error of the span', async () => {
    await get('/test/refusal', { traceparent: SAMPLED });
    const [span] = await received();
    expect(span?.status.code).toBe(0);
    expect(span?.attributes['error.type']).toBe('staleRevision');
  });

  it.each([
    [201, 0, { 'http.response.status_code': 201 }],
    [404, 2, { 'http.response.status_code': 404, 'error.type': '404' }],
    [0, 2, { 'error.type': 'no_answer' }],
  ])('a call that ends with status %d has the names of the conventions', async (status, code, more) => {
    const answer = await get(`/test/call/${status}`, { traceparent: SAMPLED });
    const [span, ...others] = await received();
    expect(others).toEqual([]);
    expect(span).toMatchObject({
      name: 'POST',
      kind: 3,
      traceId: TRACE_ID,
      parentSpanId: 'b7ad6b7169203331',
    });
    expect(span?.status).toEqual({ code, message: status === 0 ? 'no answer of [e-mail]@example.com' : '' });
    expect(span?.attributes).toEqual({
      'http.request.method': 'POST',
      'server.address': 'erp.example',
      'server.port': 443,
      'url.full': 'https://erp.example/sap/A_SalesOrder',
      ...more,
    });
    expect(await answer.json()).toEqual({ traceparent: `00-${TRACE_ID}-${span?.spanId}-01` });
  });

  it('a call in a trace the caller did not choose is not recorded', async () => {
    const answer = await get('/test/call/201', { traceparent: SKIPPED });
    expect(await answer.json()).toEqual({ traceparent: SKIPPED });
    expect(await received()).toEqual([]);
  });

  it('a span without a parent starts a trace of its own', async () => {
    const roots = (await (await get('/test/roots/2')).json()) as { id: string }[];
    expect(new Set(roots.map(({ id }) => id)).size).toBe(2);
    const spans = await received();
    expect(spans.map(({ parentSpanId }) => parentSpanId)).toEqual(['', '']);
    expect(spans.map(({ kind }) => kind)).toEqual([5, 5]);
  });

  it('state of other vendors travels along unchanged', async () => {
    const answer = await get('/test/send', { traceparent: SAMPLED, tracestate: 'rojo=00f067,congo=t61' });
    expect(await answer.json()).toMatchObject({ tracestate: 'rojo=00f067,congo=t61' });
  });

  it('a client that hangs up ends its span', async () => {
    await expect(fetch(`${service?.base}/slow`, { signal: AbortSignal.timeout(2_000) })).rejects.toThrow();
    const deadline = Date.now() + 20_000;
    let span: ReceivedSpan | undefined;
    while (span === undefined && Date.now() < deadline) {
      span = (await received()).find(({ name }) => name === 'GET /slow');
    }
    expect(span?.attributes['error.type']).toBe('aborted');
  });

  it('with auto-instrumentation the spans made by hand are inside those of the libraries', async () => {
    const auto = await spawnService(receiver.url, 1, { AUTO_INSTRUMENTATION: 'true' });
    await fetch(`${auto.base}/quote/7`, { headers: { traceparent: SAMPLED } });
    await fetch(`${auto.base}/test/flush`);
    auto.child.kill();
    const mine = receiver.spans().filter(({ traceId }) => traceId === TRACE_ID);
    const outer = mine.find(({ parentSpanId }) => parentSpanId === 'b7ad6b7169203331');
    const request = mine.find(({ name, kind }) => name === 'GET /quote/:id' && kind === 1);
    const chain = (from: ReceivedSpan | undefined): string[] => {
      const parent = mine.find(({ spanId }) => spanId === from?.parentSpanId);
      return from === undefined ? [] : [from.spanId, ...chain(parent)];
    };
    expect(outer).toMatchObject({ kind: 2, service: 'quote' });
    expect(chain(mine.find(({ name }) => name === 'find quote'))).toEqual(
      expect.arrayContaining([request?.spanId, outer?.spanId]),
    );
  });

  it.each(['false', 'true'])(
    'a caller’s baggage goes nowhere, the trace does (auto-instrumentation: %s)',
    async (auto) => {
      const seen: IncomingHttpHeaders[] = [];
      const outside = createServer((asked, answer) => {
        seen.push(asked.headers);
        answer.end();
      });
      await once(outside.listen(0, '127.0.0.1'), 'listening');
      const own = await spawnService(receiver.url, 1, { AUTO_INSTRUMENTATION: auto });
      try {
        const to = `http://127.0.0.1:${(outside.address() as AddressInfo).port}/`;
        const headers = { traceparent: SAMPLED, baggage: 'customer=someone-of-importance' };
        await fetch(`${own.base}/test/onward?to=${encodeURIComponent(to)}`, { headers });
        await fetch(`${own.base}/quote/7`, { headers });
        await fetch(`${own.base}/test/flush`);
      } finally {
        own.child.kill();
        outside.closeAllConnections();
        outside.close();
      }
      expect(seen).toMatchObject([{ traceparent: expect.stringContaining(TRACE_ID) }]);
      expect(seen.map(({ baggage }) => baggage)).toEqual([undefined]);
      expect(receiver.spans().length).toBeGreaterThan(0);
      expect(JSON.stringify(receiver.spans())).not.toContain('someone-of-importance');
    },
  );

  it('the share of new traces that are recorded is the ratio asked for', async () => {
    const sampled = await spawnService(receiver.url, 0.1);
    const roots = (await (await fetch(`${sampled.base}/test/roots/4000`)).json()) as { sampled: boolean }[];
    sampled.child.kill();
    const share = roots.filter((root) => root.sampled).length / roots.length;
    // Six standard deviations around 10 % of 4,000.
    expect(share).toBeGreaterThan(0.07);
    expect(share).toBeLessThan(0.13);
  });

  it('a receiver that is away neither holds up requests nor fails them', async () => {
    const alone = await spawnService('http://127.0.0.1:1', 1);
    const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(`${alone.base}/quote/1`)));
    alone.child.kill();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('of more spans than may wait the rest is dropped, requests are answered all the while, and later spans come again', async () => {
    const held = await heldReceiver();
    const alone = await spawnService(held.url, 1);
    try {
      // Made in one go: the exporter takes one batch out, as many wait as may, and the others find no place.
      const roots = (await (await fetch(`${alone.base}/test/roots/${MADE}`)).json()) as object[];
      expect(roots).toHaveLength(MADE);
      await eventually('the first batch at the receiver', () => held.ids().size > 0, 60_000);
      const answers = await Promise.all(Array.from({ length: 80 }, () => fetch(`${alone.base}/quote/1`)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));

      held.release();
      await fetch(`${alone.base}/test/flush`);
      const kept = held.ids().size;
      expect(kept).toBeGreaterThanOrEqual(MOST_WAITING);
      expect(kept).toBeLessThan(MADE / 2);

      await fetch(`${alone.base}/test/roots/3`);
      await fetch(`${alone.base}/test/flush`);
      expect(held.ids().size).toBe(kept + 3);
    } finally {
      alone.child.kill();
      await held.close();
    }
  }, 120_000);
});
