import { join } from 'node:path';
import { startServices } from './services.mjs';

/** True when addresses of servers were given: those are there once, so that lanes which use them run in turn. */
export const serversAreGiven = (env = process.env) =>
  Boolean(env.MONGODB_URI?.trim() || env.NATS_URL?.trim());

/**
 * The servers of each lane of tests: the `first` lane's are up; another lane's are started under `folder` when it
 * asks. Lanes share none, because streams have fixed names in a NATS.
 */
export const laneServers = (folder, first, start = startServices) => {
  const lanes = [Promise.resolve(first)];
  // A port that was asked for is the first lane's.
  const env = { ...process.env, QUOTEBRIDGE_MONGODB_PORT: '', QUOTEBRIDGE_NATS_PORT: '' };
  return {
    of: (lane) => (lanes[lane] ??= start(join(folder, `lane-${lane + 1}`), env)),
    stop: async () => {
      const started = await Promise.allSettled(Object.values(lanes));
      await Promise.all(started.map(({ value }) => value?.stop()));
    },
  };
};
