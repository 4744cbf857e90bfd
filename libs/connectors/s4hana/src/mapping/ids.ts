import { stableId } from '@quotebridge/platform/core';

/** Ids of the resources that a material or a price becomes: known before their owner has stored them. */
export const specificationId = (source: string, material: string): string =>
  stableId(source, 'productSpecification', material);

/** Id of the offering of a material; what quotes and orders refer to. */
export const offeringId = (source: string, material: string): string =>
  stableId(source, 'productOffering', material);

/** Id of a price; `externalId` as {@link priceTiers} gives it. */
export const priceId = (source: string, externalId: string): string =>
  stableId(source, 'productOfferingPrice', externalId);

/** Id of the product that stands for a material in the structures of machines. */
export const componentId = (source: string, material: string): string =>
  stableId(source, 'product', `material/${material}`);

/** Id of the organization or the individual that a business partner is. */
export const partyId = (source: string, partner: string, isPerson = false): string =>
  stableId(source, isPerson ? 'individual' : 'organization', partner);

/** Id of a customer, by its number. */
export const customerId = (source: string, customer: string): string =>
  stableId(source, 'customer', customer);

/** Id of the role that a supplier plays, by its number. */
export const supplierId = (source: string, supplier: string): string =>
  stableId(source, 'partyRole', supplier);

/** Id of an installed machine, by its equipment number. */
export const machineId = (source: string, equipment: string): string =>
  stableId(source, 'product', equipment);
