import type { Aliases } from '../ports';
import type { StoresContext } from './context';

const COLLECTION = 'connector_aliases';
/** How long it is believed that there are none: most instances never have any. */
const NONE_MS = 10_000;

/** Aliases in MongoDB, shared by all instances of the database: computed ids are the same for all of them. */
export const mongoAliases = ({ store, clock }: StoresContext): Aliases => {
  const aliases = store.collection<{ _id: string; target: string }>(COLLECTION);
  let noneUntilMs = 0;
  return {
    of: async (ids) => {
      if (clock.now() < noneUntilMs) return new Map();
      if ((await aliases.findOne({}, { projection: { _id: 1 } })) === null) {
        noneUntilMs = clock.now() + NONE_MS;
        return new Map();
      }
      const found = await aliases.find({ _id: { $in: [...ids] } }).toArray();
      return new Map(found.map(({ _id, target }) => [_id, target]));
    },
    save: async (pairs) => {
      if (pairs.size === 0) return;
      noneUntilMs = 0;
      await aliases.bulkWrite(
        [...pairs].map(([_id, target]) => ({
          updateOne: { filter: { _id }, update: { $set: { target } }, upsert: true },
        })),
        { ordered: false },
      );
    },
  };
};
