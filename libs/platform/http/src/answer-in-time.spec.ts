import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Refusal } from '@quotebridge/platform/core';
import Fastify, { type FastifyInstance } from 'fastify';
import { answerInTime } from './answer-in-time';
import { securityHeaders } from './security-headers';

const LIMIT_MS = 100;
const REAL = ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'hrtime'] as const;

describe('a server with a time limit and security headers', () => {
  let fastify: FastifyInstance;
  let release: () => void;
  let arrived = 0;

  beforeEach(() => {
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    // The limit passes when a test says so, and not because the machine is slow.
    jest.useFakeTimers({ doNotFake: [...REAL] });
    arrived = 0;
    fastify = Fastify();
    answerInTime(fastify, LIMIT_MS);
    securityHeaders(fastify);
    fastify.addHook('onRequest', (_request, _reply, done) => {
      arrived += 1;
      done();
    });
    fastify.setErrorHandler((thrown, _request, reply) => {
      const refusal = thrown as Refusal;
      void reply.code(refusal.status).send({ code: refusal.code });
    });
    fastify.get('/quick', async () => 'done');
    fastify.get('/slow', async () => {
      await held;
      return 'late';
    });
  });
  afterEach(async () => {
    release();
    await fastify.close();
    jest.useRealTimers();
  });
  /** The limit passes for so many requests, as soon as they are there. */
  const limitPasses = async (requests = 1): Promise<void> => {
    while (arrived < requests) await sleep(5);
    jest.advanceTimersByTime(1.2 * LIMIT_MS);
  };

  it('answers 503 for a handler that takes too long, and only for that one', async () => {
    const slow = fastify.inject('/slow');
    expect((await fastify.inject('/quick')).body).toBe('done');
    await limitPasses(2);
    const answer = await slow;
    expect([answer.statusCode, answer.json()]).toEqual([503, { code: 'tooSlow' }]);
  });

  it('answers 408 for a request whose body does not arrive', async () => {
    fastify.post('/taken', async () => 'done');
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    const { port } = fastify.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.write(
      'POST /taken HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    );
    await limitPasses();
    const [said] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(said.toString()).toMatch(/^HTTP\/1\.1 408 .*requestTimeout/s);
  });

  it('lets go of a request whose client hung up, once its time is over', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    let held: WeakRef<object> | undefined;
    fastify.addHook('onRequest', (request, _reply, done) => {
      held = new WeakRef(request);
      done();
    });
    const hungUp = new Promise<void>((resolve) => {
      fastify.addHook('onRequestAbort', (_request, done) => {
        done();
        resolve();
      });
    });
    fastify.get('/hang', () => undefined);
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    const { port } = fastify.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /hang HTTP/1.1\r\nHost: x\r\n\r\n');
    while (held === undefined) await sleep(5);
    socket.destroy();
    await hungUp;
    await limitPasses();
    for (let looks = 0; held.deref() !== undefined && looks < 20; looks += 1) {
      await sleep(50);
      collect();
    }
    expect(held.deref()).toBeUndefined();
  });

  it('a late answer of the handler changes nothing and ends nothing', async () => {
    const slow = fastify.inject('/slow');
    await limitPasses();
    expect((await slow).statusCode).toBe(503);
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect((await fastify.inject('/quick')).statusCode).toBe(200);
  });

  it('every answer has the headers that helmet gives', async () => {
    for (const url of ['/quick', '/nowhere']) {
      const { headers } = await fastify.inject(url);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['strict-transport-security']).toContain('max-age');
      expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    }
  });
});
