import { ensureCollection, type Filter } from '@quotebridge/platform/store';
import type { ListOrder, Runs } from '../ports';
import { noCounts, type RunRecord } from '../run-record';
import { listed, type StoresContext } from './context';

const COLLECTION = 'connector_runs';
const KEEP_SECONDS = 90 * 24 * 3600;

/** `open` until the run has ended, so that those few are found among many. */
type RunDocument = RunRecord & { ended?: Date; open?: true };

// Records of an earlier version lack what was added since.
const toRun = ({ ended: _ended, open: _open, ...record }: RunDocument): RunRecord => ({
  ...record,
  durationMs: record.durationMs ?? 0,
  counts: { ...noCounts(), ...record.counts },
});

const NOT_DRY = { dryRun: { $exists: false } };

const ONLY: Readonly<Record<NonNullable<ListOrder['only']>, Filter<RunDocument>>> = {
  begun: { state: { $nin: ['queued', 'skipped'] }, ...NOT_DRY },
  // A replay reads the quarantine, not the outside system.
  decided: { state: { $in: ['succeeded', 'failed'] }, trigger: { $ne: 'replay' }, ...NOT_DRY },
};

const placeOf = ({ startedAt, _id }: RunDocument): string => `${startedAt}~${_id}`;

/** The history of runs in MongoDB, kept for 90 days. */
export const mongoRuns = async ({ store, instance }: StoresContext): Promise<Runs> => {
  await ensureCollection(store, COLLECTION, [
    { keys: { instance: 1, stream: 1, startedAt: -1, _id: -1 } },
    { keys: { instance: 1, startedAt: -1, _id: -1 } },
    { keys: { ended: 1 }, options: { expireAfterSeconds: KEEP_SECONDS } },
    { keys: { instance: 1, open: 1, process: 1 }, options: { partialFilterExpression: { open: true } } },
  ]);
  const runs = store.collection<RunDocument>(COLLECTION);
  const interrupt = async (which: Filter<RunDocument>, at: string): Promise<void> => {
    const $set = { state: 'interrupted', endedAt: at, ended: new Date(at) } as const;
    await runs.updateMany({ instance, ...which }, { $set, $unset: { open: '' } });
  };
  return {
    put: async (record) => {
      const { endedAt } = record;
      const ended = endedAt === undefined ? { open: true as const } : { ended: new Date(endedAt) };
      await runs.replaceOne({ _id: record._id }, { ...record, ...ended }, { upsert: true });
    },
    interruptOthers: (stream, except, at) =>
      interrupt({ stream, state: 'running', _id: { $ne: except } }, at),
    openProcesses: async () => {
      const found: unknown[] = await runs.distinct('process', { instance, open: true });
      return found.filter((process) => typeof process === 'string');
    },
    interruptOf: (process, at) => interrupt({ process, open: true }, at),
    get: async (run) => {
      const found = await runs.findOne({ _id: run, instance });
      return found === null ? undefined : toRun(found);
    },
    lastSuccess: async (stream) => {
      const found = await runs
        .find({ instance, stream, state: 'succeeded', ...NOT_DRY })
        .sort({ startedAt: -1, _id: -1 })
        .limit(1)
        .next();
      return found === null ? undefined : toRun(found);
    },
    list: async (order) => {
      const [startedAt = '', id = ''] = order.after?.split('~') ?? [];
      const before =
        order.after === undefined
          ? {}
          : { $or: [{ startedAt: { $lt: startedAt } }, { startedAt, _id: { $lt: id } }] };
      const found = await runs
        .find({
          instance,
          ...(order.stream === undefined ? {} : { stream: order.stream }),
          ...(order.only === undefined ? {} : ONLY[order.only]),
          ...before,
        })
        .sort({ startedAt: -1, _id: -1 })
        .limit(order.limit + 1)
        .toArray();
      return listed(found, order, toRun, placeOf);
    },
  };
};
