import type { IndexSpec } from '@quotebridge/platform/store';
import type { Runtime } from '@quotebridge/tmf/component';
import type { EncryptedField, ResourceDefinition, VersionBinding } from '@quotebridge/tmf/resource';
import type { VersionMapper } from '@quotebridge/tmf/versions';
import type { Api } from '@quotebridge/tmf-specs';
import type { OrganizationStore } from './organization-store';
import { hierarchyLock, individualHooks, organizationHooks, roleHooks } from './party-hooks';
import { individualStates, organizationStates, roleStates } from './states';
import * as mappers from './versions';

const BASES: Readonly<Partial<Record<Api, { readonly v4: string; readonly v5: string }>>> = {
  TMF629: { v4: '/tmf-api/customerManagement/v4', v5: '/tmf-api/customer/v5' },
  TMF632: { v4: '/tmf-api/party/v4', v5: '/tmf-api/partyManagement/v5' },
  TMF669: { v4: '/tmf-api/partyRoleManagement/v4', v5: '/tmf-api/partyRoleManagement/v5' },
};

const SERVER_SET = ['href'];
const NON_PATCHABLE = ['id', 'href'];

const versionsOf = (
  api: Api,
  name: string,
  schema: string,
  mapper?: VersionMapper,
): ResourceDefinition['versions'] => {
  const v5: VersionBinding = {
    name,
    basePath: BASES[api]?.v5 ?? '',
    schemas: { create: `${schema}_FVO`, response: schema },
    serverSet: SERVER_SET,
    nonPatchable: NON_PATCHABLE,
  };
  if (mapper === undefined) return { v5 };
  const schemas = { create: `${schema}_Create`, response: schema };
  return { v4: { ...v5, basePath: BASES[api]?.v4 ?? '', schemas, mapper }, v5 };
};

/** Found from the other end: who refers to this. Costs nothing for documents without the attribute. */
const sparse = (path: string): IndexSpec => ({ keys: { [path]: 1 }, options: { sparse: true } });

const identifiedBy = (attribute: string): IndexSpec => ({
  keys: { [`${attribute}.id`]: 1, [`${attribute}.owner`]: 1 },
});

const ROLE_INDEXES: readonly IndexSpec[] = [
  { keys: { name: 1, _id: 1 } },
  { keys: { status: 1, _id: 1 } },
  { keys: { 'engagedParty.id': 1, _id: 1 } },
  identifiedBy('externalIdentifier'),
  sparse('relatedParty.partyOrPartyRole.id'),
  sparse('agreement.id'),
  sparse('account.id'),
];

/** How somebody can be reached; town and country stay readable, as sales are looked at by them. */
const CONTACTS: readonly EncryptedField[] = [
  { path: 'contactMedium.emailAddress', searchable: true },
  { path: 'contactMedium.phoneNumber', searchable: true },
  ...['faxNumber', 'socialNetworkId', 'street1', 'street2', 'postCode'].map((name) => ({
    path: `contactMedium.${name}`,
  })),
];

/** What a person was not asked for by a business partner. */
const PERSON: readonly EncryptedField[] = [
  ...[
    'birthDate',
    'deathDate',
    'placeOfBirth',
    'countryOfBirth',
    'nationality',
    'maritalStatus',
    'gender',
  ].map((path) => ({ path })),
  { path: 'individualIdentification.identificationId', searchable: true },
];

const OPERATIONS: ResourceDefinition['operations'] = ['list', 'create', 'get', 'patch', 'delete'];

/** The resources of TMF629, TMF632 and TMF669. */
export const customerResources = (
  runtime: Runtime,
  organizations: OrganizationStore,
): readonly ResourceDefinition[] => [
  {
    api: 'TMF629',
    name: 'customer',
    eventName: 'Customer',
    domain: 'Customer',
    versions: versionsOf('TMF629', 'customer', 'Customer', mappers.customerMapper),
    operations: OPERATIONS,
    state: roleStates,
    indexes: ROLE_INDEXES,
    encrypted: CONTACTS,
    holdsReferences: true,
    hooks: roleHooks(runtime),
  },
  {
    api: 'TMF632',
    name: 'individual',
    eventName: 'Individual',
    domain: 'Party',
    versions: versionsOf('TMF632', 'individual', 'Individual', mappers.individualMapper),
    operations: OPERATIONS,
    state: individualStates,
    identifiers: 'externalReference',
    indexes: [
      { keys: { familyName: 1, givenName: 1, _id: 1 } },
      { keys: { status: 1, _id: 1 } },
      identifiedBy('externalReference'),
      sparse('contactMedium.emailAddress'),
    ],
    encrypted: [...CONTACTS, ...PERSON],
    hooks: individualHooks(runtime),
  },
  {
    api: 'TMF632',
    name: 'organization',
    eventName: 'Organization',
    domain: 'Party',
    versions: versionsOf('TMF632', 'organization', 'Organization', mappers.organizationMapper),
    operations: OPERATIONS,
    state: organizationStates,
    identifiers: 'externalReference',
    indexes: [
      { keys: { name: 1, _id: 1 } },
      { keys: { tradingName: 1, _id: 1 } },
      { keys: { status: 1, _id: 1 } },
      identifiedBy('externalReference'),
      sparse('organizationParentRelationship.organization.id'),
      sparse('organizationChildRelationship.organization.id'),
      sparse('organizationIdentification.identificationId'),
    ],
    encrypted: CONTACTS,
    lockFor: hierarchyLock,
    seesOwnKind: true,
    holdsReferences: true,
    hooks: organizationHooks(runtime, organizations),
  },
  {
    api: 'TMF669',
    name: 'partyRole',
    eventName: 'PartyRole',
    domain: 'PartyRole',
    versions: versionsOf('TMF669', 'partyRole', 'PartyRole', mappers.partyRoleMapper),
    operations: OPERATIONS,
    state: roleStates,
    indexes: [...ROLE_INDEXES, { keys: { role: 1, _id: 1 } }],
    encrypted: CONTACTS,
    holdsReferences: true,
    hooks: roleHooks(runtime),
  },
  {
    api: 'TMF669',
    name: 'partyRoleSpecification',
    eventName: 'PartyRoleSpecification',
    domain: 'PartyRole',
    versions: versionsOf('TMF669', 'partyRoleSpecification', 'PartyRoleSpecification'),
    operations: OPERATIONS,
    touched: 'lastUpdate',
    state: roleStates,
    indexes: [{ keys: { name: 1, _id: 1 } }],
  },
];
