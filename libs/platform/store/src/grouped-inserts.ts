import type { mongo } from 'mongoose';
import { settledWrites } from './bulk-refusals';
import { GroupedCalls, type GroupLimits } from './grouped-calls';
import type { Collection, StoredDocument } from './store';

/**
 * Inserts of single documents that come at the same time, as one `insertMany`. Each fails by itself, with what the server
 * had against it; all of a group fail together only when nothing is known about any of them.
 */
export const groupedInserts = <T extends StoredDocument>(
  collection: Collection<T>,
  limits: GroupLimits,
): GroupedCalls<mongo.OptionalUnlessRequiredId<T>, void> =>
  new GroupedCalls(async (documents) => {
    const [only] = documents;
    if (documents.length > 1 || only === undefined)
      return settledWrites(documents.length, () => collection.insertMany([...documents], { ordered: false }));
    await collection.insertOne(only);
    return [{ status: 'fulfilled', value: undefined }];
  }, limits);
