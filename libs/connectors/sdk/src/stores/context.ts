import type { Clock } from '@quotebridge/platform/core';
import type { Store } from '@quotebridge/platform/store';
import type { ListOrder, Listed } from '../ports';

/** What the stores of one instance share. Instances may share a database: every key begins with the instance. */
export interface StoresContext {
  readonly store: Store;
  readonly instance: string;
  readonly clock: Clock;
  key(...words: readonly string[]): string;
}

/** A part of a list out of one document more than was asked for. */
export const listed = <D, T>(
  documents: readonly D[],
  { limit }: ListOrder,
  show: (document: D) => T,
  placeOf: (document: D) => string,
): Listed<T> => {
  const items = documents.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(show),
    ...(documents.length > limit && last !== undefined ? { next: placeOf(last) } : {}),
  };
};
