import { parseScope } from './scopes';

/** Role name → the scopes it stands for. */
export type Roles = Readonly<Record<string, readonly string[]>>;

/** The roles a system starts with; a deployment may replace or extend them by its settings. */
export const DEFAULT_ROLES: Roles = {
  /** Everything, also the operations views. */
  admin: ['*:*'],
  /** Runs the system: sees everything, resumes subscribers, replays dead letters; changes no business data. */
  operator: ['*:read', '*:admin'],
  /** A TMF client with full use of the business resources. */
  integrator: ['*:read', '*:write', '*:delete'],
  /** Buys what is sold: sees and keeps what parts cost us, which besides only admin does. */
  procurement: ['*:read', 'productSpecification:write', 'procurementCost:read', 'procurementCost:write'],
  /** Looks at everything, what parts cost and what quotes earn included: who controls, and services that work that out. */
  controlling: ['*:read', 'procurementCost:read', 'quoteMargin:read'],
  /** Leads, opportunities, quotes and orders; the catalog and the customers are read only. */
  sales: [
    'product*:read',
    'catalog:read',
    'category:read',
    'customer:read',
    'individual:read',
    'organization:read',
    'partyRole:read',
    'salesLead:*',
    'salesOpportunity:*',
    'quote:read',
    'quote:write',
    'quote:delete',
    'productOrder:write',
    'cancelProductOrder:read',
    'cancelProductOrder:write',
  ],
  /** Looks, never changes. */
  reader: ['*:read'],
  /** The service account of a connector instance. */
  connector: ['*:read', '*:write'],
};

/** The table itself when each scope in it can be read, else an error that lists what cannot. */
export const checkedRoles = (roles: Roles): Roles => {
  const wrong = Object.entries(roles).flatMap(([role, scopes]) =>
    scopes.flatMap((text) => {
      const scope = parseScope(text);
      return scope.ok ? [] : [`role ${role}: ${scope.error}`];
    }),
  );
  if (wrong.length > 0) throw new Error(`The roles cannot be used. ${wrong.join('; ')}`);
  return roles;
};

/** The scopes of several roles together; a role that the table does not know grants nothing. */
export const scopesOf = (roles: Roles, names: readonly string[]): string[] =>
  names.flatMap((name) => (Object.hasOwn(roles, name) ? (roles[name] ?? []) : []));
