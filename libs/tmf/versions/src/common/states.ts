import type { JsonObject } from '@quotebridge/platform/core';
import { onObject, same, without, type Lens } from '../lens';

/** Stored state that v4 does not know → the state that v4 shows instead. */
export type NarrowedStates = Readonly<Record<string, string>>;

/**
 * States that came with v5 are shown in v4 by the closest state that v4 has, and beside it, in `<attribute>Detail`,
 * by their own name. When a v4 client sends both back, the stored state stays; when it sends another state, that
 * one counts and the detail is dropped.
 */
export const narrowedState = (attribute: string, states: NarrowedStates): Lens => {
  const detail = `${attribute}Detail`;
  const shownAs = new Map(Object.entries(states));

  const toStored = (v4: JsonObject): JsonObject => {
    const { [attribute]: state, [detail]: own } = v4;
    const shown = typeof own === 'string' ? shownAs.get(own) : undefined;
    if (shown === undefined || state === undefined || state === own) return v4;
    const rest = without(v4, detail);
    return state === shown && own !== undefined ? { ...rest, [attribute]: own } : rest;
  };
  const fromStored = (stored: JsonObject): JsonObject => {
    const state = stored[attribute];
    const shown = typeof state === 'string' ? shownAs.get(state) : undefined;
    if (shown === undefined || state === undefined || stored[detail] !== undefined) return stored;
    return { ...stored, [attribute]: shown, [detail]: state };
  };
  return {
    ...onObject(toStored, fromStored),
    values: (path, value) => {
      if (path.length !== 1 || path[0] !== attribute) return [value];
      return [value, ...[...shownAs].filter(([, shown]) => shown === value).map(([own]) => own)];
    },
  };
};

/** One value of an attribute that v4 spells in another way. The two spellings change places, as names do. */
export const renamedValue = (v4: string, stored: string): Lens => {
  const other = <T>(value: T): T | string => (value === v4 ? stored : value === stored ? v4 : value);
  return {
    ...same,
    toStored: other,
    fromStored: other,
    values: (_path, value) => [other(value)],
  };
};
