/** Bounds of a list query; everything a client can make long or deep has one. */
export interface QueryLimits {
  /** Items of a page when the client names no limit. */
  readonly defaultLimit: number;
  /** A larger `limit` is lowered to this. */
  readonly maxLimit: number;
  /** Beyond this only a cursor leads on. */
  readonly maxOffset: number;
  /** Conditions in one query, JSONPath comparisons included. */
  readonly maxClauses: number;
  /** Values in one condition. */
  readonly maxValues: number;
  /** Characters of one value. */
  readonly maxValueLength: number;
  /** Characters of one regular expression. */
  readonly maxRegexLength: number;
  /** Characters of the whole query string. */
  readonly maxQueryLength: number;
  /** Sort keys. */
  readonly maxSortKeys: number;
  /** Paths in `fields`. */
  readonly maxFields: number;
  /** Nesting of parentheses and filters in a JSONPath. */
  readonly maxDepth: number;
}

/** Limits that suit a public API; callers override single ones. */
export const defaultLimits: QueryLimits = {
  defaultLimit: 20,
  maxLimit: 100,
  maxOffset: 10_000,
  maxClauses: 20,
  maxValues: 50,
  maxValueLength: 500,
  maxRegexLength: 100,
  maxQueryLength: 8_000,
  maxSortKeys: 4,
  maxFields: 100,
  maxDepth: 6,
};
