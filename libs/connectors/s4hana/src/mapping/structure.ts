import type { Json, JsonObject } from '@quotebridge/platform/core';
import { objectsIn, textAt } from '@quotebridge/connectors/sdk';
import { expanded, readDate } from '../odata-values';
import { decimalOf } from './decimal';
import { componentId } from './ids';

const DAY_MS = 86_400_000;
/** SAP's "for ever". */
const LAST_YEAR = '9999';

/** The validity of an item: its last day included, an end that never comes left out. */
export const validityOf = (item: JsonObject): JsonObject => {
  const [start, last] = [readDate(item['ValidityStartDate']), readDate(item['ValidityEndDate'])];
  return {
    ...(start === undefined ? {} : { startDateTime: start }),
    ...(last === undefined || last.startsWith(LAST_YEAR)
      ? {}
      : { endDateTime: new Date(Date.parse(last) + DAY_MS).toISOString() }),
  };
};

const isGone = (structure: JsonObject): boolean =>
  structure['IsMarkedForDeletion'] === true || structure['BOMIsToBeDeleted'] === true;

/** The structure that counts when there are alternatives: the first one that is not to be deleted. */
export const mainOf = (structures: readonly JsonObject[]): JsonObject | undefined => {
  const variantOf = (structure: JsonObject): string => textAt(structure, 'BillOfMaterialVariant') ?? '';
  return [...structures]
    .filter((structure) => !isGone(structure))
    .sort((a, b) => variantOf(a).localeCompare(variantOf(b), 'en', { numeric: true }))[0];
};

/** How many of an item go into one: quantities are for the base quantity that the head names. */
export const amountInOne = (quantity: Json | undefined, baseQuantity: Json | undefined): number => {
  const [amount, base] = [decimalOf(quantity), decimalOf(baseQuantity)];
  if (amount === undefined) return 1;
  return (base === undefined || base.isZero() ? amount : amount.div(base)).toNumber();
};

/** Structures of a material (MaterialBOM with items) → what its TMF637 product contains, each with quantity, position, validity. */
export const containedIn = (source: string, record: JsonObject): JsonObject[] => {
  const structure = mainOf(objectsIn(record['structures']));
  if (structure === undefined) return [];
  return expanded(structure, 'to_BillOfMaterialItem').flatMap((item): JsonObject[] => {
    const component = textAt(item, 'BillOfMaterialComponent');
    if (component === undefined || item['IsDeleted'] === true) return [];
    const position = textAt(item, 'BillOfMaterialItemNumber');
    return [
      {
        '@type': 'ProductRelationship',
        relationshipType: 'contains',
        id: componentId(source, component),
        name: component,
        quantity: {
          amount: amountInOne(item['BillOfMaterialItemQuantity'], structure['BOMHeaderQuantityInBaseUnit']),
          units: textAt(item, 'BillOfMaterialItemUnit') ?? 'PC',
        },
        ...(position === undefined ? {} : { position }),
        validFor: validityOf(item),
      },
    ];
  });
};

/** The latest change of a thing and of the structures that count for it (date-time). */
export const changedAtOf = (thing: JsonObject, record: JsonObject): string | undefined => {
  const structures = objectsIn(record['structures']);
  const items = structures.flatMap((structure) => expanded(structure, 'to_BillOfMaterialItem'));
  return [thing, ...structures, ...items]
    .flatMap((one) => readDate(one['LastChangeDateTime']) ?? [])
    .sort()
    .at(-1);
};
