import { err, ok, type JsonObject, type Result } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { objectsIn, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { expanded } from '../odata-values';
import type { S4Settings } from '../settings';
import { jsonNumber } from './decimal';
import { supplierId } from './ids';
import { missing } from './missing';
import { partPatch } from './part-patch';

/** Whose prices count: those of one purchasing organization, for one plant or for all. */
export type Buyer = Pick<S4Settings, 'purchasingOrganization' | 'plant'>;

const supplierRef = (source: string, supplier: string): JsonObject => ({
  '@type': 'PartyRoleRef',
  '@referredType': 'PartyRole',
  id: supplierId(source, supplier),
  name: supplier,
});

/** The row that counts: that of our plant, else that of no plant. */
const rowFor = (offer: JsonObject, { purchasingOrganization, plant }: Buyer): JsonObject | undefined => {
  const rows = expanded(offer, 'to_PurgInfoRecdOrgPlantData').filter(
    (row) => textAt(row, 'PurchasingOrganization') === purchasingOrganization,
  );
  return (
    rows.find((row) => plant !== undefined && textAt(row, 'Plant') === plant) ??
    rows.find((row) => textAt(row, 'Plant') === undefined)
  );
};

const costOf = (source: string, offer: JsonObject, row: JsonObject): Result<JsonObject, Rejection> => {
  const [value, unit] = [jsonNumber(row['NetPriceAmount']), textAt(row, 'Currency')];
  if (value === undefined || unit === undefined)
    return err({ faults: [{ path: '/records', message: 'has no price that can be read', code: 'price' }] });
  const [amount, days] = [
    jsonNumber(row['MaterialPriceUnitQty']),
    jsonNumber(row['MaterialPlannedDeliveryDurn']),
  ];
  const [units, number] = [textAt(offer, 'BaseUnit'), textAt(offer, 'SupplierMaterialNumber')];
  const supplier = textAt(offer, 'Supplier') ?? '';
  return ok({
    '@type': 'ProcurementCost',
    supplier: supplierRef(source, supplier),
    price: { unit, value },
    ...(number === undefined ? {} : { supplierPartNumber: number }),
    ...(units === undefined ? {} : { unitOfMeasure: { amount: amount ?? 1, units } }),
    ...(days === undefined || !Number.isInteger(days) ? {} : { leadTime: { amount: days, units: 'day' } }),
  });
};

/**
 * `{ about, records }` → patch of the part's TMF620 productSpecification (v5): who supplies it, and what each asks for it, which
 * only a scope of its own opens.
 */
export const mapProcurement =
  (source: string, buyer: Buyer) =>
  (record: JsonObject): readonly IngestRecord[] | Rejection => {
    const part = textAt(record, 'about');
    if (part === undefined) return missing('/about');
    const offers = objectsIn(record['records'])
      .filter((offer) => offer['IsDeleted'] !== true && textAt(offer, 'Supplier') !== undefined)
      .sort((a, b) => (String(a['PurchasingInfoRecord']) < String(b['PurchasingInfoRecord']) ? -1 : 1));
    const costs: JsonObject[] = [];
    for (const offer of offers) {
      const row = rowFor(offer, buyer);
      if (row === undefined) continue;
      const cost = costOf(source, offer, row);
      if (!cost.ok) return cost.error;
      costs.push(cost.value);
    }
    const suppliers = new Set(offers.flatMap((offer) => textAt(offer, 'Supplier') ?? []));
    return [
      partPatch(source, part, {
        relatedParty: [...suppliers].map((supplier) => ({
          '@type': 'RelatedPartyRefOrPartyRoleRef',
          role: 'supplier',
          partyOrPartyRole: supplierRef(source, supplier),
        })),
        procurementCost: costs,
      }),
    ];
  };
