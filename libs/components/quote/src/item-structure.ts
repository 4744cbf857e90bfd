import { isJsonObject, objectsAt, type JsonObject } from '@quotebridge/platform/core';
import { CONTAINS } from '@quotebridge/cpq/bom';
import { offeringIdOf } from './items';

/** Extension attribute of an item: which structure its product carries, or why it carries none (ADR 0024). */
export const STRUCTURE = 'productStructure';

/** Extension attribute of a quote: ids of its items whose structure is not known yet; absent when there are none. */
export const WAITING_ITEMS = 'waitingStructure';

/** Extension attribute of a quote: products its items name that the inventory does not know; absent when there are none. */
export const UNKNOWN_PRODUCTS = 'unknownProduct';

/** What an item stands for: a machine by id or serial number, or what the specification of its offering is built of. */
export interface ItemSubject {
  readonly kind: 'product' | 'serialNumber' | 'offering';
  readonly id: string;
}

const productOf = (item: JsonObject): JsonObject => (isJsonObject(item['product']) ? item['product'] : {});

const wordAt = (json: JsonObject, name: string): string | undefined => {
  const value = json[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** What the item stands for; undefined when it ends something, or names neither a product nor an offering. */
export const subjectOf = (item: JsonObject): ItemSubject | undefined => {
  if (item['action'] === 'delete') return undefined;
  const product = productOf(item);
  const named = (kind: ItemSubject['kind'], id: string | undefined): ItemSubject | undefined =>
    id === undefined ? undefined : { kind, id };
  return (
    named('product', wordAt(product, 'id')) ??
    named('serialNumber', wordAt(product, 'productSerialNumber')) ??
    named('offering', offeringIdOf(item))
  );
};

/** A name for what an item stands for. */
export const keyOf = ({ kind, id }: ItemSubject): string => `${kind}/${id}`;

const markOf = (item: JsonObject): JsonObject => (isJsonObject(item[STRUCTURE]) ? item[STRUCTURE] : {});

const relationshipsOf = (item: JsonObject): readonly JsonObject[] =>
  objectsAt(productOf(item), 'productRelationship');

/** True when the item carries the structure of this subject already. */
const carries = (item: JsonObject, subject: ItemSubject): boolean =>
  markOf(item)['status'] === 'attached' &&
  markOf(item)['of'] === keyOf(subject) &&
  relationshipsOf(item).length > 0;

/** The item without a structure that was attached here. */
export const withoutStructure = (item: JsonObject): JsonObject => {
  const { [STRUCTURE]: mark, ...rest } = item;
  if (mark === undefined) return item;
  if (markOf(item)['status'] !== 'attached' || !isJsonObject(rest['product'])) return rest;
  const { productRelationship: _parts, ...product } = rest['product'];
  const { product: _product, ...bare } = rest;
  return Object.keys(product).some((name) => name !== '@type') ? { ...rest, product } : bare;
};

/**
 * The item as far as its structure is known without asking: what it carries stays, what it carried before comes back
 * when the change only left it out, and a structure that the client wrote himself is his. Otherwise what has to be asked for.
 */
export const settledOrAsked = (
  item: JsonObject,
  before: JsonObject | undefined,
): { readonly settled: JsonObject } | { readonly bare: JsonObject; readonly subject: ItemSubject } => {
  const subject = subjectOf(item);
  if (subject === undefined) return { settled: withoutStructure(item) };
  if (carries(item, subject)) return { settled: item };
  const isTheirs = item[STRUCTURE] === undefined && relationshipsOf(item).length > 0;
  if (isTheirs) return { settled: item };
  if (before !== undefined && carries(before, subject))
    return { settled: withParts(item, [...relationshipsOf(before)], markOf(before)) };
  return { bare: withoutStructure(item), subject };
};

const withParts = (item: JsonObject, parts: JsonObject[], mark: JsonObject): JsonObject => {
  const { '@type': type, ...product } = productOf(item);
  // A reference has no parts: it becomes the product itself, still under its id.
  const isOwnClass = typeof type === 'string' && type !== 'ProductRef';
  return {
    ...item,
    product: { '@type': isOwnClass ? type : 'Product', ...product, productRelationship: parts },
    [STRUCTURE]: mark,
  };
};

const marked = (subject: ItemSubject, more: JsonObject): JsonObject => ({
  '@type': 'ProductStructure',
  of: keyOf(subject),
  ...more,
});

/** The item with what the inventory says (as {@link keptStructure} left it); unchanged when there is nothing in it. */
export const withStructure = (item: JsonObject, subject: ItemSubject, kept: JsonObject): JsonObject => {
  const { parts, ...said } = kept;
  const list = objectsAt({ parts: parts ?? [] }, 'parts');
  return list.length === 0
    ? item
    : withParts(item, [...list], marked(subject, { status: 'attached', ...said }));
};

/** The item says that the product it names is not, or not only once, in the inventory. */
export const withUnknownProduct = (item: JsonObject, subject: ItemSubject): JsonObject => ({
  ...item,
  [STRUCTURE]: marked(subject, {
    status: 'unknown',
    message:
      subject.kind === 'serialNumber'
        ? `The inventory has no product, or several, with the serial number ${subject.id}.`
        : `The inventory has no product with the id ${subject.id}.`,
  }),
});

/** The item says that its structure comes when the inventory answers again. */
export const waiting = (item: JsonObject, subject: ItemSubject): JsonObject => ({
  ...item,
  // Always the same words: an opportunity that comes again is no change.
  [STRUCTURE]: marked(subject, {
    status: 'waiting',
    message: 'The inventory did not answer; the structure comes when it does.',
  }),
});

/** Does the item wait for its structure? */
export const isWaiting = (item: JsonObject): boolean => markOf(item)['status'] === 'waiting';

/** The product that the item names and the inventory does not know; undefined when there is none such. */
export const unknownProductOf = (item: JsonObject): string | undefined =>
  markOf(item)['status'] === 'unknown' ? wordAt(markOf(item), 'of') : undefined;

const levelOf = (line: JsonObject): number => Number(line['level']);

/** As many whole levels, from above, as there is room for; of a first level that is too long its beginning. */
const fitting = (lines: readonly JsonObject[], most: number): readonly JsonObject[] => {
  if (lines.length <= most) return lines;
  const deepest = Math.max(...lines.map(levelOf));
  for (let level = deepest - 1; level >= 1; level -= 1) {
    const upper = lines.filter((line) => levelOf(line) <= level);
    if (upper.length <= most) return upper;
  }
  return lines.filter((line) => levelOf(line) === 1).slice(0, most);
};

const relationship = (line: JsonObject, parts: readonly JsonObject[]): JsonObject => {
  const { id, quantity, units, position, product } = line;
  const name = isJsonObject(product) ? wordAt(product, 'name') : undefined;
  return {
    '@type': 'ProductRelationship',
    '@referredType': 'Product',
    relationshipType: CONTAINS,
    id: String(id),
    ...(name === undefined ? {} : { name }),
    quantity: { amount: quantity ?? 1, ...(units === undefined ? {} : { units }) },
    ...(position === undefined ? {} : { position }),
    ...(parts.length === 0 ? {} : { product: { '@type': 'Product', productRelationship: [...parts] } }),
  };
};

/** Lines, each part below its parent, as relationships in one another. */
const nested = (lines: readonly JsonObject[], level: number): JsonObject[] => {
  const starts = lines.flatMap((line, index) => (levelOf(line) === level ? [index] : []));
  return starts.map((start, index) => {
    const below = lines.slice(start + 1, starts[index + 1] ?? lines.length);
    return relationship(lines[start] ?? {}, nested(below, level + 1));
  });
};

/**
 * What is kept of a structure as the inventory tells it (`{id, product, effective, asOf, levels, isCut, lines}`): its parts as
 * TMF637 relationships of the type `contains`, each with what it contains itself, and no more than `most` of them.
 */
export const keptStructure =
  (most: number) =>
  (view: JsonObject): JsonObject => {
    const lines = objectsAt(view, 'lines');
    const shown = fitting(lines, most);
    const { id, product, effective, asOf } = view;
    const name = isJsonObject(product) ? wordAt(product, 'name') : undefined;
    return {
      ...(typeof id === 'string' ? { product: { id, ...(name === undefined ? {} : { name }) } } : {}),
      ...(effective === undefined ? {} : { effective }),
      ...(asOf === undefined ? {} : { asOf }),
      isCut: view['isCut'] === true || shown.length < lines.length,
      parts: nested(shown, 1),
    };
  };
