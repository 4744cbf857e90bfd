import { isInForce, type JsonObject } from '@quotebridge/platform/core';
import { objectsAt } from './relations';

/** The parts that parties play when a customer buys, as `relatedParty.role` names them. */
export const ACCOUNT_ROLES = ['soldTo', 'shipTo', 'billTo', 'payer'] as const;

/** One of {@link ACCOUNT_ROLES}. */
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** A customer of a hierarchy; the nearest one comes first. */
export interface AccountLevel {
  readonly id: string;
  readonly customer: JsonObject;
}

/** Who plays a part, how to reach them there, and the customer that says so. */
export interface AccountParty {
  readonly party: JsonObject;
  readonly contactMedium: readonly JsonObject[];
  readonly statedBy: string;
}

/** A customer as an order needs it. */
export interface Account {
  readonly roles: Readonly<Record<AccountRole, readonly AccountParty[]>>;
  /** Agreements in force, those of the groups above included. */
  readonly entitlements: readonly { readonly agreement: JsonObject; readonly statedBy: string }[];
}

/** True when the object's `validFor`, if it has one, holds at the time; the end itself is outside. */
export const isValidAt = (holder: JsonObject, at: number): boolean => {
  const [period] = objectsAt(holder, 'validFor');
  return isInForce(period, at);
};

const contactsFor = (customer: JsonObject, role: AccountRole, at: number): JsonObject[] =>
  objectsAt(customer, 'contactMedium').filter(
    (medium) => medium['contactType'] === role && isValidAt(medium, at),
  );

const partiesAt = ({ id, customer }: AccountLevel, role: AccountRole, at: number): AccountParty[] => {
  const contactMedium = contactsFor(customer, role, at);
  const stated = objectsAt(customer, 'relatedParty')
    .filter((related) => related['role'] === role && isValidAt(related, at))
    .flatMap((related) => objectsAt(related, 'partyOrPartyRole'));
  const parties =
    stated.length === 0 && contactMedium.length > 0 ? objectsAt(customer, 'engagedParty') : stated;
  return parties.map((party) => ({ party, contactMedium, statedBy: id }));
};

/** The nearest level that says who plays the part; the party of the customer itself when none does. */
const partiesFor = (levels: readonly AccountLevel[], role: AccountRole, at: number): AccountParty[] => {
  for (const level of levels) {
    const parties = partiesAt(level, role, at);
    if (parties.length > 0) return parties;
  }
  const [own] = levels;
  return own === undefined
    ? []
    : objectsAt(own.customer, 'engagedParty').map((party) => ({
        party,
        contactMedium: [],
        statedBy: own.id,
      }));
};

/**
 * Who is sold, shipped and billed to, and which agreements hold, at a time (milliseconds since the epoch). What a
 * customer does not say is taken from the next one above it.
 */
export const accountOf = (levels: readonly AccountLevel[], at: number): Account => {
  const rolesOf = (role: AccountRole) => partiesFor(levels, role, at);
  return {
    roles: {
      soldTo: rolesOf('soldTo'),
      shipTo: rolesOf('shipTo'),
      billTo: rolesOf('billTo'),
      payer: rolesOf('payer'),
    },
    entitlements: levels.flatMap(({ id, customer }) =>
      objectsAt(customer, 'agreement')
        .filter((agreement) => isValidAt(agreement, at))
        .map((agreement) => ({ agreement, statedBy: id })),
    ),
  };
};
