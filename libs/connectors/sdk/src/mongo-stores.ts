import type { Clock, JsonObject } from '@quotebridge/platform/core';
import { ensureCollection, isDuplicateKey, Lease, type Store } from '@quotebridge/platform/store';
import type { Cursor } from './cursor';
import type { ConnectorStores, JournalEntry, Quarantined } from './ports';
import type { RunRecord } from './run-record';

const RUNS = 'connector_runs';
const CHECKPOINTS = 'connector_checkpoints';
const QUARANTINE = 'connector_quarantine';
const FINGERPRINTS = 'connector_fingerprints';
const JOURNAL = 'connector_journal';
const NOTES = 'connector_notes';
const KEEP_RUNS_SECONDS = 90 * 24 * 3600;

// Records are kept as JSON text: names of vendor fields may hold dots and dollars, which queries would trip over.
interface QuarantineDocument {
  _id: string;
  instance: string;
  stream: string;
  externalId: string;
  record: string;
  faults: Quarantined['faults'];
  run: string;
  at: string;
}

type CheckpointDocument = Cursor & { _id: string };
type RunDocument = RunRecord & { ended?: Date };
type PrintDocument = { _id: string; instance: string; externalId: string; print: string; ids: string[] };
interface NoteDocument {
  _id: string;
  instance: string;
  kind: string;
  key: string;
  value: string;
  until?: Date;
}
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

const toQuarantined = ({ stream, externalId, record, faults, run, at }: QuarantineDocument): Quarantined => ({
  stream,
  externalId,
  record: JSON.parse(record) as JsonObject,
  faults,
  run,
  at,
});

const toRun = ({ ended: _ended, ...record }: RunDocument): RunRecord => record;

/** The stores of one instance in MongoDB. Instances may share a database: every key begins with the instance. */
export const mongoStores = async (store: Store, instance: string, clock: Clock): Promise<ConnectorStores> => {
  await ensureCollection(store, RUNS, [
    { keys: { instance: 1, stream: 1, startedAt: -1 } },
    { keys: { ended: 1 }, options: { expireAfterSeconds: KEEP_RUNS_SECONDS } },
  ]);
  await ensureCollection(store, QUARANTINE, [{ keys: { instance: 1, stream: 1, _id: 1 } }]);
  await ensureCollection(store, FINGERPRINTS, [{ keys: { instance: 1, ids: 1 } }]);
  await ensureCollection(store, NOTES, [
    { keys: { instance: 1, kind: 1, key: 1 } },
    { keys: { until: 1 }, options: { expireAfterSeconds: 0 } },
  ]);
  const checkpoints = store.collection<CheckpointDocument>(CHECKPOINTS);
  const runs = store.collection<RunDocument>(RUNS);
  const quarantine = store.collection<QuarantineDocument>(QUARANTINE);
  const prints = store.collection<PrintDocument>(FINGERPRINTS);
  const journal = store.collection<JournalDocument>(JOURNAL);
  const notes = store.collection<NoteDocument>(NOTES);
  const key = (...words: readonly string[]): string => [instance, ...words].join('/');

  return {
    checkpoints: {
      load: async (stream) => {
        const found = await checkpoints.findOne({ _id: key(stream) });
        return found === null ? undefined : { at: found.at, id: found.id };
      },
      save: async (stream, { at, id }) => {
        await checkpoints.updateOne({ _id: key(stream) }, { $set: { at, id } }, { upsert: true });
      },
    },
    runs: {
      put: async (record) => {
        const ended = record.endedAt === undefined ? {} : { ended: new Date(record.endedAt) };
        await runs.replaceOne({ _id: record._id }, { ...record, ...ended }, { upsert: true });
      },
      interruptOthers: async (stream, except, at) => {
        await runs.updateMany(
          { instance, stream, state: 'running', _id: { $ne: except } },
          { $set: { state: 'interrupted', endedAt: at, ended: new Date(at) } },
        );
      },
      get: async (run) => {
        const found = await runs.findOne({ _id: run, instance });
        return found === null ? undefined : toRun(found);
      },
      list: async (stream, limit) => {
        const filter = stream === undefined ? { instance } : { instance, stream };
        return (await runs.find(filter).sort({ startedAt: -1 }).limit(limit).toArray()).map(toRun);
      },
    },
    quarantine: {
      put: async (entries) => {
        if (entries.length === 0) return;
        await quarantine.bulkWrite(
          entries.map((entry) => {
            const _id = key(entry.stream, entry.externalId);
            const replacement = { ...entry, instance, record: JSON.stringify(entry.record) };
            return { replaceOne: { filter: { _id }, replacement, upsert: true } };
          }),
          { ordered: true },
        );
      },
      resolve: async (stream, externalIds) => {
        if (externalIds.length === 0) return;
        await quarantine.deleteMany({ _id: { $in: externalIds.map((id) => key(stream, id)) } });
      },
      list: async (stream, limit) => {
        const filter = stream === undefined ? { instance } : { instance, stream };
        return (await quarantine.find(filter).sort({ _id: 1 }).limit(limit).toArray()).map(toQuarantined);
      },
      async *pages(stream, size) {
        let last = '';
        for (;;) {
          const filter = { instance, stream, _id: { $gt: last } };
          const page = await quarantine.find(filter).sort({ _id: 1 }).limit(size).toArray();
          if (page.length === 0) return;
          last = page.at(-1)?._id ?? '';
          yield page.map((entry) => toQuarantined(entry).record);
        }
      },
    },
    fingerprints: {
      load: async (stream, externalIds) => {
        const ids = externalIds.map((id) => key(stream, id));
        const found = await prints.find({ _id: { $in: ids } }).toArray();
        return new Map(found.map(({ externalId, print }) => [externalId, print]));
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
      externalIdOf: async (resourceId) => (await prints.findOne({ instance, ids: resourceId }))?.externalId,
    },
    journal: {
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
    },
    notes: {
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
    },
    lease: (stream, holder, ttlMs) => new Lease(store, { name: key('stream', stream), holder, ttlMs, clock }),
  };
};
