import { isoNow, type JsonObject } from '@quotebridge/platform/core';
import { ensureCollection } from '@quotebridge/platform/store';
import type { Quarantine, Quarantined } from '../ports';
import { listed, type StoresContext } from './context';

const COLLECTION = 'connector_quarantine';

// Records are kept as JSON text: names of vendor fields may hold dots and dollars, which queries would trip over.
type QuarantineDocument = Omit<Quarantined, 'record' | 'faults'> & {
  _id: string;
  instance: string;
  record: string;
  faults: string | Quarantined['faults'];
};

const toQuarantined = ({
  _id,
  instance: _instance,
  record,
  faults,
  ...rest
}: QuarantineDocument): Quarantined => ({
  ...rest,
  record: JSON.parse(record) as JsonObject,
  faults: typeof faults === 'string' ? (JSON.parse(faults) as Quarantined['faults']) : faults,
});

/** The quarantine in MongoDB. */
export const mongoQuarantine = async ({
  store,
  instance,
  clock,
  key,
}: StoresContext): Promise<Quarantine> => {
  await ensureCollection(store, COLLECTION, [{ keys: { instance: 1, stream: 1, _id: 1 } }]);
  const quarantine = store.collection<QuarantineDocument>(COLLECTION);
  return {
    put: async (entries) => {
      if (entries.length === 0) return;
      await quarantine.bulkWrite(
        entries.map((entry) => {
          const _id = key(entry.stream, entry.externalId);
          const replacement = {
            ...entry,
            instance,
            record: JSON.stringify(entry.record),
            faults: JSON.stringify(entry.faults),
          };
          return { replaceOne: { filter: { _id }, replacement, upsert: true } };
        }),
        { ordered: true },
      );
    },
    resolve: async (stream, externalIds) => {
      if (externalIds.length === 0) return 0;
      const { deletedCount } = await quarantine.deleteMany({
        _id: { $in: externalIds.map((id) => key(stream, id)) },
      });
      return deletedCount;
    },
    get: async (stream, externalId) => {
      const found = await quarantine.findOne({ _id: key(stream, externalId) });
      return found === null ? undefined : toQuarantined(found);
    },
    list: async (order) => {
      const found = await quarantine
        .find({
          instance,
          ...(order.stream === undefined ? {} : { stream: order.stream }),
          ...(order.after === undefined ? {} : { _id: { $gt: order.after } }),
        })
        .sort({ _id: 1 })
        .limit(order.limit + 1)
        .toArray();
      return listed(found, order, toQuarantined, ({ _id }) => _id);
    },
    count: (stream) => quarantine.countDocuments({ instance, stream }),
    correct: async (stream, externalId, record, by) => {
      const { matchedCount } = await quarantine.updateOne(
        { _id: key(stream, externalId) },
        { $set: { record: JSON.stringify(record), corrected: { by, at: isoNow(clock) } } },
      );
      return matchedCount === 1;
    },
    async *pages(stream, size, only) {
      const chosen = only === undefined ? {} : { $in: only.map((id) => key(stream, id)) };
      let last = '';
      for (;;) {
        const page = await quarantine
          .find({ instance, stream, _id: { $gt: last, ...chosen } })
          .sort({ _id: 1 })
          .limit(size)
          .toArray();
        if (page.length === 0) return;
        last = page.at(-1)?._id ?? '';
        yield page.map(toQuarantined);
      }
    },
  };
};
