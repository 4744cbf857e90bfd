import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CallFailed } from './call-failed';
import { HttpClient, type HttpCall, type HttpClientOptions } from './http-client';
import { OutboundPolicy } from './outbound-policy';
import { RateBudget } from './rate-budget';

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

describe('HttpClient', () => {
  let server: Server;
  let baseUrl = '';
  let seen: IncomingMessage[] = [];
  let handler: Handler = (_request, response) => response.end('{}');
  const clients: HttpClient[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request);
      handler(request, response, seen.length);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  beforeEach(() => (seen = []));
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await new Promise((resolve) => server.close(resolve));
  });

  const clientWith = (options: Partial<HttpClientOptions> = {}): HttpClient => {
    const policy = new OutboundPolicy({ allow: ['loopback'] });
    const retry = { attempts: 4, baseMs: 1, maxMs: 5, maxWaitMs: 2_000 };
    const client = new HttpClient({
      baseUrl,
      policy,
      retry,
      attemptMs: 60_000,
      deadlineMs: 60_000,
      ...options,
    });
    clients.push(client);
    return client;
  };
  const failing =
    (times: number, status: number): Handler =>
    (_request, response, count) => {
      response.statusCode = count <= times ? status : 200;
      response.end('{}');
    };
  const refusal = async (work: Promise<unknown>): Promise<CallFailed> => {
    const thrown: unknown = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (thrown instanceof CallFailed) return thrown;
    throw new Error(`no CallFailed but ${String(thrown)}`);
  };
  const get: HttpCall = { method: 'GET', path: '/a' };
  const post: HttpCall = { method: 'POST', path: '/a', body: '{}' };

  it('a read is repeated until the server is back', async () => {
    handler = failing(3, 503);
    expect((await clientWith().call(get)).status).toBe(200);
    expect(seen).toHaveLength(4);
  });

  it.each([500, 502, 503, 504])(
    'a write is never repeated after %i, and its outcome counts as unknown',
    async (status) => {
      handler = failing(9, status);
      expect((await refusal(clientWith().call(post))).ambiguous).toBe(true);
      expect(seen).toHaveLength(1);
    },
  );

  it('a write whose answer never comes is not repeated, and its outcome counts as unknown', async () => {
    handler = (request) => void request.socket.destroy();
    expect((await refusal(clientWith().call(post))).ambiguous).toBe(true);
    handler = () => undefined;
    expect((await refusal(clientWith({ attemptMs: 2_000 }).call(post))).ambiguous).toBe(true);
    expect(seen).toHaveLength(2);
  });

  it('a write that was refused or never sent is certain', async () => {
    handler = failing(9, 429);
    expect(await refusal(clientWith().call(post))).toMatchObject({
      ambiguous: false,
      decision: { kind: 'retryAfter' },
    });
    const nobody = clientWith({ baseUrl: 'http://127.0.0.1:1' });
    expect(await refusal(nobody.call(post))).toMatchObject({ ambiguous: false });
  });

  it('the wait of Retry-After is kept', async () => {
    const waits: number[] = [];
    handler = (_request, response, count) => {
      if (count === 1) response.writeHead(429, { 'retry-after': '2' });
      response.end('{}');
    };
    await clientWith({ sleep: async (ms) => void waits.push(ms) }).call(get);
    expect(waits).toEqual([2_000]);
  });

  it('a refused token is renewed once, also for a write', async () => {
    let token = 'old';
    handler = (request, response) => {
      response.statusCode = request.headers.authorization === 'new' ? 200 : 401;
      response.end('{}');
    };
    const renew = jest.fn(async () => void (token = 'new'));
    const authorizer = { headers: async () => ({ authorization: token }), refresh: renew };
    expect((await clientWith({ authorizer }).call(post)).status).toBe(200);
    expect(seen).toHaveLength(2);
    handler = failing(9, 401);
    expect((await refusal(clientWith({ authorizer }).call(post))).decision.kind).toBe('refreshToken');
    expect(renew).toHaveBeenCalledTimes(2);
  });

  it('the circuit opens after failures in a row and lets one call try later', async () => {
    handler = failing(3, 500);
    let now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    const client = clientWith({
      breaker: { failures: 3, halfOpenAfterMs: 100 },
      retry: { attempts: 1, baseMs: 1, maxMs: 1, maxWaitMs: 1 },
    });
    for (let call = 0; call < 3; call += 1) await refusal(client.call(get));
    expect(client.circuit).toBe('open');
    expect(await refusal(client.call(post))).toMatchObject({ ambiguous: false });
    expect(seen).toHaveLength(3);
    now += 150;
    expect((await client.call(get)).status).toBe(200);
    expect(client.circuit).toBe('closed');
  });

  it('a refused record does not open the circuit', async () => {
    handler = failing(99, 400);
    const client = clientWith({ breaker: { failures: 2 } });
    for (let call = 0; call < 5; call += 1) await refusal(client.call(get));
    expect(client.circuit).toBe('closed');
  });

  it('a call outside the system is refused before anything is sent', async () => {
    expect(await refusal(clientWith().call({ method: 'GET', path: 'http://127.0.0.1:1/x' }))).toMatchObject({
      decision: { kind: 'fail' },
    });
    expect(seen).toHaveLength(0);
  });

  it('a redirect is not followed', async () => {
    handler = (_request, response) => response.writeHead(302, { location: '/b' }).end();
    expect((await refusal(clientWith().call(get))).decision.kind).toBe('fail');
    expect(seen).toHaveLength(1);
  });

  it('an answer larger than allowed is not read to its end', async () => {
    handler = (_request, response) => response.end('x'.repeat(5_000));
    const client = clientWith({
      maxBodyBytes: 1_000,
      retry: { attempts: 1, baseMs: 1, maxMs: 1, maxWaitMs: 1 },
    });
    expect((await refusal(client.call(get))).message).toContain('larger than 1000 bytes');
  });

  it('a spent daily budget pauses without calling', async () => {
    handler = failing(0, 200);
    const clock = { now: () => Date.UTC(2026, 0, 1, 23) };
    const client = clientWith({ clock, budget: new RateBudget({ perDay: 1 }, clock) });
    await client.call(get);
    expect((await refusal(client.call(get))).decision).toMatchObject({
      kind: 'pause',
      untilMs: Date.UTC(2026, 0, 2),
    });
    expect(seen).toHaveLength(1);
  });

  it('at most as many calls are open at once as the bulkhead holds', async () => {
    let open = 0;
    let most = 0;
    handler = (_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end('{}');
      }, 5);
    };
    const client = clientWith({ concurrency: 3 });
    await Promise.all(Array.from({ length: 20 }, () => client.call(get)));
    expect(most).toBe(3);
  });

  it('the message of a failure holds neither query nor headers', async () => {
    handler = failing(9, 400);
    const call = {
      method: 'GET' as const,
      path: '/a?token=secret',
      headers: { authorization: 'Bearer secret' },
    };
    expect((await refusal(clientWith().call(call))).message).not.toContain('secret');
  });
});
