import type { mongo } from 'mongoose';
import { GroupedCalls, type GroupLimits } from './grouped-calls';
import type { Collection, Filter, StoredDocument } from './store';

/** Reads by id that are asked for at the same time, as one `find`; undefined for what is not there. */
export const groupedFinds = <T extends StoredDocument>(
  collection: Collection<T>,
  limits: GroupLimits,
): GroupedCalls<string, mongo.WithId<T> | undefined> =>
  new GroupedCalls(async (ids) => {
    const filter: Filter<StoredDocument> = { _id: { $in: [...new Set(ids)] } };
    const found = await collection.find(filter as Filter<T>, { batchSize: ids.length + 1 }).toArray();
    const byId = new Map(found.map((one) => [String(one._id), one]));
    return ids.map((id) => ({ status: 'fulfilled', value: byId.get(id) }));
  }, limits);
