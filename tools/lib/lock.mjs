import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from './child.mjs';
import { SetupError } from './say.mjs';

const TRIES = 10;
/** Longest time that a lock file may stay empty, milliseconds. */
const BEING_WRITTEN_FOR = 500;

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

/** Takes away a lock that nobody holds any more; one that somebody else has just made in its place stays. */
const takeAway = (file, content) => {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (contentOf(aside) === content) rmSync(aside);
    else renameSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
};

const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BEING_WRITTEN_FOR / TRIES);

/**
 * Takes a folder for this process; the returned function gives it back. A lock that a killed process left behind
 * is taken over. Throws a SetupError that names the process that holds it.
 */
export const lockFolder = (folder, advice) => {
  const file = join(folder, 'lock');
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      writeFileSync(file, identityOf(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const content = contentOf(file);
    const holder = holderIn(content ?? '');
    if (holder !== undefined) {
      throw new SetupError(`The folder ${folder} is in use by process ${holder}: ${advice}.`);
    }
    // Between making the file and writing into it, another start shows an empty one.
    if (content === '' && tries < TRIES / 2) pause();
    else if (content !== undefined) takeAway(file, content);
  }
  throw new SetupError(`The folder ${folder} could not be locked: ${advice}.`);
};
