/** What a declared attribute holds; `any` and `object` come from free-form parts of the standard's schemas. */
export type FieldKind = 'string' | 'number' | 'integer' | 'boolean' | 'date-time' | 'object' | 'any';

/** A declared attribute path of a resource. */
export interface ResolvedField {
  /** Dotted path in the stored document (`id` is stored as `_id`). */
  readonly storagePath: string;
  readonly kind: FieldKind;
  /** True when the path runs through or ends in an array; such a path has no keyset order. */
  readonly array?: boolean;
}

/** Says what a path of the API stands for; undefined for a path that is not declared. */
export type Resolve = (path: string) => ResolvedField | undefined;

export type Scalar = string | number | boolean;
export type Ordering = 'gt' | 'gte' | 'lt' | 'lte';

/**
 * A condition on a stored document. Paths are stored paths and run through arrays as in MongoDB: a condition
 * holds when one of the values it reaches fulfils it. Inside `element`, paths are relative to one array element.
 */
export type FilterNode =
  | { readonly type: 'and' | 'or'; readonly nodes: readonly FilterNode[] }
  | { readonly type: 'not'; readonly node: FilterNode }
  | { readonly type: 'in'; readonly path: string; readonly values: readonly Scalar[] }
  | {
      readonly type: 'compare';
      readonly path: string;
      readonly ordering: Ordering;
      readonly value: string | number;
    }
  | { readonly type: 'regex'; readonly path: string; readonly pattern: string; readonly ignoreCase: boolean }
  | { readonly type: 'exists'; readonly path: string }
  | { readonly type: 'element'; readonly path: string; readonly node: FilterNode };

/** The filter that every document passes; the only one of its kind, so that callers may compare with `===`. */
export const matchAll: FilterNode = { type: 'and', nodes: [] };

/** All of the nodes; a single one stays itself, none is {@link matchAll}. */
export const allOf = (nodes: readonly FilterNode[]): FilterNode =>
  nodes.length === 0 ? matchAll : combine('and', nodes);

/** Any of the nodes; a single one stays itself. */
export const anyOf = (nodes: readonly FilterNode[]): FilterNode => combine('or', nodes);

const combine = (type: 'and' | 'or', nodes: readonly FilterNode[]): FilterNode => {
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : { type, nodes };
};
