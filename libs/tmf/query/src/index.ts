export type { FieldKind, FilterNode, Ordering, Resolve, ResolvedField, Scalar } from './filter';
export { allOf, anyOf, matchAll } from './filter';
export { resolveAnyPath } from './any-path';
export { parseConditions } from './condition-query';
export { defaultLimits, type QueryLimits } from './limits';
export { parseListQuery, type ListQuery, type ListQueryOptions } from './list-query';
export { queryStatus, type QueryFaultCode } from './scope';
export { toMongoFilter, type MongoFilter } from './mongo';
export { readInstant } from './dates';
export { matches } from './matches';
export { mongoSort, type SortKey } from './sort';
export {
  cursorFilter,
  decodeCursor,
  encodeCursor,
  needsItem,
  wholeCursor,
  type Cursor,
  type PageCursor,
} from './cursor';
export { planIndex, type IndexShape } from './plan-index';
export { mongoProjection, parseSelection, selectFields, type FieldSelection, type MapPath } from './fields';
export { contentRange, linkHeader, parseRange, withRange, type Page } from './paging';
export {
  parseEventQuery,
  trimEvent,
  wantsEvent,
  type EventQuery,
  type EventQueryOptions,
} from './event-query';
export { LIST_ONLY, misplaced } from './misplaced';
export { nearMatches } from './near';
export { safeRegex, type SafeRegex } from './regex-safety';
