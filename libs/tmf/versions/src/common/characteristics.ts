import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { onObject, type Lens } from '../lens';

type Kind = readonly [name: string, fits: (value: Json) => boolean];

// The first kind that fits names the class of a value that has none; the later ones are only recognised.
const KINDS: readonly Kind[] = [
  ['String', (value) => typeof value === 'string'],
  ['Number', (value) => typeof value === 'number'],
  ['Boolean', (value) => typeof value === 'boolean'],
  ['Object', isJsonObject],
  ['Integer', (value) => Number.isInteger(value)],
  ['Float', (value) => typeof value === 'number'],
  ['Map', isJsonObject],
];

const arrayOf = ([name, fits]: Kind): Kind => [
  `${name}Array`,
  (value) => Array.isArray(value) && value.every(fits),
];

const ALL_KINDS: readonly Kind[] = [...KINDS, ...KINDS.map(arrayOf)];

/**
 * A value of any JSON type in v4, told apart in v5 by its class: `StringCharacteristic`, `NumberCharacteristic`,
 * `ObjectArrayCharacteristic` … A value that no class fits (a mixed array) gets the base class. A class that
 * contradicts its value gives way to the right one: that happens when a v4 client changes a value and sends back
 * the `@type` it was shown.
 */
export const typedValue = (base: string): Lens => {
  const fitOf = new Map(ALL_KINDS.map(([name, fits]) => [`${name}${base}`, fits]));
  const classOf = (value: Json): string => {
    for (const [name, fits] of fitOf) if (fits(value)) return name;
    return base;
  };
  const contradicts = (type: Json, value: Json): boolean => {
    const fits = typeof type === 'string' ? fitOf.get(type) : undefined;
    return fits !== undefined && !fits(value);
  };
  const toStored = (doc: JsonObject): JsonObject => {
    const { '@type': type, value } = doc;
    if (value === undefined) return doc;
    if (type === undefined) return { '@type': classOf(value), ...doc };
    return contradicts(type, value) ? { ...doc, '@type': classOf(value) } : doc;
  };
  return onObject(toStored, (doc) => doc);
};

/** A characteristic with its value (TMF622, TMF648). */
export const characteristic = typedValue('Characteristic');

/** One of the values that a characteristic may take (TMF620). */
export const characteristicValueSpecification = typedValue('CharacteristicValueSpecification');
