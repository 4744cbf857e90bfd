import type { JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';

/** Whose structure is wanted: a product by id or serial number, or what a specification is built of. */
export interface StructureSubject {
  readonly kind: 'product' | 'serialNumber' | 'specification';
  readonly id: string;
}

/** What other components read of the product inventory (its views of TMF637, v5). */
export interface InventoryReader {
  /**
   * The structure (`/views/bom/{serial}` and its sisters) as it is now; undefined when there is no such product, or more than
   * one. Throws {@link InventoryAway} when the inventory does not answer.
   */
  structure(subject: StructureSubject, trace?: Context): Promise<JsonObject | undefined>;
}

/** The inventory cannot be asked at the moment: nothing is known, later tries may succeed. */
export class InventoryAway extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'InventoryAway';
  }
}
