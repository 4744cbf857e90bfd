import type { Row, Tables } from '@quotebridge/sandbox/core';

/** Parts, each with the time of its last change; a deleted one stays as a tombstone. */
export const PARTS = 'parts';
/** Offers of parts. Their changes are numbered; a token is a number from which on they are asked for. */
export const OFFERS = 'offers';
/** Orders by number. */
export const ORDERS = 'orders';

/** A page of parts changed at or after `since`, in the order of (changedAt, id), behind `after`. */
export const partsPage = (
  tables: Tables,
  since: string,
  after: string | undefined,
  limit: number,
): { readonly items: readonly Row[]; readonly next: string | undefined } => {
  const placeOf = ({ changedAt, id }: Row): string => `${String(changedAt)}~${String(id)}`;
  const items = tables
    .all(PARTS)
    .filter((row) => String(row['changedAt']) >= since && (after === undefined || placeOf(row) > after))
    .sort((left, right) => (placeOf(left) < placeOf(right) ? -1 : 1));
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: items.length > limit && last !== undefined ? placeOf(last) : undefined };
};

/** Offers changed after the numbered change, in the order of their changes, and the number of the last. */
export const offersPage = (
  tables: Tables,
  from: number,
  limit: number,
): { readonly items: readonly Row[]; readonly token: string; readonly more: boolean } => {
  const items = tables
    .all(OFFERS)
    .filter(({ change }) => Number(change) > from)
    .sort((left, right) => Number(left['change']) - Number(right['change']));
  const page = items.slice(0, limit);
  return { items: page, token: String(page.at(-1)?.['change'] ?? from), more: items.length > limit };
};
