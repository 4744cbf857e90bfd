import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import { requireScope } from '@quotebridge/platform/security';
import type { Runtime } from '@quotebridge/tmf/component';
import { readInstant } from '@quotebridge/tmf/query';
import { attributesOf, idOf } from '@quotebridge/tmf/resource';
import type { FastifyInstance } from 'fastify';
import { accountOf, type AccountLevel } from './account';
import { MAX_LEVELS, walk, type Hierarchy } from './hierarchy';
import type { OrganizationStore } from './organization-store';
import { idAt } from './relations';

const MAX_NODES = 10_000;

type Query = Readonly<Record<string, string | undefined>>;

const refuse = (message: string): never => {
  throw new Refusal(400, 'invalidQuery', message);
};

const levelsOf = ({ levels }: Query): number => {
  if (levels === undefined) return MAX_LEVELS;
  const wanted = Number(levels);
  return Number.isInteger(wanted) && wanted >= 0 && wanted <= MAX_LEVELS
    ? wanted
    : refuse(`levels must be a whole number from 0 to ${MAX_LEVELS}`);
};

const timeOf = ({ effective }: Query, now: number): number => {
  const time = effective === undefined ? now : readInstant(effective);
  return time ?? refuse('effective must be a date and time such as 2026-01-31T09:30:00Z');
};

/** What this component works out of several of its resources. */
export const customerViews = (
  runtime: Runtime,
  organizations: OrganizationStore,
): ((scope: FastifyInstance) => void) => {
  const walkFrom = (id: string, { direction = 'down' }: Query, levels: number): Promise<Hierarchy> => {
    if (direction !== 'down' && direction !== 'up') return refuse('direction must be up or down');
    const read = direction === 'up' ? organizations.readParents() : organizations.readChildren;
    return walk(id, read, { levels, nodes: MAX_NODES });
  };

  /** The customers of a party and of the organizations above it, the nearest first. */
  const levelsAbove = async (id: string): Promise<AccountLevel[]> => {
    const own = await runtime.service('customer').require(id);
    const party = idAt(attributesOf(own), 'engagedParty');
    const self: AccountLevel = { id, customer: attributesOf(own) };
    if (party === undefined) return [self];
    const { nodes } = await walkFrom(party, { direction: 'up' }, MAX_LEVELS);
    const order = new Map(nodes.map((node, index) => [node.id, index]));
    const { collection, opened } = runtime.service('customer').repository;
    const above = await collection
      .find({ 'engagedParty.id': { $in: [...order.keys()] }, _id: { $ne: id } })
      .limit(MAX_NODES)
      .toArray();
    const place = ({ customer }: AccountLevel): number =>
      order.get(idAt(customer, 'engagedParty') ?? '') ?? 0;
    const others = above
      .map((stored): AccountLevel => ({ id: stored._id, customer: attributesOf(opened(stored)) }))
      // Another customer of the very same party is beside this one, not above it.
      .filter((level) => place(level) > 0)
      .sort((a, b) => place(a) - place(b) || (a.id < b.id ? -1 : 1));
    return [self, ...others];
  };

  return (scope) => {
    scope.get<{ Querystring: Query }>('/organizations/:id/hierarchy', async (request) => {
      requireScope(request.qbPrincipal, 'organization', 'read');
      const id = idOf(request);
      await runtime.service('organization').require(id);
      const { nodes, isCut } = await walkFrom(id, request.query, levelsOf(request.query));
      const names = await organizations.namesOf(nodes.map((node) => node.id));
      return { isCut, organizations: nodes.map((node) => ({ ...node, name: names.get(node.id) })) };
    });
    scope.get<{ Querystring: Query }>('/customers/:id/account', async (request) => {
      requireScope(request.qbPrincipal, 'customer', 'read');
      const at = timeOf(request.query, runtime.clock.now());
      const id = idOf(request);
      const levels = await levelsAbove(id);
      const view: JsonObject = {
        id,
        effective: new Date(at).toISOString(),
        customers: levels.map((level) => level.id),
      };
      return { ...view, ...accountOf(levels, at) };
    });
  };
};
