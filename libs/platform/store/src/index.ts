export {
  Store,
  isDuplicateKey,
  isTooLarge,
  type ClientSession,
  type Collection,
  type Filter,
  type StoreOptions,
  type StoredDocument,
} from './store';
export { bulkRefusals } from './bulk-refusals';
export { GroupedCalls, type GroupLimits } from './grouped-calls';
export { groupedFinds } from './grouped-finds';
export { groupedInserts } from './grouped-inserts';
export { groupedReplaces } from './grouped-replaces';
export { SharedCalls } from './shared-calls';
export { WholeCount } from './whole-count';
export { countSourceOf } from './count-source';
export { ensureCollection, type IndexSpec } from './indexes';
export { Migrations, type DataMigration, type MigrationsOptions } from './migrations';
export { Lease, leaseHolders, type LeaseOptions } from './lease';
export { Inbox } from './inbox';
export { bodyLength, OUTBOX, OUTBOX_INDEX, TOMBSTONES, type OutboxEvent } from './outbox';
export { OutboxRelay, type PassResult, type PublishEvent, type RelayObserver } from './outbox-relay';
export { type Committed, type RelayWork } from './relay-work';
export { RelayLoop, type RelayLoopOptions } from './relay-loop';
export { isTransientStoreError } from './transient';
export { isSealed, sealedBytes, toSealed } from './sealed';
