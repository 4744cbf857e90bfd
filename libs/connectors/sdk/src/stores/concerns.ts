import { ensureCollection } from '@quotebridge/platform/store';
import { textAt } from '../vendor-json';
import type { Concern, ConcernBook, Notes } from '../ports';
import { listed, type StoresContext } from './context';

const COLLECTION = 'connector_concerns';
/** An earlier version kept concerns among the notes. */
const EARLIER = 'concern';
const PAGE = 500;

type ConcernDocument = Concern & { _id: string; instance: string };

const toConcern = ({ what, key, message, at }: ConcernDocument): Concern => ({ what, key, message, at });

const placeOf = ({ at, _id }: ConcernDocument): string => `${at}~${_id}`;

/** Concerns in MongoDB: counted and listed by queries, however many there are. */
export const mongoConcerns = async (
  { store, instance, key }: StoresContext,
  notes: Pick<Notes, 'pages' | 'clear'>,
): Promise<ConcernBook> => {
  await ensureCollection(store, COLLECTION, [
    { keys: { instance: 1, at: -1, _id: -1 } },
    { keys: { instance: 1, what: 1 } },
  ]);
  const concerns = store.collection<ConcernDocument>(COLLECTION);
  const put = async (concern: Concern): Promise<void> => {
    const _id = key(concern.what, concern.key);
    await concerns.replaceOne({ _id }, { ...concern, instance }, { upsert: true });
  };
  for await (const page of notes.pages(EARLIER, PAGE))
    for (const { value } of page) {
      const [what, name, message, at] = ['what', 'key', 'message', 'at'].map((part) => textAt(value, part));
      if (what !== undefined && name !== undefined && message !== undefined && at !== undefined)
        await put({ what, key: name, message, at });
    }
  await notes.clear(EARLIER);
  return {
    message: async (what, name) => (await concerns.findOne({ _id: key(what, name) }))?.message,
    put,
    remove: async (what, name) => {
      await concerns.deleteOne({ _id: key(what, name) });
    },
    counts: async () => {
      const found = await concerns
        .aggregate<{ _id: string; count: number }>([
          { $match: { instance } },
          { $group: { _id: '$what', count: { $sum: 1 } } },
        ])
        .toArray();
      return new Map(found.map(({ _id, count }) => [_id, count]));
    },
    list: async (order) => {
      const [at = '', ...id] = order.after?.split('~') ?? [];
      const before = { $or: [{ at: { $lt: at } }, { at, _id: { $lt: id.join('~') } }] };
      const found = await concerns
        .find({ instance, ...(order.after === undefined ? {} : before) })
        .sort({ at: -1, _id: -1 })
        .limit(order.limit + 1)
        .toArray();
      return listed(found, order, toConcern, placeOf);
    },
  };
};
