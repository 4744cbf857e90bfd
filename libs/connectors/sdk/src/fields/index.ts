export { valueAt, parsePath, pointerOf } from './path';
export { convert, FIELD_TYPES, type FieldType, type Notation } from './convert';
export type { FieldRule, RecordMapping } from './record-mapping';
export { mappingFaults, recordMapper, type RecordMapper } from './record-mapper';
export { mappingProperties, mappingRequired } from './mapping-schema';
