import type { Json } from '@quotebridge/platform/core';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { noSuchColumn, refused } from '../errors';
import { fieldNamed, objectNamed, type Field, type SObject } from '../model';

type Read = (row: Row) => Json;

/** What a query runs on. */
export interface Org {
  readonly tables: Tables;
  readonly now: number;
  /** Begins the urls in `attributes`, for example `/services/data/v62.0`. */
  readonly base: string;
}

/** How a value is shown: datetimes as `2026-01-01T00:00:00.000+0000`. */
export const shown = (field: Field, value: Json | undefined): Json => {
  if (value === undefined || value === null) return field.type === 'boolean' ? false : null;
  return field.type === 'datetime' ? new Date(Number(value)).toISOString().replace('Z', '+0000') : value;
};

/** The object of a FROM clause. */
export const objectOf = ({ tables }: Pick<Org, 'tables'>, name: string): SObject => {
  const object = objectNamed(name, tables);
  if (object === undefined) throw refused(400, 'INVALID_TYPE', `sObject type '${name}' is not supported.`);
  return object;
};

/** The parent that a relationship name leads to, and the field that holds its id. */
export const parentOf = (
  { tables }: Pick<Org, 'tables'>,
  object: SObject,
  relation: string,
): { name: string; parent: SObject } => {
  const found = Object.entries(object.fields).find(
    ([, one]) => one.relation?.toLowerCase() === relation.toLowerCase(),
  );
  const parent = found?.[1].to === undefined ? undefined : objectNamed(found[1].to, tables);
  if (found === undefined || parent === undefined) {
    throw refused(400, 'INVALID_FIELD', `Didn't understand relationship '${relation}' in field path.`);
  }
  return { name: found[0], parent };
};

/** How a path is read. */
interface Resolved {
  readonly read: Read;
  /** What it leads to. */
  readonly field: Field;
  /** The row's own property that it begins with. */
  readonly name: string;
  /** What comes behind it, and the object that this belongs to; nothing when the path is the row's own property. */
  readonly behind?: { readonly parent: SObject; readonly path: string };
}

/** A field path such as `Account.Name`: how to read it and what it is. */
export const resolve = (org: Org, object: SObject, path: string): Resolved => {
  const [head = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const found = fieldNamed(object, head);
    if (found === undefined) throw noSuchColumn(head, object.name);
    return {
      read: (row) => row[found.name] ?? (found.field.type === 'boolean' ? false : null),
      field: found.field,
      name: found.name,
    };
  }
  // A path may begin with the object's own name.
  if (
    head.toLowerCase() === object.name.toLowerCase() &&
    !Object.values(object.fields).some((one) => one.relation === head)
  ) {
    return resolve(org, object, rest.join('.'));
  }
  const { name, parent } = parentOf(org, object, head);
  const behind = { parent, path: rest.join('.') };
  const inner = resolve(org, parent, behind.path);
  return {
    field: inner.field,
    name,
    behind,
    read: (row) => {
      const other = org.tables.get(parent.name, String(row[name] ?? ''));
      return other === undefined ? null : inner.read(other);
    },
  };
};
