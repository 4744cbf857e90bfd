import { parsePath, valueAt } from '@quotebridge/connectors/sdk';
import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';

/** Finds the outside system's identifier of a resource that this instance has published. */
export type ExternalIdOf = (resourceId: string) => Promise<string | undefined>;

const HOLE = /\{(external:)?([^{}]+)\}/g;
const ONLY = /^\{(external:)?([^{}]+)\}$/;
const EACH = '$each';
const DO = '$do';

/** What is wrong with the paths in a template, as sentences. */
export const templateFaults = (template: Json): readonly string[] => {
  if (typeof template === 'string') {
    return [...template.matchAll(HOLE)].flatMap(([, , path = '']) => {
      const parsed = parsePath(path);
      return parsed.ok ? [] : [`has a hole that cannot be filled: ${parsed.error}`];
    });
  }
  if (Array.isArray(template)) return template.flatMap(templateFaults);
  return isJsonObject(template)
    ? Object.values(template).flatMap((part) => templateFaults(part ?? null))
    : [];
};

const holeValue = async (
  external: string | undefined,
  path: string,
  scope: JsonObject,
  externalIdOf: ExternalIdOf,
): Promise<Json | undefined> => {
  const value = valueAt(scope, path);
  if (external === undefined || value === undefined) return value;
  return externalIdOf(String(value));
};

/** Fills the holes of a text; `encode` makes the values safe where the text is used. Absent values are empty. */
export const fillText = async (
  template: string,
  scope: JsonObject,
  externalIdOf: ExternalIdOf,
  encode: (text: string) => string = (text) => text,
): Promise<string> => {
  let filled = '';
  let at = 0;
  for (const hole of template.matchAll(HOLE)) {
    const value = await holeValue(hole[1], hole[2] ?? '', scope, externalIdOf);
    const text =
      value === undefined || value === null
        ? ''
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value);
    filled += template.slice(at, hole.index) + encode(text);
    at = hole.index + hole[0].length;
  }
  return filled + template.slice(at);
};

/**
 * Fills a JSON template. A text that is nothing but a hole becomes the value itself and is left out when there is none;
 * `{external:…}` turns the id of a resource into the outside system's identifier; `{"$each": "path", "$do": …}` becomes
 * a list, with `{item…}` for each entry.
 */
export const fillJson = async (
  template: Json,
  scope: JsonObject,
  externalIdOf: ExternalIdOf,
): Promise<Json | undefined> => {
  if (typeof template === 'string') {
    const [whole, external, path] = ONLY.exec(template) ?? [];
    if (whole !== undefined) return holeValue(external, path ?? '', scope, externalIdOf);
    return fillText(template, scope, externalIdOf);
  }
  if (Array.isArray(template)) {
    const parts = await Promise.all(template.map((part) => fillJson(part, scope, externalIdOf)));
    return parts.filter((part) => part !== undefined);
  }
  if (!isJsonObject(template)) return template;
  const each = template[EACH];
  if (typeof each === 'string') {
    const list = valueAt(scope, each);
    const entries = Array.isArray(list) ? list : [];
    const parts = await Promise.all(
      entries.map((item) => fillJson(template[DO] ?? null, { ...scope, item }, externalIdOf)),
    );
    return parts.filter((part) => part !== undefined);
  }
  const filled: JsonObject = {};
  for (const [name, part] of Object.entries(template)) {
    const value = await fillJson(part ?? null, scope, externalIdOf);
    if (value !== undefined)
      Object.defineProperty(filled, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return filled;
};
