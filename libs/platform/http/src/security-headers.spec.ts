import fastify, { type FastifyInstance } from 'fastify';
import { allowOrigins } from './cors';
import { securityHeaders } from './security-headers';

describe('the headers of every answer', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = fastify();
    securityHeaders(app);
    await allowOrigins(app, ['https://shop.example.com']);
    app.get('/found', (_request, reply) => reply.header('ETag', '"1"').send('x'));
    app.get('/known', (_request, reply) => reply.header('ETag', '"1"').code(304).send());
    app.get('/failed', () => {
      throw new Error('no');
    });
  });
  afterAll(() => app.close());

  it.each(['/found', '/known', '/failed', '/nowhere'])(
    'let no cache give %s to somebody with another credential',
    async (url) => {
      const { headers } = await app.inject({ url, headers: { origin: 'https://shop.example.com' } });
      expect(headers['cache-control']).toBe('private, no-cache');
      const named = String(headers['vary'])
        .split(',')
        .map((name) => name.trim().toLowerCase());
      expect(named).toEqual(expect.arrayContaining(['authorization', 'x-api-key', 'origin']));
    },
  );
});
