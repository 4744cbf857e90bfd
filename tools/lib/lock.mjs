import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from './child.mjs';
import { SetupError } from './say.mjs';

const TRIES = 40;
/** Milliseconds until another look at what somebody else is taking away, which takes no longer than two calls of the file system. */
const PAUSE = 50;
/** Milliseconds until a process that waits for its turn looks again. */
const TURN_PAUSE = 200;

// A process id may be given to another process later; with its start time it is one process only.
const identityOf = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return `${pid}`;
  }
};

const contentOf = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

const holderIn = (identity) => {
  const pid = Number(identity.split(' ')[0]);
  return pid > 0 && isRunning(pid) && identityOf(pid) === identity ? pid : undefined;
};

/** Makes a file that names this process, whole from the first moment; false when there is one already. */
const make = (file) => {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, identityOf(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
};

/**
 * Takes away a lock that nobody holds any more. One process does so at a time: looking and taking away are two steps, and
 * between them the lock could become another one's.
 */
const takeAway = (file) => {
  const guard = `${file}.guard`;
  if (!make(guard)) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    return;
  }
  try {
    const left = contentOf(file);
    // Looked at again once its process is known to be gone: from then on nobody else takes it away or puts one in its place.
    if (left !== undefined && holderIn(left) === undefined && contentOf(file) === left) rmSync(file);
  } finally {
    rmSync(guard, { force: true });
  }
};

/** Takes a folder: gives `unlock`, or the `holder` that has it. */
const take = (folder, advice) => {
  const file = join(folder, 'lock');
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (make(file)) return { unlock: () => rmSync(file, { force: true }) };
    const holder = holderIn(contentOf(file) ?? '');
    if (holder !== undefined) return { holder };
    takeAway(file);
  }
  throw new SetupError(
    `The folder ${folder} could not be locked: ${advice}. When no start is under way, remove ${file}.guard.`,
  );
};

/**
 * Takes a folder for this process; the returned function gives it back. A lock that a killed process left behind
 * is taken over. Throws a SetupError that names the process that holds it.
 */
export const lockFolder = (folder, advice) => {
  const { unlock, holder } = take(folder, advice);
  if (unlock !== undefined) return unlock;
  throw new SetupError(`The folder ${folder} is in use by process ${holder}: ${advice}.`);
};

/** Does `work` when no other process works in the folder, which is made when it is missing; waits for as long as that takes. */
export const inTurn = async (folder, work) => {
  mkdirSync(folder, { recursive: true });
  for (;;) {
    const { unlock } = take(folder, 'another process works in it');
    if (unlock === undefined) await sleep(TURN_PAUSE);
    else return Promise.resolve(work()).finally(unlock);
  }
};
