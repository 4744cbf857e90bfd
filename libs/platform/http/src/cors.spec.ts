import Fastify, { type FastifyInstance } from 'fastify';
import { allowOrigins } from './cors';

const OURS = 'https://shop.example';

describe('pages of other origins', () => {
  let fastify: FastifyInstance;
  const serve = async (origins: readonly string[]): Promise<void> => {
    fastify = Fastify();
    await allowOrigins(fastify, origins);
    fastify.get('/things', async (_request, reply) => reply.header('X-Total-Count', '7').send([]));
    fastify.options('/things', async (_request, reply) => reply.code(204).header('Allow', 'GET').send());
  };
  const ask = (method: 'GET' | 'OPTIONS', headers: Record<string, string>) =>
    fastify.inject({ method, url: '/things', headers });

  afterEach(() => fastify.close());

  it('may call and read what a page of a list, a refusal and a limit say', async () => {
    await serve([OURS]);
    const preflight = await ask('OPTIONS', {
      origin: OURS,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization,if-match',
    });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': OURS,
      'access-control-allow-headers': 'authorization,if-match',
    });
    expect(preflight.headers['access-control-allow-methods']).toContain('PATCH');
    const { headers } = await ask('GET', { origin: OURS });
    expect(headers['access-control-allow-origin']).toBe(OURS);
    const exposed = String(headers['access-control-expose-headers']).split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining(['ETag', 'Link', 'X-Total-Count', 'X-Error-Id', 'Retry-After', 'Allow']),
    );
  });

  it('are not allowed when their origin is not listed', async () => {
    await serve([OURS]);
    const foreign = { origin: 'https://elsewhere.example', 'access-control-request-method': 'GET' };
    expect((await ask('OPTIONS', foreign)).headers).not.toHaveProperty('access-control-allow-origin');
    expect((await ask('GET', foreign)).headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('are all allowed by a star', async () => {
    await serve(['*']);
    const { headers } = await ask('GET', { origin: 'https://elsewhere.example' });
    expect(headers['access-control-allow-origin']).toBe('*');
  });

  it.each<[string, Record<string, string>]>([
    ['no page', {}],
    ['a page', { origin: OURS }],
  ])('do not take OPTIONS away from its route: asked by %s', async (_who, headers) => {
    await serve([OURS]);
    const answer = await ask('OPTIONS', headers);
    expect([answer.statusCode, answer.headers['allow']]).toEqual([204, 'GET']);
  });
});
