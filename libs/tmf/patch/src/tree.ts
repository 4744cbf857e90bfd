import { err, isJsonObject, ok, type Json, type Result } from '@quotebridge/platform/core';
import { isForbiddenName } from './inspect';
import { arrayIndex, formatPointer } from './pointer';

/** What an edit does at the end of a path. `add` inserts into arrays, `replace` and `remove` need an existing value. */
export type Edit = { readonly type: 'add' | 'replace'; readonly value: Json } | { readonly type: 'remove' };

const missing = (segments: readonly string[], depth: number): string =>
  `"${formatPointer(segments.slice(0, depth + 1))}" does not exist in the resource`;

/** The value at a path, or why there is none. */
export const valueAt = (root: Json, segments: readonly string[]): Result<Json, string> => {
  let value: Json | undefined = root;
  for (const [depth, segment] of segments.entries()) {
    const parent: Json | undefined = value;
    value = undefined;
    if (Array.isArray(parent)) value = parent[arrayIndex(segment) ?? parent.length];
    else if (isJsonObject(parent) && Object.hasOwn(parent, segment)) value = parent[segment];
    if (value === undefined) return err(missing(segments, depth));
  }
  return ok(value);
};

/** A copy of the document with one place edited; everything else is shared with the original. */
export const editAt = (
  parent: Json,
  segments: readonly string[],
  edit: Edit,
  depth = 0,
): Result<Json, string> => {
  const segment = segments[depth];
  if (segment === undefined)
    return edit.type === 'remove' ? err('the resource itself cannot be removed by a patch') : ok(edit.value);
  const isLast = depth === segments.length - 1;
  if (Array.isArray(parent)) return editArray(parent, segments, edit, depth, segment, isLast);
  if (!isJsonObject(parent) || isForbiddenName(segment)) return err(missing(segments, depth));
  const present = Object.hasOwn(parent, segment) ? parent[segment] : undefined;
  if (!isLast) {
    if (present === undefined) return err(missing(segments, depth));
    const inner = editAt(present, segments, edit, depth + 1);
    return inner.ok ? ok({ ...parent, [segment]: inner.value }) : inner;
  }
  if (present === undefined && edit.type !== 'add') return err(missing(segments, depth));
  if (edit.type !== 'remove') return ok({ ...parent, [segment]: edit.value });
  const rest = { ...parent };
  delete rest[segment];
  return ok(rest);
};

const editArray = (
  parent: Json[],
  segments: readonly string[],
  edit: Edit,
  depth: number,
  segment: string,
  isLast: boolean,
): Result<Json, string> => {
  const index = segment === '-' && isLast && edit.type === 'add' ? parent.length : arrayIndex(segment);
  const last = isLast && edit.type === 'add' ? parent.length : parent.length - 1;
  if (index === undefined || index > last) return err(missing(segments, depth));
  if (isLast && edit.type === 'remove') return ok(parent.toSpliced(index, 1));
  if (isLast && edit.type !== 'remove')
    return ok(parent.toSpliced(index, edit.type === 'add' ? 0 : 1, edit.value));
  const inner = editAt(parent[index] ?? null, segments, edit, depth + 1);
  return inner.ok ? ok(parent.with(index, inner.value)) : inner;
};
