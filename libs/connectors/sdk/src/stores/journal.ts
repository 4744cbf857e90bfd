import type { JsonObject } from '@quotebridge/platform/core';
import { isDuplicateKey } from '@quotebridge/platform/store';
import type { ActionJournal, JournalEntry } from '../ports';
import type { StoresContext } from './context';

const COLLECTION = 'connector_journal';

type JournalDocument = Omit<JournalEntry, 'effect'> & { _id: string; effect?: string };

const toEntry = ({ effect, state, sentAtMs, eventTime, eventId }: JournalDocument): JournalEntry => ({
  state,
  sentAtMs,
  eventTime,
  eventId,
  ...(effect === undefined ? {} : { effect: JSON.parse(effect) as JsonObject }),
});

const fromEntry = ({ effect, ...entry }: JournalEntry): Omit<JournalDocument, '_id'> => ({
  ...entry,
  ...(effect === undefined ? {} : { effect: JSON.stringify(effect) }),
});

/** The journal of actions in MongoDB. */
export const mongoJournal = ({ store, key }: StoresContext): ActionJournal => {
  const journal = store.collection<JournalDocument>(COLLECTION);
  return {
    get: async (action, id) => {
      const found = await journal.findOne({ _id: key(action, id) });
      return found === null ? undefined : toEntry(found);
    },
    begin: async (action, id, entry, staleBeforeMs) => {
      try {
        await journal.replaceOne(
          {
            _id: key(action, id),
            $or: [{ state: { $ne: 'sending' } }, { sentAtMs: { $lte: staleBeforeMs } }],
          },
          fromEntry(entry),
          { upsert: true },
        );
        return true;
      } catch (thrown) {
        if (isDuplicateKey(thrown)) return false;
        throw thrown;
      }
    },
    put: async (action, id, entry) => {
      await journal.replaceOne({ _id: key(action, id) }, fromEntry(entry), { upsert: true });
    },
  };
};
