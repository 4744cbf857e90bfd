import { isJsonObject } from '@quotebridge/platform/core';
import type { Json, JsonObject } from '@quotebridge/platform/core';
import { classesOf, refName } from './classes';
import type { ClassIndex, ClassView } from './classes';
import type { Api, SchemaObject } from './types';

/** Deeper than any real document; below it the rest is left as it is. */
const MAX_DEPTH = 64;

const fits = (value: Json, schema: SchemaObject): boolean => {
  if (schema.$ref !== undefined || schema.type === 'object') return isJsonObject(value);
  if (schema.type === undefined) return true;
  if (schema.type === 'array') {
    return Array.isArray(value) && value.every((item) => fits(item, schema.items ?? {}));
  }
  return schema.type === 'integer' ? Number.isInteger(value) : typeof value === schema.type;
};

/** How well an untyped object agrees with a class: attributes that fit minus those that do not, then what it needs. */
const agreement = (doc: JsonObject, view: ClassView): number => {
  const needs = view.required.filter((name) => name !== '@type');
  if (needs.some((name) => doc[name] === undefined)) return -1;
  let score = needs.length / 100;
  for (const [name, value] of Object.entries(doc)) {
    const schema = Object.hasOwn(view.properties, name) ? view.properties[name] : undefined;
    if (schema !== undefined && value !== undefined) score += fits(value, schema) ? 1 : -1;
  }
  return score;
};

interface Choice {
  readonly type: string;
  readonly view: ClassView;
}

/** The alternative that an object without `@type` most likely is; the base class or the first one when all agree. */
const guess = (doc: JsonObject, view: ClassView, classes: ClassIndex): Choice => {
  const choices: Choice[] = view.abstract ? [] : [{ type: view.typeName, view }];
  for (const [type, name] of view.alternatives) {
    const other = classes.get(name);
    if (other !== undefined) choices.push({ type, view: other });
  }
  let best: Choice = choices[0] ?? { type: view.typeName, view };
  let top = agreement(doc, best.view);
  for (const choice of choices.slice(1)) {
    const score = agreement(doc, choice.view);
    if (score > top) [best, top] = [choice, score];
  }
  return best;
};

const typed = (doc: JsonObject, view: ClassView, classes: ClassIndex): Choice => {
  const type = doc['@type'];
  if (typeof type !== 'string') return guess(doc, view, classes);
  const base = doc['@baseType'];
  const name = view.alternatives.get(type) ?? view.alternatives.get(typeof base === 'string' ? base : '');
  return { type, view: (name === undefined ? undefined : classes.get(name)) ?? view };
};

const annotateObject = (
  doc: JsonObject,
  place: ClassView,
  classes: ClassIndex,
  depth: number,
): JsonObject => {
  const { type, view } = typed(doc, place, classes);
  let out = doc;
  const set = (name: string, value: Json): void => {
    if (out === doc) out = { ...doc };
    out[name] = value;
  };
  if (doc['@type'] === undefined && Object.hasOwn(view.properties, '@type')) set('@type', type);
  for (const name of Object.keys(doc)) {
    const value = doc[name];
    // Text, numbers and truth values have no class: the greater part of a document is passed over here.
    if (typeof value !== 'object' || value === null || !Object.hasOwn(view.properties, name)) continue;
    const schema = view.properties[name];
    if (schema === undefined) continue;
    const next = annotateValue(value, schema, classes, depth + 1);
    if (next !== value) set(name, next);
  }
  return out;
};

const annotateValue = (value: Json, schema: SchemaObject, classes: ClassIndex, depth: number): Json => {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    let changed = false;
    const next = value.map((item) => {
      const annotated = annotateValue(item, items, classes, depth + 1);
      changed ||= annotated !== item;
      return annotated;
    });
    return changed ? next : value;
  }
  const view = schema.$ref === undefined ? undefined : classes.get(refName(schema.$ref));
  return view === undefined ? value : annotateObject(value, view, classes, depth);
};

/**
 * The document with every missing `@type` of version 5 filled in: the class declared for its place, or among
 * alternatives the one whose attributes agree best (`{ id }` in a value-or-reference place is a reference, a
 * characteristic with a text value a `StringCharacteristic`). Copies only what changes; a complete document comes
 * back as it is. Use it on whole resources, not on merge patches, where it could replace a stored subclass.
 */
export const annotateTypes = (api: Api, schemaName: string, doc: JsonObject): JsonObject => {
  const classes = classesOf(api, 'v5');
  const view = classes.get(schemaName);
  if (view === undefined) throw new Error(`${api} v5 has no class "${schemaName}".`);
  return annotateObject(doc, view, classes, 0);
};
