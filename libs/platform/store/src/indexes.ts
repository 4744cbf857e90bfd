import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Schema, type mongo } from 'mongoose';
import type { Collection, Store, StoredDocument } from './store';

/** One index of a collection. */
export interface IndexSpec {
  readonly keys: Readonly<Record<string, 1 | -1>>;
  readonly options?: mongo.CreateIndexesOptions;
}

const hasCode = (thrown: unknown, ...codes: readonly unknown[]): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && codes.includes(thrown.code);
/** MongoDB has an index of these keys, or of this name, with other options. */
const isConflict = (thrown: unknown): boolean => hasCode(thrown, 85, 86);
const isGone = (thrown: unknown): boolean => hasCode(thrown, 27);

/** MongoDB keeps indexes of the same keys beside one another when they differ in one of these. */
const KIND = ['unique', 'sparse', 'partialFilterExpression'] as const;

const isSameKind = (found: mongo.IndexDescriptionInfo, wanted: mongo.CreateIndexesOptions): boolean =>
  KIND.every((name) => isDeepStrictEqual(found[name] || undefined, wanted[name] || undefined));

const hasKeys = ({ key }: mongo.IndexDescriptionInfo, keys: IndexSpec['keys']): boolean =>
  isDeepStrictEqual(Object.entries(key), Object.entries(keys));

/** A name of its own, since the usual one belongs to the index that is there. */
const nameOf = (keys: IndexSpec['keys'], options: mongo.CreateIndexesOptions): string => {
  const text = JSON.stringify(KIND.map((name) => options[name] ?? null));
  const kind = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return [...Object.entries(keys).flat(), kind].join('_');
};

/** Takes an index away; another replica that starts may have been faster. */
const drop = async (
  collection: Collection<StoredDocument>,
  { name }: mongo.IndexDescriptionInfo,
): Promise<void> => {
  await collection.dropIndex(String(name)).catch((thrown: unknown) => {
    if (!isGone(thrown)) throw thrown;
  });
};

/** Only when documents end has changed; the index stays. */
const changeEnd = async (
  store: Store,
  collection: Collection<StoredDocument>,
  found: mongo.IndexDescriptionInfo,
  { keys, options = {} }: IndexSpec,
): Promise<void> => {
  const { expireAfterSeconds } = options;
  if (found['expireAfterSeconds'] === expireAfterSeconds) return;
  if (expireAfterSeconds === undefined) {
    await drop(collection, found);
    await collection.createIndex({ ...keys }, { ...options });
    return;
  }
  const change = { collMod: collection.collectionName, index: { name: found.name, expireAfterSeconds } };
  await store.command(change);
};

/** Puts an index in the place of one of the same keys: the new one is there before the old one goes. */
const putIndex = async (
  store: Store,
  collection: Collection<StoredDocument>,
  spec: IndexSpec,
): Promise<void> => {
  const { keys, options = {} } = spec;
  const ofKeys = (await collection.indexes()).filter((one) => hasKeys(one, keys));
  const same = ofKeys.find((one) => isSameKind(one, options));
  const own = ofKeys.length > 0 ? { name: nameOf(keys, options) } : {};
  if (same === undefined) await collection.createIndex({ ...keys }, { ...options, ...own });
  else await changeEnd(store, collection, same, spec);
  for (const other of ofKeys.filter((one) => one !== same)) await drop(collection, other);
};

/**
 * Creates what is missing of a collection and its indexes, and replaces an index whose options have changed. Safe to run at
 * every start and beside replicas of another version; an index that nobody declares any more stays.
 */
export const ensureCollection = async (
  store: Store,
  name: string,
  indexes: readonly IndexSpec[],
): Promise<void> => {
  const schema = new Schema(
    { _id: String },
    { strict: false, autoIndex: false, autoCreate: false, _id: false },
  );
  for (const { keys, options } of indexes) schema.index({ ...keys }, { ...options });
  // A model that is there already has the indexes of an earlier call only.
  if (store.connection.models[name]) store.connection.deleteModel(name);
  const model = store.connection.model(name, schema, name);
  // Told by the rejection below; without a listener an index that cannot be made would end the process.
  model.on('error', () => undefined);
  await model.createCollection();
  try {
    await model.createIndexes();
  } catch (thrown) {
    if (!isConflict(thrown)) throw thrown;
    for (const spec of indexes) await putIndex(store, store.collection(name), spec);
  }
};
