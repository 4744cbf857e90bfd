import Fastify from 'fastify';
import { registerScope } from './scope';

describe('a scope', () => {
  it('keeps its hooks to its own routes, stands below its prefix, and tells its name', async () => {
    const fastify = Fastify();
    let name = '';
    await registerScope(
      fastify,
      'guarded',
      (scope) => {
        name = scope.pluginName;
        scope.addHook('onRequest', async (_request, reply) => reply.code(401).send());
        scope.get('/inside', async () => 'inside');
      },
      { prefix: '/api' },
    );
    fastify.get('/outside', async () => 'outside');
    await fastify.ready();
    const statusOf = async (url: string): Promise<number> => (await fastify.inject({ url })).statusCode;
    expect([await statusOf('/api/inside'), await statusOf('/outside')]).toEqual([401, 200]);
    expect(name).toContain('guarded');
    await fastify.close();
  });
});
