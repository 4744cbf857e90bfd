import { createHash } from 'node:crypto';
import { accessSync, constants, statfsSync } from 'node:fs';
import { availableMemory } from 'node:process';
import { join, resolve } from 'node:path';
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
 * Where tests keep what nobody looks at afterwards, the data of MongoDB and NATS above all: in QUOTEBRIDGE_TEST_DATA if given,
 * else in memory where it has room, because a slow disk is what tests wait for most, else in `folder`. Nothing else is in it.
 * Processes that are killed find their data there again as on a disk.
 */
export const scratchFolder = (folder, env = process.env, room = roomInMemory()) => {
  // Short: the name of a socket below it may have 107 characters in all.
  const own = `quotebridge-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
  const given = env.QUOTEBRIDGE_TEST_DATA?.trim();
  if (given) return join(resolve(root, given), own);
  return room < ROOM ? join(folder, 'data') : join(MEMORY, own);
};
