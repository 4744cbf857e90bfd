export { allOf, anyOf, condition, noneOf, type Comparable, type Condition, type Interval } from './condition';
export type { CopyRules } from './copies';
export { insertedAt, movesOf, numberedBy, orderedMove, plainMove, type Move } from './moves';
export type { Row } from './row';
export { selectedOf, type Order, type Selection } from './selection';
export { Tables, type TableChanges } from './tables';
