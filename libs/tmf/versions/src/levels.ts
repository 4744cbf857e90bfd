import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { object, at } from './attributes';
import { chain, onObject, put, type Lens } from './lens';
import { impliedType, type ClassOf } from './types';

/** Which attributes change levels: the inner name of an outer attribute and the outer name of an inner one. */
interface Moves {
  readonly down: (outer: string) => string | undefined;
  readonly up: (inner: string) => string | undefined;
}

/** The attributes that move, by name, or by outer name → inner name where the two differ. */
export type Names = readonly string[] | Readonly<Record<string, string>>;

const named = (names: Names): Moves => {
  const pairs: readonly (readonly [string, string])[] = Array.isArray(names)
    ? names.map((name: string) => [name, name] as const)
    : Object.entries(names);
  const down = new Map(pairs);
  const up = new Map(pairs.map(([outer, inner]) => [inner, outer]));
  return { down: (outer) => down.get(outer), up: (inner) => up.get(inner) };
};

const allBut = (names: readonly string[]): Moves => {
  const stay = new Set(names);
  const move = (name: string): string | undefined => (stay.has(name) ? undefined : name);
  return { down: move, up: move };
};

/**
 * Lets attributes change places between an object and the object that it holds under `inner`: outer ones move in,
 * inner ones of the same name move out. Done twice it changes nothing, so it loses nothing, whatever unknown
 * attributes stand on either level. An `inner` that is no object, or an empty one, marks an object that was never
 * shaped this way: it passes untouched.
 */
const swap =
  (inner: string, { down, up }: Moves) =>
  (value: JsonObject): JsonObject => {
    const held = value[inner];
    if (held !== undefined && (!isJsonObject(held) || isEmpty(held))) return value;
    const outerNames = Object.keys(value);
    const innerNames = held === undefined ? [] : Object.keys(held);
    const moves =
      outerNames.some((name) => name !== inner && down(name) !== undefined) ||
      innerNames.some((name) => up(name) !== undefined);
    if (!moves) return value;

    const outerAfter: JsonObject = {};
    const innerAfter: JsonObject = {};
    for (const name of outerNames) {
      const target = name === inner ? undefined : down(name);
      if (target !== undefined) put(innerAfter, target, value[name]);
      else if (name !== inner) put(outerAfter, name, value[name]);
    }
    for (const name of innerNames) {
      const target = up(name);
      put(target === undefined ? innerAfter : outerAfter, target ?? name, held?.[name]);
    }
    if (!isEmpty(innerAfter)) outerAfter[inner] = innerAfter;
    return outerAfter;
  };

const isEmpty = (value: JsonObject): boolean => {
  for (const _name in value) return false;
  return true;
};

/**
 * Flat in v4, nested in the store: `{ role, id }` ⇄ `{ role, <inner>: { id } }`. What the inner object has beyond
 * the named attributes is shown in v4 as an attribute `<inner>`, so that a v4 client cannot lose it.
 * `type` names the class of the inner object: it is stored, and shown in v4 only where it is not the implied one.
 */
export const nest = (inner: string, names: Names, type?: ClassOf): Lens =>
  nestWith(inner, named(names), type);

/** Like {@link nest}, but everything moves in except the named attributes. */
export const nestAllBut = (inner: string, names: readonly string[]): Lens =>
  nestWith(inner, allBut([...names, inner]));

const nestWith = (inner: string, moves: Moves, type?: ClassOf): Lens => {
  const change = swap(inner, moves);
  const levels = onObject(change, change, ([first = '', ...rest]) => {
    const target = first === inner ? undefined : moves.down(first);
    return target === undefined ? [first, ...rest] : [inner, target, ...rest];
  });
  return type === undefined ? levels : chain(levels, object(at(inner, impliedType(type))));
};

/** Nested in v4, flat in the store: `{ product: { id } }` ⇄ `{ id }`; the reverse of {@link nest}. */
export const flatten = (inner: string, names: Names): Lens => {
  const moves = named(names);
  const change = swap(inner, moves);
  return onObject(change, change, ([first = '', second, ...rest]) => {
    const target = first === inner && second !== undefined ? moves.up(second) : undefined;
    if (target !== undefined) return [target, ...rest];
    return second === undefined ? [first] : [first, second, ...rest];
  });
};
