import {
  at,
  attachment,
  characteristic,
  contactMedium,
  each,
  engagedParty,
  mapper,
  object,
  reference,
  relatedPartyOrRole,
  rename,
  renamedValue,
  renameType,
  type VersionMapper,
} from '@quotebridge/tmf/versions';

const externalReference = object(
  renameType('ExternalReference', 'ExternalIdentifier'),
  rename('externalReferenceType', 'externalIdentifierType'),
  rename('name', 'id'),
);

const withAttachment = object(at('attachment', attachment));

/** What individuals and organizations have in common. */
const PARTY = [
  each('contactMedium', contactMedium),
  each('externalReference', externalReference),
  each('partyCharacteristic', characteristic),
  each('relatedParty', relatedPartyOrRole),
  each('taxExemptionCertificate', withAttachment),
];

/** Customers are party roles too. */
const ROLE = [
  each('account', reference('AccountRef')),
  each('characteristic', characteristic),
  each('contactMedium', contactMedium),
  at('engagedParty', engagedParty),
  each('paymentMethod', reference('PaymentMethodRef')),
  each('relatedParty', relatedPartyOrRole),
];

const organizationRelationship = object(at('organization', reference('OrganizationRef')));

/** TMF632 `individual`. */
export const individualMapper: VersionMapper = mapper([
  ...PARTY,
  each('individualIdentification', withAttachment),
  rename('fullName', 'name'),
  at('status', renamedValue('deceaded', 'deceased')),
]);

/** TMF632 `organization`. */
export const organizationMapper: VersionMapper = mapper([
  ...PARTY,
  each('organizationChildRelationship', organizationRelationship),
  each('organizationIdentification', withAttachment),
  at('organizationParentRelationship', organizationRelationship),
]);

/** TMF629 `customer`. */
export const customerMapper: VersionMapper = mapper(ROLE);

/** TMF669 `partyRole`. */
export const partyRoleMapper: VersionMapper = mapper(ROLE);
