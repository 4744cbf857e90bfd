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
  afterAll(() => fastify.close());

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

  it.each([
    ['application/json', '{"a":1}', 200],
    ['application/json', '{', 400],
    ['text/html', '<p>', 415],
  ])('reads %s as its type says when there is %s', async (type, payload, status) => {
    const headers = { 'content-type': type };
    expect((await fastify.inject({ method: 'DELETE', url: '/', headers, payload })).statusCode).toBe(status);
  });
});
