import { err, isJsonObject, ok, type Fault, type Json, type Result } from '@quotebridge/platform/core';
import {
  allOf,
  matches,
  parseConditions,
  parseListQuery,
  resolveAnyPath,
  type FilterNode,
} from '@quotebridge/tmf/query';
import { patchFault } from './faults';
import { parsePointer } from './pointer';

/** One step of a path: into an attribute or position, or to the elements of an array that pass a filter. */
export type Step = { readonly name: string } | { readonly filter: FilterNode };

/** A parsed path: its steps, and conditions on arrays by their dotted path. */
export interface QueryPath {
  readonly steps: readonly Step[];
  readonly conditions: readonly { readonly path: string; readonly text: string }[];
}

const syntax = (message: string): { readonly ok: false; readonly error: Fault } =>
  err(patchFault('', 'syntax', message));

/** A filter over one element, whose attributes are all known. */
const elementFilter = (parsed: Result<FilterNode, Fault[]>): Result<FilterNode, Fault> => {
  if (parsed.ok) return parsed;
  const [first] = parsed.error;
  const code = first?.code === 'unsupported' ? 'unsupported' : 'syntax';
  return err(patchFault('', code, first?.message ?? 'The condition in the path cannot be read.'));
};

const jsonPathFilter = (text: string): Result<FilterNode, Fault> => {
  const parsed = parseListQuery(`filter=${encodeURIComponent(text)}`, { resolve: resolveAnyPath });
  return elementFilter(parsed.ok ? ok(parsed.value.filter) : parsed);
};

/** `/productOrderItem/billingAccount/id?productOrderItem.id=120` (TMF630 part 5). */
const parsePointerQuery = (path: string): Result<QueryPath, Fault> => {
  const question = path.indexOf('?');
  const pointer = parsePointer(question < 0 ? path : path.slice(0, question));
  if (pointer === undefined)
    return syntax(`"${path.slice(0, 80)}" is not a path; write /attribute?attribute.id=1.`);
  const texts = question < 0 ? [] : path.slice(question + 1).split('&');
  const conditions = texts.map((text) => ({ path: /^[^=<>!*~%]*/.exec(text)?.[0] ?? '', text }));
  return ok({ steps: pointer.map((name) => ({ name })), conditions });
};

/** Where the bracket that opens at a position closes, quotes respected; -1 when it does not. */
const closingBracket = (path: string, open: number): number => {
  let depth = 0;
  let quote = '';
  for (let at = open; at < path.length; at += 1) {
    const char = path.charAt(at);
    if (quote !== '') {
      if (char === '\\') at += 1;
      else if (char === quote) quote = '';
    } else if (char === "'" || char === '"') quote = char;
    else if (char === '[') depth += 1;
    else if (char === ']' && (depth -= 1) === 0) return at;
  }
  return -1;
};

/** `note[?(@.author=='X')].text` (TMF630 part 6). */
const parseJsonPathSteps = (path: string): Result<QueryPath, Fault> => {
  const steps: Step[] = [];
  let at = path.startsWith('$') ? 1 : 0;
  while (at < path.length) {
    const rest = path.slice(at);
    const name = (at === 0 ? /^@?[A-Za-z_]\w*/ : /^\.(@?[A-Za-z_]\w*)/).exec(rest);
    if (name) {
      steps.push({ name: name[1] ?? name[0] });
      at += name[0].length;
      continue;
    }
    const end = rest.startsWith('[') ? closingBracket(path, at) : -1;
    if (end < 0) return syntax(`The path cannot be read at position ${at + 1}.`);
    const inside = path.slice(at + 1, end);
    at = end + 1;
    if (/^\d+$/.test(inside)) steps.push({ name: inside });
    else if (inside.startsWith('?')) {
      const filter = jsonPathFilter(`$[${inside}]`);
      if (!filter.ok) return filter;
      steps.push({ filter: filter.value });
    } else
      return err(patchFault('', 'unsupported', `"[${inside.slice(0, 40)}]" is not supported in a path.`));
  }
  return ok({ steps, conditions: [] });
};

/** Reads a path in either form; a pointer begins with a slash. */
export const parseQueryPath = (path: string): Result<QueryPath, Fault> =>
  path === '' || path.startsWith('/') ? parsePointerQuery(path) : parseJsonPathSteps(path);

/** The positions of an array that pass a filter. */
export const passing = (elements: readonly Json[], filter: FilterNode): number[] =>
  elements.flatMap((element, index) => (isJsonObject(element) && matches(filter, element) ? [index] : []));

/** The conditions on elements of the array at a dotted path, as one filter; undefined when there are none. */
export const conditionsOn = (query: QueryPath, array: string): Result<FilterNode | undefined, Fault> => {
  const own = query.conditions.filter(({ path }) => path.startsWith(`${array}.`));
  if (own.length === 0) return ok(undefined);
  const filters: FilterNode[] = [];
  for (const { text } of own) {
    const filter = elementFilter(parseConditions(text.slice(array.length + 1)));
    if (!filter.ok) return filter;
    filters.push(filter.value);
  }
  return ok(allOf(filters));
};
