import { err, isJsonObject, ok, type Json, type JsonObject, type Result } from '@quotebridge/platform/core';

/** A step into a value: the name of a field, or the index of an entry. */
export type Step = string | number;

const STEP = /([^.[\]]+)|\[(\d{1,4})\]/gy;

/** Reads a path such as `price.value` or `note[0].text`; the error says what is wrong with it. */
export const parsePath = (path: string): Result<readonly Step[], string> => {
  const steps: Step[] = [];
  let at = 0;
  while (at < path.length) {
    if (path[at] === '.') {
      if (at === 0 || path[at - 1] === '.' || at === path.length - 1) break;
      at += 1;
      continue;
    }
    STEP.lastIndex = at;
    const found = STEP.exec(path);
    if (found === null) break;
    const [text, name, index] = found;
    steps.push(name ?? Number(index));
    at += text.length;
  }
  if (at < path.length || steps.length === 0) {
    return err(`${JSON.stringify(path)} is no path; write it like price.value or note[0].text`);
  }
  return ok(steps);
};

const own = (value: Json | undefined, step: Step): Json | undefined => {
  if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
  if (!isJsonObject(value) || !Object.hasOwn(value, step)) return undefined;
  return value[step];
};

/**
 * The value at a path. A field that is called exactly like the path comes first, because columns of files may hold
 * dots and brackets.
 */
export const valueAt = (record: JsonObject, path: string): Json | undefined => {
  if (Object.hasOwn(record, path)) return record[path];
  const steps = parsePath(path);
  if (!steps.ok) return undefined;
  return steps.value.reduce<Json | undefined>(own, record);
};

/** A JSON Pointer (RFC 6901) for a path. */
export const pointerOf = (path: string): string => {
  const steps = parsePath(path);
  const parts = steps.ok ? steps.value : [path];
  return parts.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
};

const define = (target: JsonObject, name: string, value: Json): void => {
  // Not by assignment: a field may be called __proto__.
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
};

/** Puts a value at a path of a document under construction; what lies between is made as needed. */
export const putAt = (document: JsonObject, steps: readonly Step[], value: Json): void => {
  let place: Json = document;
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    const next: Json = isLast
      ? value
      : (own(place, step) ?? (typeof steps[index + 1] === 'number' ? [] : {}));
    if (Array.isArray(place)) place[Number(step)] = next;
    else if (isJsonObject(place)) define(place, String(step), next);
    else return;
    place = next;
  }
};

/** The same document without the holes that unfilled entries leave in lists. */
export const withoutHoles = (value: Json): Json => {
  if (Array.isArray(value))
    return Array.from(value).flatMap((entry) => (entry === undefined ? [] : [withoutHoles(entry)]));
  if (!isJsonObject(value)) return value;
  for (const [name, entry] of Object.entries(value))
    if (entry !== undefined) define(value, name, withoutHoles(entry));
  return value;
};
