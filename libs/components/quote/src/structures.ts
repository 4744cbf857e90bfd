import { isJsonObject, objectsAt, type JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import { InventoryAway, type CatalogReader, type InventoryReader } from '@quotebridge/tmf/client';
import {
  isWaiting,
  settledOrAsked,
  UNKNOWN_PRODUCTS,
  unknownProductOf,
  waiting,
  WAITING_ITEMS,
  withStructure,
  withUnknownProduct,
  type ItemSubject,
} from './item-structure';
import { itemsOf } from './items';

/** Where structures come from. */
export interface Structures {
  readonly catalog: CatalogReader;
  readonly inventory: InventoryReader;
}

/** What one round of giving items their structures needs. */
interface Round extends Structures {
  /** Items as they were before, by id. */
  readonly before: ReadonlyMap<unknown, JsonObject>;
  readonly trace?: Context | undefined;
  readonly noteAway?: (reason: string) => void;
}

/**
 * The quote whose items carry the structures that they stand for: machines by their number, offerings by what their
 * specification is built of. Only what is not known yet is read. An item whose structure cannot be read says so, and the quote
 * names it; nothing waits for it. Throws `CatalogAway` when the catalog does not answer.
 */
export const withStructures = async (
  before: JsonObject | undefined,
  quote: JsonObject,
  structures: Structures,
  more: Pick<Round, 'trace' | 'noteAway'> = {},
): Promise<JsonObject> => {
  const known = new Map(itemsOf(before ?? {}).map((item) => [item['id'], item]));
  const round = { ...structures, ...more, before: known };
  const quoteItem = await Promise.all(objectsAt(quote, 'quoteItem').map((item) => backed(item, round)));
  const { [WAITING_ITEMS]: _waiting, [UNKNOWN_PRODUCTS]: _unknown, ...rest } = quote;
  const items = itemsOf({ quoteItem });
  const open = items.filter(isWaiting);
  const unknown = new Set(items.flatMap((item) => unknownProductOf(item) ?? []));
  return {
    ...rest,
    quoteItem,
    ...(open.length === 0 ? {} : { [WAITING_ITEMS]: open.map(({ id }) => String(id)) }),
    ...(unknown.size === 0 ? {} : { [UNKNOWN_PRODUCTS]: [...unknown] }),
  };
};

const backed = async (item: JsonObject, round: Round): Promise<JsonObject> => {
  const own = await one(item, round);
  if (!Array.isArray(item['quoteItem'])) return own;
  const inner = await Promise.all(objectsAt(item, 'quoteItem').map((below) => backed(below, round)));
  return { ...own, quoteItem: inner };
};

const one = async (item: JsonObject, round: Round): Promise<JsonObject> => {
  const decided = settledOrAsked(item, round.before.get(item['id']));
  if ('settled' in decided) return decided.settled;
  const { bare, subject } = decided;
  try {
    const kept = await structureOf(subject, round);
    if (kept !== undefined) return withStructure(bare, subject, kept);
    return subject.kind === 'offering' ? bare : withUnknownProduct(bare, subject);
  } catch (thrown) {
    if (!(thrown instanceof InventoryAway)) throw thrown;
    round.noteAway?.(thrown.message);
    return waiting(bare, subject);
  }
};

const structureOf = async (
  { kind, id }: ItemSubject,
  { catalog, inventory, trace }: Round,
): Promise<JsonObject | undefined> => {
  if (kind !== 'offering') return inventory.structure({ kind, id }, trace);
  const reference = (await catalog.offering(id, trace))?.['productSpecification'];
  const specification = isJsonObject(reference) ? reference['id'] : undefined;
  return typeof specification === 'string'
    ? inventory.structure({ kind: 'specification', id: specification }, trace)
    : undefined;
};
