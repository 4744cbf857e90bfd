import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../../lib/child.mjs';
import { hierarchies } from './possible.mjs';

const PREFIX = 'quotebridge-node-';
const EMPTY_WITHIN = 20_000;

// A new group of cpuset takes no process until it is told its processors and its memory.
const copySets = (folder) => {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const parent = join(folder, '..', file);
    if (existsSync(parent)) writeFileSync(join(folder, file), readFileSync(parent));
  }
};

const make = (folder) => {
  mkdirSync(folder, { recursive: true });
  copySets(folder);
};

/**
 * Makes a group for a cluster in every hierarchy, below that of this process, with a group `sys` in it; gives the
 * files that the shell which becomes the cluster writes its id into, and what the init mounts.
 */
export const makeGroups = () => {
  const name = `${PREFIX}${process.pid}`;
  const all = hierarchies().map(({ options, folder, path }) => ({
    options,
    group: join(folder, path, name),
    folder: folder.slice(folder.lastIndexOf('/') + 1),
  }));
  for (const { group } of all) {
    make(group);
    make(join(group, 'sys'));
  }
  return {
    enter: all.map(({ group }) => join(group, 'cgroup.procs')),
    mounts: all.map(({ options, folder }) => ({
      folder,
      options: options.startsWith('name=') ? `none,${options}` : options,
    })),
  };
};

const below = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => [...below(join(folder, entry.name)), join(folder, entry.name)]);

const tryRemove = (group) => {
  if (!existsSync(group)) return true;
  try {
    for (const folder of [...below(group), group]) rmdirSync(folder);
    return true;
  } catch {
    return false; // Its last process is still ending.
  }
};

// The number in the name is the process that made it; a cluster without that process has been left behind.
const isOver = (name) => {
  const pid = Number(name.slice(PREFIX.length));
  return pid === process.pid || !isRunning(pid);
};

/** Removes the groups of this process's cluster, and of clusters that were left behind; gives those that stay. */
export const removeGroups = async () => {
  if (process.platform !== 'linux') return [];
  const end = performance.now() + EMPTY_WITHIN;
  const groups = () =>
    hierarchies().flatMap(({ folder, path }) => {
      const parent = join(folder, path);
      return readdirSync(parent)
        .filter((name) => name.startsWith(PREFIX) && isOver(name))
        .map((name) => join(parent, name));
    });
  for (;;) {
    const left = groups().filter((group) => !tryRemove(group));
    if (left.length === 0 || performance.now() > end) return left;
    await sleep(100);
  }
};
