import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { FilterNode, Ordering } from './filter';

/** How much of a text an expression looks at in memory: bounds the time one event can take. */
const MAX_TEXT = 4_000;

/**
 * True when a document passes the filter: the twin in memory of what `toMongoFilter` asks of MongoDB, with the same
 * rules for arrays, missing attributes and types. Used where events are filtered before they are sent.
 */
export const matches = (node: FilterNode, document: JsonObject): boolean => {
  switch (node.type) {
    case 'and':
      return node.nodes.every((inner) => matches(inner, document));
    case 'or':
      return node.nodes.some((inner) => matches(inner, document));
    case 'not':
      return !matches(node.node, document);
    case 'in':
      return reaches(document, node.path, (value) => node.values.some((wanted) => wanted === value));
    case 'compare':
      return reaches(document, node.path, (value) => inOrder(value, node.ordering, node.value));
    case 'regex': {
      const expression = compiled(node.pattern, node.ignoreCase);
      return reaches(
        document,
        node.path,
        (value) => typeof value === 'string' && expression.test(value.slice(0, MAX_TEXT)),
      );
    }
    case 'exists':
      return visit(document, node.path.split('.'), 0, () => true);
    case 'element':
      return visit(
        document,
        node.path.split('.'),
        0,
        (value) =>
          Array.isArray(value) &&
          value.some((element) => isJsonObject(element) && matches(node.node, element)),
      );
  }
};

type Test = (value: Json) => boolean;

/** Walks a dotted path; an array on the way stands for each of its objects, one level deep as in MongoDB. */
const visit = (value: Json, names: readonly string[], index: number, test: Test): boolean => {
  const name = names[index];
  if (name === undefined) return test(value);
  if (Array.isArray(value))
    return value.some((element) => isJsonObject(element) && visit(element, names, index, test));
  if (!isJsonObject(value) || !Object.hasOwn(value, name)) return false;
  const inner = value[name];
  return inner !== undefined && visit(inner, names, index + 1, test);
};

/** As {@link visit}, and an array at the end of the path stands for its elements. */
const reaches = (document: JsonObject, path: string, test: Test): boolean =>
  visit(document, path.split('.'), 0, (value) => (Array.isArray(value) ? value.some(test) : test(value)));

const inOrder = (value: Json, ordering: Ordering, bound: string | number): boolean => {
  if (typeof value !== typeof bound) return false;
  const order =
    typeof value === 'string' && typeof bound === 'string'
      ? compareTexts(value, bound)
      : Number(value) - Number(bound);
  if (ordering === 'gt') return order > 0;
  if (ordering === 'gte') return order >= 0;
  return ordering === 'lt' ? order < 0 : order <= 0;
};

/** By code points, as UTF-8 bytes order; the comparison of JavaScript goes by UTF-16 units. */
const compareTexts = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const cache = new Map<string, RegExp>();
const MAX_CACHED = 500;

const compiled = (pattern: string, ignoreCase: boolean): RegExp => {
  const key = `${ignoreCase ? 'i' : ''}/${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size >= MAX_CACHED) cache.clear();
  const expression = new RegExp(pattern, ignoreCase ? 'iu' : 'u');
  cache.set(key, expression);
  return expression;
};
