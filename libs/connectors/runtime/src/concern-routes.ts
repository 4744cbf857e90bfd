import type { ConnectorStores } from '@quotebridge/connectors/sdk';
import type { FastifyInstance } from 'fastify';
import { listOrder, sendListed, type ListQuery } from './paging';

/** Concerns that the report of an instance names, the latest; it counts all. */
const MOST_NAMED = 20;

/** What the report of an instance tells of its concerns; nothing where there are none. */
export const concernReport = async ({ concerns }: Pick<ConnectorStores, 'concerns'>) => {
  const counts = [...(await concerns.counts()).values()];
  if (counts.length === 0) return {};
  const { items } = await concerns.list({ limit: MOST_NAMED });
  return { concerns: { count: counts.reduce((sum, count) => sum + count, 0), latest: items } };
};

/** `GET /concerns`: the records that are not as they should be although nothing failed, the latest first. */
export const concernRoutes = (
  app: FastifyInstance,
  { stores: { concerns } }: { readonly stores: Pick<ConnectorStores, 'concerns'> },
): void => {
  app.get<{ Querystring: ListQuery }>('/concerns', async (request, reply) =>
    sendListed(request, reply, await concerns.list(listOrder(request.query))),
  );
};
