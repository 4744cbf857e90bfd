import type { FastifyInstance } from 'fastify';

/** Where Fastify looks for the name of a plugin; without one it compares the plugin with every module that is loaded. */
const DISPLAY_NAME = Symbol.for('fastify.display-name');

/** Fills a scope of its own: hooks, parsers and error handlers that are set in it count for its routes only. `name` becomes its `pluginName`, which messages of Fastify tell. */
export const registerScope = async (
  fastify: FastifyInstance,
  name: string,
  fill: (scope: FastifyInstance) => void | Promise<void>,
  { prefix = '' }: { readonly prefix?: string } = {},
): Promise<void> => {
  const plugin = async (scope: FastifyInstance): Promise<void> => fill(scope);
  await fastify.register(Object.assign(plugin, { [DISPLAY_NAME]: name }), { prefix });
};
