import {
  bulkRefusals,
  ensureCollection,
  GroupedCalls,
  isDuplicateKey,
  type Collection,
  type GroupLimits,
} from '@quotebridge/platform/store';
import type { Fingerprint, Fingerprints } from '../ports';
import type { StoresContext } from './context';

const PRINTS = 'connector_fingerprints';
const SEEN = 'connector_seen';
/** Notes of a complete read that was killed go away by themselves. */
const KEEP_SEEN_SECONDS = 2 * 24 * 3600;

/** `announcedBy`: the run that is about to publish it; its print does not count yet. */
type PrintDocument = {
  _id: string;
  instance: string;
  externalId: string;
  print: string;
  ids: string[];
  announcedBy?: string;
};
type SeenDocument = { _id: string; at: Date };

/** How questions about resources go together: each event of an order asks for its record. */
const TOGETHER: GroupLimits = { largest: 64, underWay: 2 };

interface Whose {
  readonly instance: string;
  readonly resourceId: string;
}

/** The external ids of resources; those asked for at the same time by one `find`. */
const groupedExternalIds = (prints: Collection<PrintDocument>): GroupedCalls<Whose, string | undefined> =>
  new GroupedCalls(async (asked) => {
    const among = (values: readonly string[]) => ({ $in: [...new Set(values)] });
    const found = await prints
      .find(
        {
          instance: among(asked.map(({ instance }) => instance)),
          ids: among(asked.map(({ resourceId }) => resourceId)),
        },
        { projection: { _id: 0, instance: 1, externalId: 1, ids: 1 } },
      )
      .toArray();
    return asked.map(({ instance, resourceId }) => ({
      status: 'fulfilled',
      value: found.find((one) => one.instance === instance && one.ids.includes(resourceId))?.externalId,
    }));
  }, TOGETHER);

/** The smallest text behind every text that begins with `prefix`. */
const behind = (prefix: string): string =>
  `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`;

/** Goes on when nothing but keys that are there already were refused. */
const exceptDuplicates = (thrown: unknown): void => {
  const refused = [...(bulkRefusals(thrown)?.values() ?? [])];
  if (refused.length === 0 || !refused.every(isDuplicateKey)) throw thrown;
};

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
  const externalIds = groupedExternalIds(prints);

  const notSeen = async (run: string, page: readonly PrintDocument[]): Promise<Fingerprint[]> => {
    const ids = page.map(({ _id }) => key(run, _id));
    const found = new Set((await seen.find({ _id: { $in: ids } }).toArray()).map(({ _id }) => _id));
    return page.filter(({ _id }) => !found.has(key(run, _id)));
  };

  const documentOf = (stream: string, { externalId, print, ids }: Fingerprint): PrintDocument => ({
    _id: key(stream, externalId),
    instance,
    externalId,
    print,
    ids: [...ids],
  });

  const save = async (stream: string, changed: readonly Fingerprint[]): Promise<void> => {
    if (changed.length === 0) return;
    await prints.bulkWrite(
      changed.map((one) => {
        const replacement = documentOf(stream, one);
        return { replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true } };
      }),
      { ordered: false },
    );
  };

  return {
    load: async (stream, externalIds) => {
      const ids = externalIds.map((id) => key(stream, id));
      const found = await prints.find({ _id: { $in: ids } }).toArray();
      return new Map(
        found.map(({ externalId, print, ids: known, announcedBy }) => [
          externalId,
          { externalId, print: announcedBy === undefined ? print : '', ids: known },
        ]),
      );
    },
    save,
    announce: async (run, stream, coming) => {
      if (coming.length === 0) return;
      const documents = coming.map((one) => ({ ...documentOf(stream, one), announcedBy: run }));
      // Inserts of many are far cheaper than as many upserts; one that is known meanwhile stays as it is.
      await prints.insertMany(documents, { ordered: false }).catch(exceptDuplicates);
    },
    confirm: async (run, stream, announced) => {
      if (announced.length === 0) return;
      const ids = announced.map(({ externalId }) => key(stream, externalId));
      const { matchedCount } = await prints.updateMany(
        { _id: { $in: ids }, announcedBy: run },
        { $unset: { announcedBy: '' } },
      );
      // Another run had announced some of them with what it saw.
      if (matchedCount < ids.length) await save(stream, announced);
    },
    forget: async (stream, externalIds) => {
      if (externalIds.length === 0) return;
      await prints.deleteMany({ _id: { $in: externalIds.map((id) => key(stream, id)) } });
    },
    externalIdOf: (resourceId, other = instance) => externalIds.call({ instance: other, resourceId }),
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
