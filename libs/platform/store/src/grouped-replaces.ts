import type { mongo } from 'mongoose';
import { settledWrites } from './bulk-refusals';
import { GroupedCalls, type GroupLimits } from './grouped-calls';
import type { Collection, Filter, StoredDocument } from './store';

/** One document put in the place of the one that matches, or beside the others when none does. */
export interface Replacement<T extends StoredDocument> {
  readonly filter: Filter<T>;
  readonly replacement: mongo.WithoutId<T>;
}

/**
 * Replacements (upserts) that come at the same time, as one bulk operation. Each fails by itself, as with
 * {@link groupedInserts}; two of one document must not be asked for at once, since their order would be open.
 */
export const groupedReplaces = <T extends StoredDocument>(
  collection: Collection<T>,
  limits: GroupLimits,
): GroupedCalls<Replacement<T>, void> =>
  new GroupedCalls(
    (replacements) =>
      settledWrites(replacements.length, () =>
        collection.bulkWrite(
          replacements.map((one) => ({ replaceOne: { ...one, upsert: true } })),
          { ordered: false },
        ),
      ),
    limits,
  );
