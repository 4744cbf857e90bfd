import type { FieldKind } from './filter';
import { parseListQuery, type ListQuery, type ListQueryOptions } from './list-query';
import { toMongoFilter } from './mongo';

/** The declared attributes of the resource that the specs ask for. */
export const kinds: Readonly<Record<string, FieldKind>> = {
  id: 'string',
  name: 'string',
  '@type': 'string',
  lifecycleStatus: 'string',
  lastUpdate: 'date-time',
  isBundle: 'boolean',
  version: 'string',
  size: 'number',
  category: 'object',
  'category.id': 'string',
  'category.name': 'string',
  note: 'object',
  'note.author': 'string',
  'note.date': 'date-time',
  'note.text': 'string',
  characteristic: 'object',
  'characteristic.value': 'any',
};
const resolve: ListQueryOptions['resolve'] = (path) => {
  const kind = Object.hasOwn(kinds, path) ? kinds[path] : undefined;
  return kind === undefined
    ? undefined
    : { storagePath: path === 'id' ? '_id' : path, kind, array: path.startsWith('note') };
};
export const options: ListQueryOptions = {
  resolve,
  known: () => Object.keys(kinds),
  reserved: ['checkReferences'],
};

/** A query that must be readable. */
export const parse = (query: string, more: Partial<ListQueryOptions> = {}): ListQuery => {
  const result = parseListQuery(query, { ...options, ...more });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
/** What a readable query asks of MongoDB. */
export const mongo = (query: string) => toMongoFilter(parse(query).filter);
/** What is wrong with a query. */
export const faults = (query: string) => {
  const result = parseListQuery(query, options);
  return result.ok ? [] : result.error;
};
