import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import type { Refusal } from '@quotebridge/platform/core';
import Fastify, { type FastifyInstance } from 'fastify';
import { answerInTime } from './answer-in-time';
import { securityHeaders } from './security-headers';

describe('a server with a time limit and security headers', () => {
  let fastify: FastifyInstance;
  let release: () => void;

  beforeEach(() => {
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    fastify = Fastify();
    answerInTime(fastify, 100);
    securityHeaders(fastify);
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
  });

  it('answers 503 for a handler that takes too long, and only for that one', async () => {
    const slow = fastify.inject('/slow');
    expect((await fastify.inject('/quick')).body).toBe('done');
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
    const [said] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(said.toString()).toMatch(/^HTTP\/1\.1 408 .*requestTimeout/s);
  });

  it('a late answer of the handler changes nothing and ends nothing', async () => {
    expect((await fastify.inject('/slow')).statusCode).toBe(503);
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
