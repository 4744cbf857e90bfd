import { messageOf } from '@quotebridge/platform/core';
import {
  dueAfter,
  readSchedule,
  type ConnectorStores,
  type StreamOptions,
} from '@quotebridge/connectors/sdk';
import { RoundKeeper, type Round, type RoundDeps, type RoundMemory } from './rounds';

/** When streams run that have no schedule of their own. */
export interface ScheduleDefaults {
  /** `daily`, `hourly`, `event`, `every 60s` or a cron expression. */
  readonly schedule: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** Rounds that are kept going until they are stopped. */
export interface Timetable {
  /** When the stream's next round is due, epoch milliseconds; undefined when it only runs when told. */
  nextRunMs(stream: string): Promise<number | undefined>;
  stop(): Promise<void>;
}

const NOTES = 'engine-rounds';
const FAILURE_MS = 5_000;

/**
 * Rounds of an instance: streams of the same schedule run together, in the declared order. Throws when a schedule
 * cannot be read.
 */
export const roundsOf = (
  streams: readonly string[],
  defaults: ScheduleDefaults,
  options: readonly StreamOptions[] = [],
): readonly Round[] => {
  const groups = new Map<string, { schedule: Round['schedule']; streams: Set<string> }>();
  for (const stream of streams) {
    const own = options.find(({ name }) => name === stream);
    const text = own?.enabled === false ? 'event' : (own?.schedule ?? defaults.schedule);
    const schedule = readSchedule(text, own?.timeZone ?? defaults.timeZone);
    const key = JSON.stringify(schedule);
    const group = groups.get(key) ?? { schedule, streams: new Set<string>() };
    group.streams.add(stream);
    groups.set(key, group);
  }
  return [...groups.values()];
};

/** The memory of rounds in the stores of the instance. */
export const roundMemory = (stores: ConnectorStores, holder: string, leaseMs: number): RoundMemory => ({
  doneMs: async (stream) => {
    const value = (await stores.notes.get(NOTES, stream))?.['doneMs'];
    return typeof value === 'number' ? value : undefined;
  },
  setDone: (streams, doneMs) =>
    stores.notes.put(
      NOTES,
      [...streams].map((key) => ({ key, value: { doneMs } })),
    ),
  lease: (name) => stores.lease(name, holder, leaseMs),
});

/** Keeps all rounds going. A look that fails (the store is away) is tried again. */
export const startTimetable = (
  rounds: readonly Round[],
  deps: RoundDeps,
  failed: (reason: string) => void,
): Timetable => {
  const stopping = new AbortController();
  const loops = rounds.map(async (round) => {
    const keeper = new RoundKeeper(round, deps);
    while (!stopping.signal.aborted) {
      const waitMs = await keeper.look().catch((thrown: unknown) => {
        failed(messageOf(thrown));
        return FAILURE_MS;
      });
      await pause(waitMs, stopping.signal);
    }
  });
  return {
    nextRunMs: async (stream) => {
      const round = rounds.find(({ streams }) => streams.has(stream));
      if (round === undefined || round.schedule.kind === 'event') return undefined;
      const doneMs = await deps.memory.doneMs(stream);
      return doneMs === undefined ? deps.clock.now() : dueAfter(round.schedule, doneMs);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish);
  });
