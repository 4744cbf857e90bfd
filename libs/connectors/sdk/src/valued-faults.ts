import { isJsonObject, type Fault, type Json } from '@quotebridge/platform/core';
import type { ValuedFault } from './ports';

/** Longest text of a value that is kept with a fault; the whole record is kept anyway. */
const LONGEST = 200;

const step = (value: Json | undefined, name: string): Json | undefined =>
  Array.isArray(value) ? value[Number(name)] : isJsonObject(value) ? value[name] : undefined;

const at = (value: Json, pointer: string): Json | undefined =>
  pointer
    .split('/')
    .slice(1)
    .reduce<Json | undefined>(
      (place, name) => step(place, name.replaceAll('~1', '/').replaceAll('~0', '~')),
      value,
    );

const shortened = (value: Json): Json => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= LONGEST ? value : `${text.slice(0, LONGEST)}…`;
};

/** Faults with the values they are about. Their paths are JSON Pointers (RFC 6901) into `document`. */
export const valued = (
  faults: readonly Fault[],
  of: 'record' | 'resource',
  document: Json,
): readonly ValuedFault[] =>
  faults.map((fault) => {
    const value = fault.path === '' ? undefined : at(document, fault.path);
    return value === undefined ? { ...fault, of } : { ...fault, of, value: shortened(value) };
  });
