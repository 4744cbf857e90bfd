import { objectsAt, Refusal, type Fault, type JsonObject } from '@quotebridge/platform/core';
import { holdsRole, type Principal } from '@quotebridge/platform/security';
import { isGiven, nameOf, type Threshold } from './authorization';
import { itemsOf } from './items';

interface Entry {
  readonly path: string;
  /** The same for an entry before and after a change. */
  readonly key: string;
  readonly entry: JsonObject;
}

/** Authorizations of the quote and of its items. */
const entriesOf = (quote: JsonObject): readonly Entry[] => [
  ...objectsAt(quote, 'authorization').map((entry, index) => ({
    path: `/authorization/${index}`,
    key: `/${String(entry['name'])}`,
    entry,
  })),
  ...itemsOf(quote).flatMap((item) =>
    objectsAt(item, 'quoteItemAuthorization').map((entry) => ({
      path: '/quoteItem',
      key: `${String(item['id'])}/${String(entry['name'])}`,
      entry,
    })),
  ),
];

const rolesIn = (entry: JsonObject): readonly string[] =>
  objectsAt(entry, 'approver').flatMap(({ role }) => (typeof role === 'string' && role !== '' ? [role] : []));

/** Roles that an entry asks for: the threshold's own, else those it names now and named before. */
const rolesFor = (
  { key, entry }: Entry,
  before: readonly JsonObject[],
  thresholds: readonly Threshold[],
): readonly string[] => {
  const own = thresholds.find((threshold) => key === `/${nameOf(threshold)}`);
  if (own === undefined) return [...new Set([entry, ...before].flatMap(rolesIn))];
  return before.some(isGiven) ? [] : [own.role];
};

/**
 * Refuses with 403 that somebody gives an authorization without the roles it names. An entry of a threshold needs the
 * threshold's role, any other the roles it names, also those it named when it was asked for, so that nobody helps
 * himself by naming another one. What was given before stays given, whoever changes the rest of the quote.
 */
export const refuseStrangers = (
  before: JsonObject | undefined,
  after: JsonObject,
  thresholds: readonly Threshold[],
  principal: Principal | undefined,
): void => {
  const old = before === undefined ? [] : entriesOf(before);
  const faults = entriesOf(after).flatMap((given): Fault[] => {
    if (!isGiven(given.entry)) return [];
    const known = old.filter(({ key }) => key === given.key).map(({ entry }) => entry);
    const settled = new Set(known.filter(isGiven).flatMap(rolesIn));
    return rolesFor(given, known, thresholds)
      .filter((role) => !settled.has(role) && !(principal !== undefined && holdsRole(principal, role)))
      .map((role) => ({
        path: `${given.path}/state`,
        message: `'${String(given.entry['name'])}' is given by who holds the role ${role}, and your credential does not`,
        code: 'missingRole',
      }));
  });
  const [first] = faults;
  if (first) throw new Refusal(403, 'missingRole', `${first.path}: ${first.message}`, { faults });
};
