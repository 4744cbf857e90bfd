import { badRequest } from './errors';
import { parseLiteral, type Value } from './literals';

/** One step of a resource path: `A_Product('TG11')`, `to_Item`, `$count`. */
export interface Segment {
  readonly name: string;
  /** Key values; a single unnamed key is under the empty name. */
  readonly keys?: Readonly<Record<string, Value>>;
}

const KEY_PART =
  /\s*(?:(\w+)\s*=\s*)?((?:[a-z]+)?'(?:[^']|'')*'|-?\d+(?:\.\d+)?[MLDF]?|true|false)\s*(,|$)/giy;

const keysOf = (text: string): Record<string, Value> => {
  const keys: Record<string, Value> = {};
  KEY_PART.lastIndex = 0;
  let end = 0;
  for (let match = KEY_PART.exec(text); match !== null && match[0] !== ''; match = KEY_PART.exec(text)) {
    keys[match[1] ?? ''] = parseLiteral(match[2] ?? '');
    end = KEY_PART.lastIndex;
    if (end >= text.length) break;
  }
  if (end < text.length || Object.keys(keys).length === 0)
    throw badRequest(`Invalid key predicate (${text}).`);
  return keys;
};

/** Splits at slashes that are not inside quotes. */
const split = (path: string): string[] => path.match(/(?:'(?:[^']|'')*'|[^/'])+/g) ?? [];

/** Reads the decoded path behind the service root. */
export const parsePath = (path: string): Segment[] =>
  split(path).map((text) => {
    const match = /^([$\w]+)(?:\((.*)\))?$/s.exec(text);
    if (match?.[1] === undefined) throw badRequest(`Invalid resource path segment '${text}'.`);
    return match[2] === undefined ? { name: match[1] } : { name: match[1], keys: keysOf(match[2]) };
  });
