import { Refusal } from '@quotebridge/platform/core';
import type { Action, Principal } from './principal';
import { scopesAllow, scopesAllowByName } from './scopes';

/** Whether the principal may do this; allocation-free, for hot paths. */
export const allows = (principal: Principal, resource: string, action: Action): boolean =>
  scopesAllow(principal.scopes, resource, action);

/** Whether the principal holds a role. Where access control is off, everybody holds every role. */
export const holdsRole = ({ kind, roles }: Principal, role: string): boolean =>
  kind === 'anonymous' || roles.has(role);

/** Whether the principal may do this by a scope that names the resource; general scopes do not count. */
export const allowsByName = (principal: Principal, resource: string, action: Action): boolean =>
  scopesAllowByName(principal.scopes, resource, action);

/** The 403 that names the missing scope (RFC 6750, 3.1); of several resources, the scope of one is enough. */
export const insufficientScope = (resource: string | readonly string[], action: Action): Refusal => {
  const scopes = [resource].flat().map((one) => `${one}:${action}`);
  const needed = `${scopes.length === 1 ? 'the scope' : 'one of the scopes'} ${scopes.join(', ')}`;
  return new Refusal(
    403,
    'insufficientScope',
    `This needs ${needed}, which your credential does not carry. Ask for a role that includes it.`,
    {
      headers: {
        'WWW-Authenticate': `Bearer realm="quotebridge", error="insufficient_scope", scope="${scopes.join(' ')}"`,
      },
    },
  );
};

/** Does nothing when the principal may do this, else throws {@link insufficientScope}. */
export const requireScope = (principal: Principal, resource: string, action: Action): void => {
  if (!scopesAllow(principal.scopes, resource, action)) throw insufficientScope(resource, action);
};
