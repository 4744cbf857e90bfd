import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from './child.mjs';
import { SetupError } from './say.mjs';

// A process id may be given to another process later; with its start time it is one process only.
const identityOf = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return `${pid}`;
  }
};

const holderOf = (file) => {
  try {
    const identity = readFileSync(file, 'utf8');
    const pid = Number(identity.split(' ')[0]);
    return isRunning(pid) && identityOf(pid) === identity ? pid : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Takes a folder for this process; the returned function gives it back. A lock that a killed process left behind
 * is taken over. Throws a SetupError that names the process that holds it.
 */
export const lockFolder = (folder, advice) => {
  const file = join(folder, 'lock');
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      writeFileSync(file, identityOf(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf(file);
    if (holder !== undefined) {
      throw new SetupError(`The folder ${folder} is in use by process ${holder}: ${advice}.`);
    }
    rmSync(file, { force: true });
  }
  throw new SetupError(`The folder ${folder} could not be locked: ${advice}.`);
};
