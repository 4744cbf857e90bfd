import { createHash } from 'node:crypto';
import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { availableMemory } from 'node:process';
import { root } from './paths.mjs';

const MEMORY = '/dev/shm';
/** Bytes that have to be free there: tests keep some two gigabytes, their processes want the rest. */
const ROOM = 8 * 2 ** 30;

/** Bytes that files in memory may take on this machine; 0 where it has no such folder. */
const roomInMemory = () => {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return Math.min(bavail * bsize, availableMemory());
  } catch {
    return 0;
  }
};

/**
 * Where tests keep what nobody looks at afterwards: `data` of MongoDB and NATS, and `temporary` files. Both lie in a folder of
 * their own in QUOTEBRIDGE_TEST_DATA if given, else in memory where it has room, because a slow disk is what tests wait for
 * most. Else the data are in `folder`, and temporary files where this machine has them, which is never inside of a checkout.
 * Processes that are killed find their data there again in each case.
 */
export const scratchFolders = (folder, env = process.env, room = roomInMemory()) => {
  // Short: the name of a socket below it may have 107 characters in all.
  const own = `quotebridge-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
  const given = env.QUOTEBRIDGE_TEST_DATA?.trim();
  if (!given && room < ROOM) return { data: join(folder, 'data'), temporary: tmpdir() };
  const data = join(given ? resolve(root, given) : MEMORY, own);
  return { data, temporary: join(data, 'tmp') };
};
