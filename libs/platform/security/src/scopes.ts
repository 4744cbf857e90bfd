import { ok, err, type Result } from '@quotebridge/platform/core';
import type { Action } from './principal';

const BITS: Readonly<Record<Action | '*', number>> = { read: 1, write: 2, delete: 4, admin: 8, '*': 15 };
const SCOPE = /^(\*|[A-Za-z][\w.-]{0,63}\*?):(read|write|delete|admin|\*)$/;
const MAX_MEMO = 512;

/** One scope, taken apart: `resource` without its trailing `*`, and the actions as bits. */
interface Scope {
  readonly resource: string;
  readonly isPrefix: boolean;
  readonly bits: number;
}

/**
 * Reads `<resource>:<action>`. The resource is a name, a name's beginning followed by `*`, or `*`; the action is
 * read, write, delete, admin or `*`. The error is a sentence for whoever wrote the scope.
 */
export const parseScope = (text: string): Result<Scope, string> => {
  const [, resource, action] = SCOPE.exec(text) ?? [];
  if (resource === undefined || action === undefined) {
    return err(
      `"${text.slice(0, 80)}" is not a scope: write <resource>:<action>, for example quote:read or product*:*`,
    );
  }
  const isPrefix = resource.endsWith('*');
  return ok({
    resource: isPrefix ? resource.slice(0, -1) : resource,
    isPrefix,
    bits: BITS[action as keyof typeof BITS],
  });
};

/** The scopes of one principal in the form that answers without allocating. */
class Grants {
  private readonly exact = new Map<string, number>();
  private readonly own: ReadonlyMap<string, number>;
  private readonly prefixes: Scope[] = [];

  constructor(scopes: Iterable<string>) {
    for (const text of scopes) {
      const scope = parseScope(text);
      // A word that is no scope of ours (`openid`) grants nothing.
      if (!scope.ok) continue;
      const { resource, isPrefix, bits } = scope.value;
      if (isPrefix) this.prefixes.push(scope.value);
      else this.exact.set(resource, (this.exact.get(resource) ?? 0) | bits);
    }
    this.own = new Map(this.exact);
    for (const [resource, bits] of this.exact) this.exact.set(resource, bits | this.byPrefix(resource));
  }

  bits(resource: string): number {
    const known = this.exact.get(resource);
    if (known !== undefined) return known;
    const bits = this.byPrefix(resource);
    // Resource names come from code and are few; the bound is there in case a caller passes input.
    if (this.exact.size < MAX_MEMO) this.exact.set(resource, bits);
    return bits;
  }

  /** Bits of the scopes that name the resource, or its beginning; `*` counts only when it grants everything. */
  namedBits(resource: string): number {
    let bits = this.own.get(resource) ?? 0;
    for (const prefix of this.prefixes) {
      const isNamed = prefix.resource !== '' || prefix.bits === BITS['*'];
      if (isNamed && resource.startsWith(prefix.resource)) bits |= prefix.bits;
    }
    return bits;
  }

  private byPrefix(resource: string): number {
    return this.prefixes.reduce((sum, p) => (resource.startsWith(p.resource) ? sum | p.bits : sum), 0);
  }
}

const compiled = new WeakMap<ReadonlySet<string>, Grants>();

/**
 * Whether the scopes permit the action on the resource. The set is compiled on first use and kept as long as it
 * lives, so a set must not change after it was asked about.
 */
export const scopesAllow = (scopes: ReadonlySet<string>, resource: string, action: Action): boolean =>
  (grantsOf(scopes).bits(resource) & BITS[action]) !== 0;

/**
 * The same for what is so confidential that a general scope such as `*:read` does not cover it: the scopes must name
 * the resource (`procurementCost:read`) or grant everything (`*:*`).
 */
export const scopesAllowByName = (scopes: ReadonlySet<string>, resource: string, action: Action): boolean =>
  (grantsOf(scopes).namedBits(resource) & BITS[action]) !== 0;

const grantsOf = (scopes: ReadonlySet<string>): Grants => {
  let grants = compiled.get(scopes);
  if (grants === undefined) {
    grants = new Grants(scopes);
    compiled.set(scopes, grants);
  }
  return grants;
};
