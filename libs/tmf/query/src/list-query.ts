import { err, ok, type Fault, type Result } from '@quotebridge/platform/core';
import { conditionsFilter } from './conditions';
import { decodeCursor, type PageCursor } from './cursor';
import { parseFields, type FieldSelection } from './fields';
import { allOf, matchAll, type FilterNode, type Resolve } from './filter';
import { parseJsonPath } from './json-path';
import { defaultLimits, type QueryLimits } from './limits';
import { decode, splitParameters } from './query-text';
import { fail, type Scope } from './scope';
import { parseSort, type SortKey } from './sort';

/** What a list request asks for. */
export interface ListQuery {
  readonly filter: FilterNode;
  readonly sort: readonly SortKey[];
  readonly offset: number;
  readonly limit: number;
  /** True when the client named a page itself: only then may a partial answer be 206. */
  readonly pageRequested: boolean;
  readonly cursor?: PageCursor;
  /** Absent: the full representation. */
  readonly fields?: FieldSelection;
  /** Values of the reserved parameters that are left to the caller, by name. */
  readonly flags: Readonly<Record<string, string>>;
}

/** How the parameters of one resource are read. */
export interface ListQueryOptions {
  readonly resolve: Resolve;
  readonly limits?: Partial<QueryLimits>;
  /** Parameters that are no attributes and come back in `flags`. */
  readonly reserved?: readonly string[];
  /** All declared paths, for the suggestions in faults. */
  readonly known?: () => readonly string[];
  /** Order when the client names none, written as in `sort`. */
  readonly defaultSort?: string;
}

const OWN = ['fields', 'sort', 'offset', 'limit', 'filter', 'before', 'after'] as const;
const REPEATABLE: ReadonlySet<string> = new Set(['filter', 'fields', 'sort']);

/** Takes the reserved parameters out of the query; what remains are conditions. */
const sortOut = (
  scope: Scope,
  query: string,
  reserved: ReadonlySet<string>,
): { values: Map<string, string[]>; conditions: string[] } => {
  const values = new Map<string, string[]>();
  const conditions: string[] = [];
  for (const { raw, name, rawValue } of splitParameters(query)) {
    const value = decode(rawValue);
    if (!reserved.has(name)) conditions.push(raw);
    else if (value === undefined)
      fail(scope, name, 'syntax', `The value of "${name}" is not valid percent-encoding.`);
    else if (values.has(name) && !REPEATABLE.has(name))
      fail(scope, name, 'syntax', `"${name}" is given twice.`);
    else values.set(name, [...(values.get(name) ?? []), value]);
  }
  return { values, conditions };
};

const wholeNumber = (scope: Scope, name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
  return value ?? fail(scope, name, 'value', `"${name}" must be a whole number from 0 on.`);
};

const readCursor = (
  scope: Scope,
  sort: readonly SortKey[],
  values: ReadonlyMap<string, readonly string[]>,
): PageCursor | undefined => {
  const side = values.has('after') ? 'after' : 'before';
  const text = values.get(side)?.[0];
  if (text === undefined) return undefined;
  if (values.has('after') && values.has('before'))
    return fail(scope, 'before', 'cursor', '"before" and "after" exclude each other.');
  if (values.has('offset'))
    return fail(scope, 'offset', 'cursor', `"offset" and "${side}" exclude each other.`);
  const unordered = sort.find((key) => key.array);
  if (unordered)
    return fail(
      scope,
      'sort',
      'cursor',
      `A list sorted by "${unordered.path}", inside an array, has no cursors.`,
    );
  const cursor = decodeCursor(sort, text);
  if (typeof cursor === 'string') return fail(scope, side, 'cursor', `The cursor in "${side}" ${cursor}.`);
  return { ...cursor, side };
};

const readOffset = (scope: Scope, sort: readonly SortKey[], text: string | undefined): number => {
  const offset = wholeNumber(scope, 'offset', text) ?? 0;
  const { maxOffset } = scope.limits;
  if (offset > maxOffset)
    fail(
      scope,
      'offset',
      'limit',
      sort.some((key) => key.array)
        ? `"offset" goes up to ${maxOffset}, and a list sorted inside an array ends there; sort by another attribute, or add a condition.`
        : `"offset" goes up to ${maxOffset}; follow the "next" links for deeper pages.`,
    );
  return offset;
};

/**
 * Reads the query string of a list request (TMF630 part 1, 4: filter, sort, fields and paging; part 6: `filter=`
 * JSONPath). Only declared attributes are known; every fault is listed. {@link queryStatus} gives their status.
 */
export const parseListQuery = (query: string, options: ListQueryOptions): Result<ListQuery, Fault[]> => {
  const limits = { ...defaultLimits, ...options.limits };
  const scope: Scope = {
    resolve: options.resolve,
    known: options.known ?? (() => []),
    limits,
    faults: [],
    clauses: 0,
  };
  if (query.length > limits.maxQueryLength)
    return err([
      { path: '', message: `A query has at most ${limits.maxQueryLength} characters.`, code: 'limit' },
    ]);
  const reserved = options.reserved ?? [];
  const { values, conditions } = sortOut(scope, query, new Set<string>([...OWN, ...reserved]));
  const sort = parseSortOf(scope, values.get('sort')?.join(',') ?? options.defaultSort);
  const jsonPaths = (values.get('filter') ?? []).map((text) => parseJsonPath(scope, text) ?? matchAll);
  const plain = conditionsFilter(scope, conditions);
  const limit = wholeNumber(scope, 'limit', values.get('limit')?.[0]);
  const offset = readOffset(scope, sort, values.get('offset')?.[0]);
  const cursor = readCursor(scope, sort, values);
  const fieldTexts = values.get('fields')?.join(',') ?? '';
  const fields = fieldTexts === '' ? undefined : parseFields(scope, fieldTexts);
  if (scope.faults.length > 0) return err(scope.faults);
  return ok({
    filter: allOf([plain, ...jsonPaths].filter((node) => node !== matchAll)),
    sort,
    offset,
    limit: Math.min(limit ?? limits.defaultLimit, limits.maxLimit),
    pageRequested: ['limit', 'offset', 'before', 'after'].some((name) => values.has(name)),
    ...(cursor === undefined ? {} : { cursor }),
    ...(fields === undefined ? {} : { fields }),
    flags: Object.fromEntries(
      reserved.flatMap((name) => (values.get(name) ?? []).map((value) => [name, value])),
    ),
  });
};

const parseSortOf = (scope: Scope, text: string | undefined): SortKey[] =>
  text === undefined || text === '' ? [] : parseSort(scope, text);
