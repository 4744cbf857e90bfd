import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, objectAt, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { expanded, readDate } from '../odata-values';
import type { S4Settings } from '../settings';
import { componentId, customerId, machineId, specificationId } from './ids';
import { missing } from './missing';
import { materialName } from './specification';
import { changedAtOf, containedIn } from './structure';

type Mapped = readonly IngestRecord[] | Rejection;

const specificationRef = (source: string, material: string, name: string): JsonObject => ({
  '@type': 'ProductSpecificationRef',
  '@referredType': 'ProductSpecification',
  id: specificationId(source, material),
  name,
});

const upsert = (
  externalId: string,
  id: string,
  changed: string | undefined,
  resource: JsonObject,
): IngestRecord => ({
  externalId,
  op: 'upsert',
  id,
  ...(changed === undefined ? {} : { modifiedAt: changed }),
  resource,
});

/** `{ product, structures }` → TMF637 product (v5): a material as it is built into machines, with what it contains itself. */
export const mapComponent =
  (source: string, { language }: Pick<S4Settings, 'language'>) =>
  (record: JsonObject): Mapped => {
    const product = objectAt(record, 'product');
    const material = textAt(product, 'Product');
    if (material === undefined) return missing('/product/Product');
    const name = materialName(product, language);
    return [
      upsert(material, componentId(source, material), changedAtOf(product, record), {
        '@type': 'Product',
        name,
        status: product['IsMarkedForDeletion'] === true ? 'suspended' : 'active',
        productSpecification: specificationRef(source, material, name),
        productRelationship: containedIn(source, record),
        externalIdentifier: [externalIdentifier(source, 'material', material)],
      }),
    ];
  };

const owner = (source: string, customer: string): JsonObject => ({
  '@type': 'RelatedPartyOrPartyRole',
  role: 'customer',
  partyOrPartyRole: {
    '@type': 'PartyRoleRef',
    '@referredType': 'Customer',
    id: customerId(source, customer),
    name: customer,
  },
});

/** Partner functions of whoever has a machine: the sold-to party, by its German and its English code. */
const OWNERS: ReadonlySet<unknown> = new Set(['AG', 'SP']);

const ownerIn = (equipment: JsonObject): string | undefined =>
  textAt(
    expanded(equipment, 'to_Partner').find((partner) => OWNERS.has(partner['PartnerFunction'])) ?? {},
    'Partner',
  );

const statusOf = (equipment: JsonObject): string => {
  if (equipment['EquipmentIsMarkedForDeletion'] === true) return 'terminated';
  return equipment['EquipmentIsInactive'] === true ? 'suspended' : 'active';
};

/**
 * `{ equipment, structures }` → TMF637 product (v5) by serial number, with what its model contains, each for its time: as built
 * is what held when the machine was put into service.
 */
export const mapMachine =
  (source: string) =>
  (record: JsonObject): Mapped => {
    const equipment = objectAt(record, 'equipment');
    const number = textAt(equipment, 'Equipment');
    const serial = textAt(equipment, 'SerialNumber') ?? textAt(equipment, 'ManufacturerSerialNumber');
    if (number === undefined) return missing('/equipment/Equipment');
    // A technical object without a serial number is no machine that somebody could name.
    if (serial === undefined) return [];
    const started = readDate(equipment['OperationStartDate']) ?? readDate(equipment['ValidityStartDate']);
    const [material, customer] = [textAt(equipment, 'Material'), ownerIn(equipment)];
    const name = textAt(equipment, 'EquipmentName') ?? serial;
    return [
      upsert(number, machineId(source, number), changedAtOf(equipment, record), {
        '@type': 'Product',
        name,
        productSerialNumber: serial,
        status: statusOf(equipment),
        ...(started === undefined ? {} : { startDate: started }),
        ...(material === undefined ? {} : { productSpecification: specificationRef(source, material, name) }),
        ...(customer === undefined ? {} : { relatedParty: [owner(source, customer)] }),
        productRelationship: containedIn(source, record),
        externalIdentifier: [externalIdentifier(source, 'equipment', number)],
      }),
    ];
  };
