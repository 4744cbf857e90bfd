import type { Row, Tables } from '@quotebridge/sandbox/core';

/** Primitive types of OData V2 that the services use. */
export type EdmType = 'String' | 'Boolean' | 'Decimal' | 'DateTime' | 'DateTimeOffset' | 'Time' | 'Int32';

/** A navigation property; `on` maps a property of the target to the property of the source that it equals. */
export interface Navigation {
  readonly target: string;
  readonly many: boolean;
  readonly on: Readonly<Record<string, string>>;
}

/** An entity set and its type. Dates are kept as epoch milliseconds, decimals as strings. */
export interface EntitySet {
  readonly set: string;
  readonly keys: readonly string[];
  readonly fields: Readonly<Record<string, EdmType>>;
  readonly navs: Readonly<Record<string, Navigation>>;
  /** The property whose value is the ETag, or `_changed` where none shows it; writes then need If-Match. */
  readonly etag?: string;
  /** The property that moves with every write. */
  readonly changedAt?: string;
  /** Which writes the set takes by the general rule; others answer 405. */
  readonly writable: readonly ('create' | 'update' | 'delete')[];
  /** Gives a new row its number when the caller may not choose it. */
  readonly number?: (tables: Tables) => Row;
}

/** An OData service: its name in the URL and its sets. */
export interface ServiceModel {
  readonly name: string;
  readonly sets: readonly EntitySet[];
  /** Function imports, called by GET. */
  readonly functions?: readonly string[];
  /** Other names under which sets are reached. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** Shorthand for field lists: `{ String: 'Product ProductType', Decimal: 'GrossWeight' }`. */
export const fields = (spec: Partial<Record<EdmType, string>>): Record<string, EdmType> =>
  Object.fromEntries(
    Object.entries(spec).flatMap(([type, names]) => names.split(' ').map((name) => [name, type as EdmType])),
  );

/** Navigation to many rows; `shared` names are equal on both sides. */
export const many = (target: string, shared: string): Navigation => ({
  target,
  many: true,
  on: same(shared),
});

/** Navigation to one row; `shared` names are equal on both sides. */
export const one = (target: string, shared: string): Navigation => ({
  target,
  many: false,
  on: same(shared),
});

const same = (shared: string): Record<string, string> =>
  Object.fromEntries(shared.split(' ').map((name) => [name, name]));

/** The key under which a row is kept. */
export const rowKey = (set: EntitySet, row: Row): string =>
  set.keys.map((key) => String(row[key] ?? '')).join('\u0001');
