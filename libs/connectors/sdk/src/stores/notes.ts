import type { JsonObject } from '@quotebridge/platform/core';
import { ensureCollection } from '@quotebridge/platform/store';
import type { Notes } from '../ports';
import type { StoresContext } from './context';

const COLLECTION = 'connector_notes';

interface NoteDocument {
  _id: string;
  instance: string;
  kind: string;
  key: string;
  value: string;
  until?: Date;
}

/** The notes of a connector in MongoDB. */
export const mongoNotes = async ({ store, instance, key }: StoresContext): Promise<Notes> => {
  await ensureCollection(store, COLLECTION, [
    { keys: { instance: 1, kind: 1, key: 1 } },
    { keys: { until: 1 }, options: { expireAfterSeconds: 0 } },
  ]);
  const notes = store.collection<NoteDocument>(COLLECTION);
  return {
    get: async (kind, name) => {
      const found = await notes.findOne({ _id: key(kind, name) });
      return found === null ? undefined : (JSON.parse(found.value) as JsonObject);
    },
    put: async (kind, entries, untilMs) => {
      if (entries.length === 0) return;
      const until = untilMs === undefined ? {} : { until: new Date(untilMs) };
      await notes.bulkWrite(
        entries.map(({ key: name, value }) => {
          const _id = key(kind, name);
          const replacement = { _id, instance, kind, key: name, value: JSON.stringify(value), ...until };
          return { replaceOne: { filter: { _id }, replacement, upsert: true } };
        }),
        { ordered: false },
      );
    },
    async *pages(kind, size) {
      let last = '';
      for (;;) {
        const filter = { instance, kind, key: { $gt: last } };
        const page = await notes.find(filter).sort({ key: 1 }).limit(size).toArray();
        if (page.length === 0) return;
        last = page.at(-1)?.key ?? '';
        yield page.map(({ key: name, value }) => ({ key: name, value: JSON.parse(value) as JsonObject }));
      }
    },
    clear: async (kind) => {
      await notes.deleteMany({ instance, kind });
    },
  };
};
