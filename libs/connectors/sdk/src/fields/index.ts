export { valueAt, parsePath, pointerOf } from './path';
export type { FieldRule, RecordMapping } from './record-mapping';
export { mappingFaults, recordMapper, type RecordMapper } from './record-mapper';
export { mappingProperties, mappingRequired } from './mapping-schema';
