import { ensureCollection } from '@quotebridge/platform/store';
import type { Fingerprint, Fingerprints } from '../ports';
import type { StoresContext } from './context';

const PRINTS = 'connector_fingerprints';
const SEEN = 'connector_seen';
/** Notes of a complete read that was killed go away by themselves. */
const KEEP_SEEN_SECONDS = 2 * 24 * 3600;

type PrintDocument = { _id: string; instance: string; externalId: string; print: string; ids: string[] };
type SeenDocument = { _id: string; at: Date };

/** The smallest text behind every text that begins with `prefix`. */
const behind = (prefix: string): string =>
  `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`;

/** Fingerprints in MongoDB. */
export const mongoFingerprints = async ({
  store,
  instance,
  clock,
  key,
}: StoresContext): Promise<Fingerprints> => {
  await ensureCollection(store, PRINTS, [{ keys: { instance: 1, ids: 1 } }]);
  await ensureCollection(store, SEEN, [
    { keys: { at: 1 }, options: { expireAfterSeconds: KEEP_SEEN_SECONDS } },
  ]);
  const prints = store.collection<PrintDocument>(PRINTS);
  const seen = store.collection<SeenDocument>(SEEN);

  const notSeen = async (run: string, page: readonly PrintDocument[]): Promise<Fingerprint[]> => {
    const ids = page.map(({ _id }) => key(run, _id));
    const found = new Set((await seen.find({ _id: { $in: ids } }).toArray()).map(({ _id }) => _id));
    return page.filter(({ _id }) => !found.has(key(run, _id)));
  };

  return {
    load: async (stream, externalIds) => {
      const ids = externalIds.map((id) => key(stream, id));
      const found = await prints.find({ _id: { $in: ids } }).toArray();
      return new Map(
        found.map(({ externalId, print, ids: known }) => [externalId, { externalId, print, ids: known }]),
      );
    },
    save: async (stream, changed) => {
      if (changed.length === 0) return;
      await prints.bulkWrite(
        changed.map(({ externalId, print, ids }) => ({
          updateOne: {
            filter: { _id: key(stream, externalId) },
            update: { $set: { instance, externalId, print, ids: [...ids] } },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    },
    announce: async (stream, coming) => {
      if (coming.length === 0) return;
      await prints.bulkWrite(
        coming.map(({ externalId, ids }) => ({
          updateOne: {
            filter: { _id: key(stream, externalId) },
            update: { $setOnInsert: { instance, externalId, print: '', ids: [...ids] } },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    },
    forget: async (stream, externalIds) => {
      if (externalIds.length === 0) return;
      await prints.deleteMany({ _id: { $in: externalIds.map((id) => key(stream, id)) } });
    },
    externalIdOf: async (resourceId) => (await prints.findOne({ instance, ids: resourceId }))?.externalId,
    see: async (run, stream, externalIds) => {
      if (externalIds.length === 0) return;
      const at = new Date(clock.now());
      await seen.bulkWrite(
        externalIds.map((id) => {
          const _id = key(run, key(stream, id));
          return { replaceOne: { filter: { _id }, replacement: { at }, upsert: true } };
        }),
        { ordered: false },
      );
    },
    async *unseen(run, stream, size) {
      const from = key(stream, '');
      let last = from;
      for (;;) {
        const page = await prints
          .find({ _id: { $gt: last, $lt: behind(from) } })
          .sort({ _id: 1 })
          .limit(size)
          .toArray();
        if (page.length === 0) break;
        last = page.at(-1)?._id ?? '';
        const gone = await notSeen(run, page);
        if (gone.length > 0) yield gone;
      }
      const notes = key(run, '');
      await seen.deleteMany({ _id: { $gt: notes, $lt: behind(notes) } });
    },
  };
};
