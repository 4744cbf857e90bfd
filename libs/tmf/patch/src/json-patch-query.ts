import {
  err,
  isJsonObject,
  ok,
  type Fault,
  type Json,
  type JsonObject,
  type Result,
} from '@quotebridge/platform/core';
import { patchFault } from './faults';
import { runOperations, type Locate, type Place } from './json-patch';
import { defaultPatchLimits, type PatchLimits } from './limits';
import type { Operation } from './operations';
import { arrayIndex, formatPointer } from './pointer';
import { conditionsOn, parseQueryPath, passing, type QueryPath, type Step } from './query-path';

interface Walk {
  readonly query: QueryPath;
  /** Dotted paths whose conditions have chosen elements. */
  readonly used: Set<string>;
}

interface At {
  readonly value: Json | undefined;
  readonly segments: readonly string[];
  readonly dotted: string;
  readonly element: boolean;
}

const nowhere = (segments: readonly string[]): { readonly ok: false; readonly error: Fault } =>
  err(
    patchFault(
      '',
      'missing',
      `No element at "${formatPointer(segments)}" fulfils the conditions of the path.`,
    ),
  );

/** The elements of the array at a place that its conditions choose; the place itself when it has none. */
const chosen = (walk: Walk, at: At): Result<At[] | undefined, Fault> => {
  if (!Array.isArray(at.value)) return ok(undefined);
  const filter = conditionsOn(walk.query, at.dotted);
  if (!filter.ok) return filter;
  if (filter.value === undefined) return ok(undefined);
  walk.used.add(at.dotted);
  return ok(elementsAt(at, at.value, passing(at.value, filter.value)));
};

const elementsAt = (at: At, elements: readonly Json[], indexes: readonly number[]): At[] =>
  indexes.map((index) => ({
    value: elements[index],
    segments: [...at.segments, String(index)],
    dotted: at.dotted,
    element: true,
  }));

const intoMember = (at: At, name: string, isLast: boolean): Result<At, Fault> => {
  const segments = [...at.segments, name];
  if (Array.isArray(at.value)) {
    const index = arrayIndex(name);
    if (index === undefined && !(name === '-' && isLast))
      return err(
        patchFault(
          '',
          'ambiguous',
          `"${formatPointer(at.segments)}" is an array: choose elements by a condition such as ?${at.dotted}.id=….`,
        ),
      );
    return ok({ value: at.value[index ?? at.value.length], segments, dotted: at.dotted, element: false });
  }
  const value = isJsonObject(at.value) && Object.hasOwn(at.value, name) ? at.value[name] : undefined;
  const dotted = at.dotted === '' ? name : `${at.dotted}.${name}`;
  return ok({ value, segments, dotted, element: false });
};

const step = (walk: Walk, at: At, next: Step, isLast: boolean): Result<At[], Fault> => {
  if ('filter' in next) {
    if (!Array.isArray(at.value)) return nowhere(at.segments);
    return ok(elementsAt(at, at.value, passing(at.value, next.filter)));
  }
  const member = intoMember(at, next.name, isLast);
  if (!member.ok) return member;
  const picked = chosen(walk, member.value);
  if (!picked.ok) return picked;
  return ok(picked.value ?? [member.value]);
};

/** Adding one value where an array ends the path appends it: TMF630 names the array, not a position in it. */
const asPlace = ({ value, segments, element }: At, operation: Operation): Place =>
  operation.op === 'add' && Array.isArray(value) && !Array.isArray(operation.value)
    ? { segments: [...segments, '-'] }
    : { segments, element };

const byQuery: Locate = (document, path, operation) => {
  const query = parseQueryPath(path);
  if (!query.ok) return query;
  const walk: Walk = { query: query.value, used: new Set() };
  let places: At[] = [{ value: document, segments: [], dotted: '', element: false }];
  for (const [index, next] of query.value.steps.entries()) {
    const isLast = index === query.value.steps.length - 1;
    const reached: At[] = [];
    for (const place of places) {
      const found = step(walk, place, next, isLast);
      if (!found.ok) return found;
      reached.push(...found.value);
    }
    if (reached.length === 0)
      return nowhere([...(places[0]?.segments ?? []), ...('name' in next ? [next.name] : [])]);
    places = reached;
  }
  const unused = query.value.conditions.find(
    (condition) => ![...walk.used].some((array) => condition.path.startsWith(`${array}.`)),
  );
  if (unused !== undefined)
    return err(
      patchFault(
        '',
        'missing',
        `The condition "${unused.text.slice(0, 80)}" names no array on the way of the path.`,
      ),
    );
  return ok(places.map((place) => asPlace(place, operation)));
};

/**
 * Applies a JSON Patch whose paths choose array elements by conditions (TMF630 part 5:
 * `/productOrderItem/billingAccount/id?productOrderItem.id=120`; part 6: `note[?(@.author=='X')]`). An operation works on every
 * element that is chosen and is refused when there is none. The document is not changed.
 */
export const applyJsonPatchQuery = (
  document: JsonObject,
  body: unknown,
  limits: PatchLimits = defaultPatchLimits,
): Result<JsonObject, Fault[]> => runOperations(document, body, byQuery, limits);
