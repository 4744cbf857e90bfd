import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { exec, lastLines, onPath } from './exec.mjs';
import { cacheDir, writableDir } from './paths.mjs';
import { say, secondsSince, SetupError } from './say.mjs';

const TIME_LIMIT = 10 * 60_000;

/** Candidate versions out of the answer of `apt-cache policy`: name → version; what has none is left out. */
export const candidatesIn = (text) => {
  const found = {};
  let name;
  for (const line of text.split('\n')) {
    const heading = /^(\S+):$/.exec(line);
    if (heading !== null) name = heading[1].replace(/:\w+$/, '');
    const candidate = /^\s+Candidate: (\S+)$/.exec(line);
    if (candidate !== null && candidate[1] !== '(none)') found[name] = candidate[1];
  }
  return found;
};

const policy = async (names, env) => {
  const { stdout } = await exec('apt-cache', ['policy', ...names], { env: { ...env, LC_ALL: 'C' } });
  return candidatesIn(stdout);
};

// The lists of a fresh machine are empty; only then are they fetched.
const versionsOf = async (names, env) => {
  const known = await policy(names, env);
  if (names.every((name) => known[name] !== undefined)) return known;
  say('  fetching the package lists of Debian (apt-get update) …');
  const update = await exec('apt-get', ['update', '-qq'], { timeout: TIME_LIMIT, env });
  const now = await policy(names, env);
  const missing = names.filter((name) => now[name] === undefined);
  if (missing.length === 0) return now;
  throw new SetupError(
    `apt-get knows no package ${missing.join(', ')}: ${lastLines(update.stderr, 2) || 'its lists do not have it'}`,
  );
};

const fetchAll = async (versions, target, env) => {
  const start = performance.now();
  const names = Object.keys(versions);
  say(`  fetching ${names.length} Debian packages (${names.slice(0, 3).join(', ')} …) …`);
  const work = mkdtempSync(`${target}.`);
  try {
    const wanted = names.map((name) => `${name}=${versions[name]}`);
    const got = await exec('apt-get', ['download', '-qq', ...wanted], {
      cwd: work,
      timeout: TIME_LIMIT,
      env,
    });
    if (got.code !== 0) {
      throw new SetupError(`apt-get could not download ${names.join(', ')}: ${lastLines(got.stderr, 2)}`);
    }
    const root = join(work, 'root');
    mkdirSync(root);
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
      const unpacked = await exec('dpkg-deb', ['-x', join(work, file), root], { timeout: TIME_LIMIT, env });
      if (unpacked.code !== 0) throw new SetupError(`dpkg-deb: ${lastLines(unpacked.stderr, 1)}`);
      rmSync(join(work, file));
    }
    writeFileSync(join(work, 'versions.json'), JSON.stringify(versions));
    renameSync(work, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  say(`  fetched them in ${secondsSince(start)}`);
};

/**
 * Debian packages of those names in the version that apt offers, unpacked but not installed, kept in the cache:
 * `{ root, versions }`. Their checksums are verified by apt. Throws a SetupError with one sentence.
 */
export const debianPackages = async (names, env = process.env) => {
  const lacking = ['apt-get', 'dpkg-deb'].filter((tool) => onPath(tool, env) === undefined);
  if (lacking.length > 0) {
    throw new SetupError(
      `${lacking.join(' and ')} is not on PATH: ${names.slice(0, 3).join(', ')} … come as Debian packages, use a machine with Debian or Ubuntu`,
    );
  }
  const all = await versionsOf(names, env);
  const versions = Object.fromEntries(names.map((name) => [name, all[name]]));
  const folder = writableDir(join(cacheDir(env), 'debian'), 'QUOTEBRIDGE_CACHE');
  const key = createHash('sha256').update(JSON.stringify(versions)).digest('hex').slice(0, 16);
  const target = join(folder, key);
  if (!existsSync(target)) await fetchAll(versions, target, env);
  return {
    root: join(target, 'root'),
    versions: JSON.parse(readFileSync(join(target, 'versions.json'), 'utf8')),
  };
};
