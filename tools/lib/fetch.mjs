import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { exec, lastLines, onPath } from './exec.mjs';
import { root } from './paths.mjs';
import { memoryServerVersion, natsModule } from './pinned.mjs';
import { say, secondsSince } from './say.mjs';

const LOOK_EVERY = 1_000;
/** A download that has not brought a byte for this long is given up: its source is not reachable from here. */
const STALLED_AFTER = 20_000;
const GO_TIME_LIMIT = 10 * 60_000;

const bytesIn = async (folder) => {
  const names = await readdir(folder);
  const sizes = await Promise.all(
    names.map((name) => stat(join(folder, name)).then((it) => it.size, () => 0)), // prettier-ignore
  );
  return sizes.reduce((sum, size) => sum + size, 0);
};

/** Ends `child` when `folder` stops growing; the returned function ends the watch. */
const endWhenStalled = (child, folder) => {
  let seen = 0;
  let since = performance.now();
  const timer = setInterval(async () => {
    const bytes = await bytesIn(folder);
    if (bytes > seen) [seen, since] = [bytes, performance.now()];
    else if (performance.now() - since > STALLED_AFTER) child.kill('SIGKILL');
  }, LOOK_EVERY);
  return () => clearInterval(timer);
};

/** Downloads mongod by way of mongodb-memory-server and moves it to `target`. */
export const fetchFromMemoryServer = async (target, folder) => {
  const work = await mkdtemp(join(folder, 'fetch-'));
  const start = performance.now();
  say(`  fetching mongod ${memoryServerVersion} with mongodb-memory-server …`);
  try {
    const script = join(root, 'tools/lib/memory-server-child.mjs');
    const child = spawn(process.execPath, [script, work, memoryServerVersion], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, MONGOMS_MAX_RETRIES: '1', MONGOMS_PREFER_GLOBAL_PATH: 'false' },
    });
    const stopWatch = endWhenStalled(child, work);
    let path = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (path += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (complaint += text));
    const [code, signal] = await new Promise((done) => child.on('close', (...end) => done(end)));
    stopWatch();
    if (signal !== null) throw new Error(`no byte came for ${STALLED_AFTER / 1000} seconds`);
    if (code !== 0) throw new Error(lastLines(complaint, 1));
    await rename(path.trim(), target);
    say(`  fetched mongod ${memoryServerVersion} in ${secondsSince(start)}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

/** Builds nats-server from its pinned Go module and moves it to `target`. */
export const fetchWithGo = async (target, folder) => {
  const go = onPath('go');
  if (go === undefined) throw new Error('no go command on PATH');
  const work = await mkdtemp(join(folder, 'fetch-'));
  const start = performance.now();
  say(`  building nats-server with go install (${natsModule}) …`);
  try {
    const env = { ...process.env, GOBIN: work };
    const built = await exec(go, ['install', natsModule], { timeout: GO_TIME_LIMIT, env });
    if (built.code !== 0) throw new Error(lastLines(built.stderr, 2));
    await rename(join(work, process.platform === 'win32' ? 'nats-server.exe' : 'nats-server'), target);
    say(`  built nats-server in ${secondsSince(start)}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};
