import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { onObject, put, without, type Lens } from '../lens';

/**
 * One object in v4, a list in the store: `{ product: { … } }` ⇄ `{ product: [{ … }] }`. v4 shows the first element,
 * and in `<attribute>Detail` the others, so that a v4 client cannot lose them. A document that has such a detail of
 * its own making passes with both attributes untouched.
 */
export const firstOf = (attribute: string, element: Lens): Lens => {
  const detail = `${attribute}Detail`;

  const listOf = (v4: JsonObject): JsonObject[string][] | undefined => {
    const { [attribute]: first, [detail]: others } = v4;
    if (first === undefined) return Array.isArray(others) && others.length === 0 ? [] : undefined;
    if (!isJsonObject(first)) return undefined;
    if (others === undefined) return [first];
    return Array.isArray(others) && others.length > 0 ? [first, ...others] : undefined;
  };
  const toStored = (v4: JsonObject): JsonObject => {
    const list = listOf(v4);
    if (list === undefined) return v4;
    return { ...without(v4, detail), [attribute]: list.map((one) => element.toStored(one ?? null)) };
  };
  const fromStored = (stored: JsonObject): JsonObject => {
    const list = stored[attribute];
    if (!Array.isArray(list) || stored[detail] !== undefined) return stored;
    const [first, ...others] = list.map(element.fromStored);
    if (first === undefined) return { ...without(stored, attribute), [detail]: [] };
    if (!isJsonObject(first)) return stored;
    const shown = { ...stored, [attribute]: first };
    if (others.length > 0) put(shown, detail, others);
    return shown;
  };
  return {
    ...onObject(toStored, fromStored, ([head = '', ...rest]) =>
      head === attribute ? [head, ...element.path(rest)] : [head, ...rest],
    ),
    values: ([head = '', ...rest], value) => (head === attribute ? element.values(rest, value) : [value]),
  };
};
