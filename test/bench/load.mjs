// The load generator: a process of its own, on a core of its own where there are two. Takes jobs over the channel to
// its parent and ends with it.
import { measureMaximum } from './maximum.mjs';
import { measurePaced } from './paced.mjs';

const JOBS = { maximum: measureMaximum, paced: measurePaced };

process.on('message', async ({ id, kind, job }) => {
  try {
    process.send({ id, result: await JOBS[kind](job) });
  } catch (error) {
    process.send({ id, error: error?.stack ?? String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
