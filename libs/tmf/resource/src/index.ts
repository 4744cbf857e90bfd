export {
  bindingOf,
  type EncryptedField,
  type ExtraEvent,
  type HookContext,
  type Operation,
  type ResourceDefinition,
  type ResourceHooks,
  type StateChange,
  type StateDefinition,
  type VersionBinding,
  type WriteContext,
} from './definition';
export { attributesOf, etagOf, publicId, toV5, type StoredResource, type SystemFields } from './stored';
export { changedNames } from './edit-rules';
export { leadsIntoParts, withoutParts, type GuardedItems } from './guarded-items';
export { ResourceService, type Draft, type Edit, type ServiceDependencies, type Written } from './service';
export { openEvent, storedIndexes } from './encryption/field-cipher';
export { encryptionRoutes } from './encryption/reseal';
export { ensureLock } from './lock';
export { checkId, reservedNames } from './names';
export { eventType, subjectOf } from './outbox-events';
export {
  bodyOf,
  headerOf,
  idOf,
  JSON_TYPE,
  rawQuery,
  type RouteContext,
  type RouteLimits,
} from './http/request';
export { authenticated, resourceRoutes } from './http/routes';
export { jsonBodies } from './http/json-requests';
export { filteredStore, storedFilter } from './http/list-filter';
export { otherMethods } from './http/methods';
export { docsRoutes } from './http/docs';
export { objectBody, refuseFaults } from './http/create';
export { answerOnce, ensureIdempotencyKeys, type StoredAnswer } from './http/idempotency';
export { ingestConsumer, ingestHandler } from './ingest/ingest-consumer';
export { BatchApplier } from './ingest/apply-batch';
export { mergeIdentifiers, RecordApplier, type IngestPolicy } from './ingest/apply-record';
