import { mongo } from 'mongoose';
import type { Store, StoredDocument } from './store';
import type { CountSource } from './whole-count';

/** Longest time that the documents of one moment are counted; the server keeps a moment for five minutes. */
const COUNT_MS = 120_000;

const EVERY = [{ $group: { _id: null, count: { $sum: 1 } } }];

/** A collection of a replica set as a {@link CountSource}. */
export const countSourceOf = (store: Store, collection: string): CountSource => ({
  changes: store.serverChanges,
  quiet: () => store.transactionsBegun(),
  transactionOpen: () => store.hasTransactionOpen(),
  told: async () => {
    const { n, operationTime } = await store.command({ count: collection });
    return { count: Number(n), moment: String(operationTime) };
  },
  countedAt: async (moment) => {
    const { cursor } = await store.command({
      aggregate: collection,
      pipeline: EVERY,
      cursor: {},
      maxTimeMS: COUNT_MS,
      readConcern: { level: 'snapshot', atClusterTime: mongo.Timestamp.fromString(moment, 10) },
    });
    return Number(cursor.firstBatch[0]?.count ?? 0);
  },
  counted: (maxTimeMS) => store.collection<StoredDocument>(collection).countDocuments({}, { maxTimeMS }),
});
