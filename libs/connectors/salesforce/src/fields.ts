import type { Json, JsonObject } from '@quotebridge/platform/core';

/** What a field holds. REST gives JSON, a bulk job text only. */
export type FieldKind = 'text' | 'number' | 'boolean';

/** Fields of an object by their path (`Account.Name`), in the order in which they are asked for. */
export type Fields = Readonly<Record<string, FieldKind>>;

/** The query for these fields. */
export const selectOf = (object: string, fields: Fields, rest = ''): string =>
  `SELECT ${Object.keys(fields).join(', ')} FROM ${object}${rest === '' ? '' : ` ${rest}`}`;

// What is empty in a bulk result is null over REST. Text that is no number stays, so that the mapping can refuse it.
const valueOf = (kind: FieldKind | undefined, cell: string): Json => {
  if (cell === '') return null;
  if (kind === 'boolean') return cell.toLowerCase() === 'true';
  const number = kind === 'number' ? Number(cell) : NaN;
  return Number.isFinite(number) ? number : cell;
};

/** A row of a bulk result in the shape in which REST gives the same record. Pure. */
export const recordOfRow = (
  fields: Fields,
  names: readonly string[],
  cells: readonly string[],
): JsonObject => {
  const record: JsonObject = {};
  for (const [index, name] of names.entries()) {
    const steps = name.split('.');
    const last = steps.pop() ?? name;
    let holder = record;
    for (const step of steps) holder = (holder[step] ??= {}) as JsonObject;
    holder[last] = valueOf(fields[name], cells[index] ?? '');
  }
  return record;
};
