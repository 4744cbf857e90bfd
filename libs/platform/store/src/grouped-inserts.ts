import type { mongo } from 'mongoose';
import { bulkRefusals } from './bulk-refusals';
import { GroupedCalls, type GroupLimits } from './grouped-calls';
import type { Collection, StoredDocument } from './store';

const STORED: PromiseSettledResult<void> = { status: 'fulfilled', value: undefined };

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
    if (documents.length === 1 && only !== undefined) {
      await collection.insertOne(only);
      return [STORED];
    }
    try {
      await collection.insertMany([...documents], { ordered: false });
      return documents.map(() => STORED);
    } catch (thrown) {
      const refused = bulkRefusals(thrown);
      if (refused === undefined) throw thrown;
      return documents.map((_, index) => {
        const reason = refused.get(index);
        return reason === undefined ? STORED : { status: 'rejected', reason };
      });
    }
  }, limits);
