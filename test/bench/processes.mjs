// Starts the measured processes, each on its core, and looks at what they use.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from '../../tools/lib/child.mjs';
import { onPath } from '../../tools/lib/exec.mjs';
import { freePort } from '../../tools/lib/ports.mjs';
import { SetupError } from '../../tools/lib/say.mjs';
import { benchRuntime } from './runtime.mjs';

const READY_WITHIN = 60_000;
const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;

/** Which core is whose; undefined where processes cannot be bound or there is one core only. */
export const coresOf = () =>
  onPath('taskset') !== undefined && availableParallelism() > 1 ? { server: 0, load: 1 } : undefined;

const bound = (core, command) => (core === undefined ? command : ['taskset', '-c', String(core), ...command]);

const isReady = (url, path) =>
  fetch(`${url}${path}`).then(
    ({ ok }) => ok,
    () => false,
  );

/**
 * Starts a server program, on the Node.js of `benchRuntime`, on a free port of the loopback address, or on `port`, and waits until `ready` answers. `portName` is its setting.
 * `hold` and `release` stop and continue it, so that it takes no time from others while they are measured.
 */
export const startProgram = async ({ name, args, env, core, folder, ready = '/health/ready', ...at }) => {
  const port = at.port ?? (await freePort());
  const pidFile = join(folder, `${name}.pid`);
  const runtime = await benchRuntime();
  const [file, ...rest] = bound(core, [runtime.file, ...runtime.flags, ...args]);
  const server = startServer(file, rest, {
    pidFile,
    env: { ...process.env, ...env, HOST: '127.0.0.1', [at.portName ?? 'PORT']: String(port) },
  });
  const url = `http://127.0.0.1:${port}`;
  const end = performance.now() + READY_WITHIN;
  while (!(await isReady(url, ready))) {
    if (server.over || performance.now() > end) {
      await server.stop();
      const { output } = await server.exited;
      throw new SetupError(`${name} did not come up: ${output.trim().slice(-600) || 'it said nothing'}`);
    }
    await sleep(50);
  }
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const signal = (what) => {
    if (!server.over && process.platform !== 'win32') process.kill(pid, what);
  };
  return {
    name,
    url,
    pid,
    hold: () => signal('SIGSTOP'),
    release: () => signal('SIGCONT'),
    stop: async () => {
      signal('SIGCONT');
      await server.stop();
    },
  };
};

/** Starts the load generator; `run(kind, job)` gives the job's result. */
export const startLoad = async (core) => {
  const script = join(here, 'load.mjs');
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];
  const [file, ...rest] = bound(core, [process.execPath, script]);
  const child = core === undefined ? fork(script, { stdio }) : spawn(file, rest, { stdio });
  const waiting = new Map();
  let last = 0;
  child.on('message', ({ id, result, error }) => {
    const { done, fail } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) done(result);
    else fail(new Error(error));
  });
  const exited = once(child, 'exit').then(() => {
    for (const { fail } of waiting.values()) fail(new Error('The load generator ended'));
  });
  return {
    run: (kind, job) =>
      new Promise((done, fail) => {
        last += 1;
        waiting.set(last, { done, fail });
        // A channel that is closed already: the job ends as it does when the process ends.
        child.send({ id: last, kind, job }, (error) => error && fail(error));
      }),
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
};

const readProc = (pid, file) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
};

/** Processor time of a process so far in microseconds; undefined where the system does not tell. */
export const cpuOf = (pid) => {
  const stat = readProc(pid, 'stat');
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
};

const kiloBytes = (status, name) => {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status ?? '');
  return found === null ? undefined : Number(found[1]) / 1024;
};

/** Resident memory of a process in MB, now and at most so far. */
export const memoryOf = (pid) => {
  const status = readProc(pid, 'status');
  return { now: kiloBytes(status, 'VmRSS'), most: kiloBytes(status, 'VmHWM') };
};
