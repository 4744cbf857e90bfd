import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildAndTell } from './build.mjs';
import { lockFolder } from './lock.mjs';
import { dataDir, root, writableDir } from './paths.mjs';
import { say } from './say.mjs';

/**
 * Runs a bench by itself: in an empty folder of its own, on the current build, one at a time in a checkout. `work` gets the
 * folder and a list to which it adds what has to be closed; that is closed in reverse order, however the bench ends.
 */
export const runBench = async (name, work) => {
  const folder = writableDir(join(dataDir(), name.replace(':', '-')), 'QUOTEBRIDGE_DATA');
  const unlock = lockFolder(folder, `another npm run ${name} runs in this checkout; wait for it`);
  const closers = [];
  try {
    const own = join(folder, 'servers');
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own, { recursive: true });
    buildAndTell(root);
    return await work(own, closers);
  } finally {
    for (const close of closers.reverse()) await close().catch((error) => say(error.message));
    unlock();
  }
};
