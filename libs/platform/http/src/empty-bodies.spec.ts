import { connect, type AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { ignoreTypesOfNothing } from './empty-bodies';

describe('a server that ignores the media type of a body which is not there', () => {
  const fastify = Fastify();
  ignoreTypesOfNothing(fastify);
  fastify.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/',
    handler: async ({ body }) => ({ body: body ?? 'none' }),
  });
  beforeAll(() => fastify.listen({ host: '127.0.0.1', port: 0 }));
  afterAll(() => fastify.close());

  /** What comes back for these pieces, each sent when the one before has arrived; the sending ends after them. */
  const answerTo = async (...pieces: readonly string[]): Promise<string> => {
    const socket = connect((fastify.server.address() as AddressInfo).port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    // A server that answers before it has read all may reset what it closes.
    socket.on('error', () => undefined);
    let got = '';
    socket.on('data', (chunk: Buffer) => (got += chunk.toString()));
    for (const piece of pieces) {
      await new Promise((sent) => socket.write(piece, sent));
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.end();
    await closed;
    return got;
  };
  const head = (method: string, type: string): string =>
    `${method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const NONE = /^HTTP\/1\.1 200 [^]*\{"body":"none"\}$/;

  it.each([
    ['GET', 'application/json', {}],
    ['DELETE', 'application/json', {}],
    ['DELETE', 'application/json; charset=utf-8', { 'content-length': '0' }],
    ['DELETE', 'text/html', {}],
    ['DELETE', 'no media type', {}],
    ['POST', 'application/json', { 'content-length': '0' }],
    ['POST', 'application/merge-patch+json', { 'content-length': '0' }],
  ] as const)('takes a %s of %s with %j as one without a body', async (method, type, headers) => {
    const answer = await fastify.inject({ method, url: '/', headers: { 'content-type': type, ...headers } });
    expect([answer.statusCode, answer.json()]).toEqual([200, { body: 'none' }]);
  });

  it.each(['GET', 'DELETE', 'POST'])('takes a %s in no chunks as one without a body', async (method) => {
    for (const type of ['application/json', 'text/html']) {
      expect(await answerTo(`${head(method, type)}0\r\n\r\n`)).toMatch(NONE);
      expect(await answerTo(head(method, type), '0\r\n', '\r\n')).toMatch(NONE);
    }
  });

  it.each([
    ['in one piece', ['7\r\n{"a":1}\r\n0\r\n\r\n']],
    ['in pieces', ['1\r\n{\r\n', '4\r\n"a":\r\n', '2\r\n1}\r\n', '0\r\n\r\n']],
  ])('reads a body in chunks that come %s whole', async (_how, chunks) => {
    const answer = await answerTo(head('DELETE', 'application/json'), ...chunks);
    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*\{"body":\{"a":1\}\}$/);
  });

  it('refuses chunks that are none, and goes on', async () => {
    expect(await answerTo(`${head('DELETE', 'application/json')}zz\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await answerTo(`${head('DELETE', 'application/json')}0\r\n\r\n`)).toMatch(NONE);
  });

  it.each([
    ['application/json', '{"a":1}', 200],
    ['application/json', '{', 400],
    ['text/html', '<p>', 415],
  ])('reads %s as its type says when there is %s', async (type, payload, status) => {
    const headers = { 'content-type': type };
    expect((await fastify.inject({ method: 'DELETE', url: '/', headers, payload })).statusCode).toBe(status);
  });
});
