import { chain, type Lens } from '../lens';
import { nest } from '../levels';
import { decidedType, renameType, type ClassOf } from '../types';

const REFERENCE = ['id', 'href', 'name', '@referredType'];

/** Classes that stand for a party playing a role; everything else that is referred to is a party. */
const ROLES = new Set(['Customer', 'Supplier', 'Producer', 'Consumer', 'BusinessPartner', 'Partner']);

const partyClass: ClassOf = ({ '@referredType': type }) =>
  typeof type === 'string' && (ROLES.has(type) || type.endsWith('Role')) ? 'PartyRoleRef' : 'PartyRef';

/**
 * A related party: `{ id, name, role, @referredType }` in v4 ⇄
 * `{ role, partyOrPartyRole: { @type: PartyRef | PartyRoleRef, id, name, @referredType } }`.
 * `storedClass` is the class of the relation in the API's v5: RelatedPartyRefOrPartyRoleRef or RelatedPartyOrPartyRole.
 */
export const relatedParty = (storedClass: string): Lens =>
  chain(renameType('RelatedParty', storedClass), nest('partyOrPartyRole', REFERENCE, partyClass));

/** A related party of an API that stores parties by reference only. */
export const relatedPartyRef = relatedParty('RelatedPartyRefOrPartyRoleRef');

/** A related party of an API that may also hold the party itself. */
export const relatedPartyOrRole = relatedParty('RelatedPartyOrPartyRole');

/** A related channel: `{ id, name, role }` in v4 ⇄ `{ role, channel: { @type: ChannelRef, id, name } }`. */
export const relatedChannel = nest('channel', REFERENCE, () => 'ChannelRef');

/** The party that plays a role: a reference in both versions, whose class only v5 needs. */
export const engagedParty: Lens = decidedType(partyClass);
