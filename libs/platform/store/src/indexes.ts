import { Schema, type IndexOptions } from 'mongoose';
import type { Store } from './store';

/** One index of a collection. */
export interface IndexSpec {
  readonly keys: Readonly<Record<string, 1 | -1>>;
  readonly options?: IndexOptions;
}

/** Creates what is missing of a collection and its indexes. Safe to run at every start and beside a running component. */
export const ensureCollection = async (
  store: Store,
  name: string,
  indexes: readonly IndexSpec[],
): Promise<void> => {
  const schema = new Schema(
    { _id: String },
    { strict: false, autoIndex: false, autoCreate: false, _id: false },
  );
  for (const { keys, options } of indexes) schema.index({ ...keys }, options);
  // A model that is there already has the indexes of an earlier call only.
  if (store.connection.models[name]) store.connection.deleteModel(name);
  const model = store.connection.model(name, schema, name);
  await model.createCollection();
  await model.createIndexes();
};
