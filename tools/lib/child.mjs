import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './paths.mjs';

const PREVIOUS_MAY_TAKE = 15_000;

/** Whether a process of that id runs. */
export const isRunning = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/**
 * Starts a server that never outlives this process: a guard beside it ends it when the pipe to this process
 * closes, also after a SIGKILL. It runs in a session of its own, so that Ctrl-C reaches only this process, which
 * stops the server last. `stop()` ends it cleanly; `exited` gives `{ code, output }`.
 */
export const startServer = (file, args, { pidFile, env = process.env }) => {
  const child = spawn(process.execPath, [join(root, 'tools/lib/guard.mjs'), pidFile, file, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env,
  });
  let output = '';
  const keep = (text) => (output = (output + text).slice(-8_000));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  child.stdin.on('error', () => undefined); // The guard may be gone first: `exited` tells.
  let over = false;
  const exited = new Promise((done) => {
    child.on('error', (error) => done({ code: -1, output: error.message }));
    child.on('close', (code) => done({ code, output }));
  }).then((end) => {
    over = true;
    return end;
  });
  return {
    exited,
    get over() {
      return over;
    },
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
};

/** Waits until the server of an earlier run, named in its pid file, is gone; false when it stays. */
export const previousIsGone = async (pidFile) => {
  const end = performance.now() + PREVIOUS_MAY_TAKE;
  while (existsSync(pidFile)) {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    if (!Number.isInteger(pid) || pid <= 0 || !isRunning(pid) || !isServer(pid)) return true;
    if (performance.now() > end) return false;
    await sleep(100);
  }
  return true;
};

// Process ids are used again: on Linux the name of the process tells whether it is still the server.
const isServer = (pid) => {
  try {
    return /mongod|nats/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
};
