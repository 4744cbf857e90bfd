import type { JsonObject } from '@quotebridge/platform/core';
import type { OwnReference } from '@quotebridge/tmf/component';
import { idAt, objectsAt } from './relations';

const PARTIES = ['organization', 'individual'];
const ROLES = ['customer', 'partyRole'];

/** Resources by the class that a reference names. Other classes are kept elsewhere and are not looked up. */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  Individual: ['individual'],
  Organization: ['organization'],
  Customer: ['customer'],
  PartyRole: ROLES,
  Supplier: ['partyRole'],
  PartyRef: PARTIES,
  PartyRoleRef: ROLES,
};

const targetsOf = (reference: JsonObject): readonly string[] => {
  const { '@referredType': referred, '@type': type } = reference;
  const named = typeof referred === 'string' ? TARGETS[referred] : undefined;
  return named ?? (typeof type === 'string' ? (TARGETS[type] ?? []) : []);
};

const referenceAt = (holder: JsonObject, attribute: string, path: string): OwnReference[] => {
  const id = idAt(holder, attribute);
  const [held] = objectsAt(holder, attribute);
  if (id === undefined || held === undefined) return [];
  const targets = targetsOf(held);
  return targets.length === 0 ? [] : [{ path: `${path}/id`, id, targets }];
};

const relationsAt = (organization: JsonObject, attribute: string): OwnReference[] => {
  const isList = Array.isArray(organization[attribute]);
  return objectsAt(organization, attribute).flatMap((relation, index) => {
    const id = idAt(relation, 'organization');
    const path = `/${attribute}${isList ? `/${index}` : ''}/organization/id`;
    return id === undefined ? [] : [{ path, id, targets: ['organization'] }];
  });
};

/** Every reference of a resource that leads to a party or a role of this component. */
export const partyReferences = (resource: JsonObject): OwnReference[] => [
  ...referenceAt(resource, 'engagedParty', '/engagedParty'),
  ...objectsAt(resource, 'relatedParty').flatMap((related, index) =>
    referenceAt(related, 'partyOrPartyRole', `/relatedParty/${index}/partyOrPartyRole`),
  ),
  ...relationsAt(resource, 'organizationParentRelationship'),
  ...relationsAt(resource, 'organizationChildRelationship'),
];
