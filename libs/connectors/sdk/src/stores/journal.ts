import type { JsonObject } from '@quotebridge/platform/core';
import { groupedFinds, groupedReplaces, isDuplicateKey, type GroupLimits } from '@quotebridge/platform/store';
import type { ActionJournal, JournalEntry } from '../ports';
import type { StoresContext } from './context';

const COLLECTION = 'connector_journal';
/** How the steps of actions that are in work together go to the database. */
const TOGETHER: GroupLimits = { largest: 64, underWay: 2 };

type JournalDocument = Omit<JournalEntry, 'effect'> & { _id: string; effect?: string };

const toEntry = ({ effect, state, sentAtMs, eventTime, eventId, asked }: JournalDocument): JournalEntry => ({
  state,
  sentAtMs,
  eventTime,
  eventId,
  ...(asked === undefined ? {} : { asked }),
  ...(effect === undefined ? {} : { effect: JSON.parse(effect) as JsonObject }),
});

const fromEntry = ({ effect, ...entry }: JournalEntry): Omit<JournalDocument, '_id'> => ({
  ...entry,
  ...(effect === undefined ? {} : { effect: JSON.stringify(effect) }),
});

/** The journal of actions in MongoDB. */
export const mongoJournal = ({ store, key }: StoresContext): ActionJournal => {
  const journal = store.collection<JournalDocument>(COLLECTION);
  const writes = groupedReplaces(journal, TOGETHER);
  const reads = groupedFinds(journal, TOGETHER);
  return {
    get: async (action, id) => {
      const found = await reads.call(key(action, id));
      return found === undefined ? undefined : toEntry(found);
    },
    begin: async (action, id, entry, staleBeforeMs) => {
      const isFree = [{ state: { $ne: 'sending' as const } }, { sentAtMs: { $lte: staleBeforeMs } }];
      try {
        await writes.call({ filter: { _id: key(action, id), $or: isFree }, replacement: fromEntry(entry) });
        return true;
      } catch (thrown) {
        if (isDuplicateKey(thrown)) return false;
        throw thrown;
      }
    },
    put: (action, id, entry) =>
      writes.call({ filter: { _id: key(action, id) }, replacement: fromEntry(entry) }),
  };
};
