import { isInForce, isJsonObject, textAt, type Json, type JsonObject } from '@quotebridge/platform/core';
import { Decimal } from 'decimal.js';

/** Type of the relationship from a product to what it is made of (TMF637 `productRelationship`). */
export const CONTAINS = 'contains';

/** One entry of a bill of materials. */
export interface Component {
  readonly id: string;
  /** How many go into one of the product above; one when the entry does not say. */
  readonly quantity: Decimal;
  readonly units?: string;
  readonly position?: string;
  readonly validFor?: JsonObject;
}

const objectAt = (json: JsonObject, name: string): JsonObject | undefined => {
  const value: Json | undefined = json[name];
  return isJsonObject(value) ? value : undefined;
};

const quantityOf = (relationship: JsonObject): { quantity: Decimal; units?: string } => {
  const stated = objectAt(relationship, 'quantity') ?? {};
  const { amount } = stated;
  const units = textAt(stated, 'units');
  return {
    quantity: new Decimal(typeof amount === 'number' && Number.isFinite(amount) ? amount : 1),
    ...(units === undefined ? {} : { units }),
  };
};

/** Made once: `localeCompare` with options makes one for each comparison. */
const { compare: comparePositions } = new Intl.Collator('en', { numeric: true });

const byPosition = (a: Component, b: Component): number =>
  comparePositions(a.position ?? '', b.position ?? '') || (a.id < b.id ? -1 : 1);

/** What a product is directly made of at a time, in the order of the positions. */
export const componentsOf = (product: JsonObject, at: number): Component[] => {
  const list = product['productRelationship'];
  return (Array.isArray(list) ? list : [])
    .filter(isJsonObject)
    .flatMap((relationship): Component[] => {
      const id = textAt(relationship, 'id');
      const validFor = objectAt(relationship, 'validFor');
      if (id === undefined || relationship['relationshipType'] !== CONTAINS || !isInForce(validFor, at))
        return [];
      const position = textAt(relationship, 'position');
      return [
        {
          id,
          ...quantityOf(relationship),
          ...(position === undefined ? {} : { position }),
          ...(validFor === undefined ? {} : { validFor }),
        },
      ];
    })
    .sort(byPosition);
};
