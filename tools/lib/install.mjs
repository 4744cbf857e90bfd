import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { say, secondsSince, SetupError } from './say.mjs';

const packagesOf = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
};

/**
 * Why `npm ci` has to run, or undefined when what is installed is what the lock file says. Compares contents, not
 * times: a clone or a change of branch gives files new times.
 */
export const whyInstall = (base) => {
  const locked = packagesOf(join(base, 'package-lock.json')) ?? {};
  const installed = packagesOf(join(base, 'node_modules/.package-lock.json'));
  if (installed === undefined) return 'the dependencies are not installed yet';
  const differs = Object.entries(locked).some(([path, { version, link, optional, devOptional, peer }]) => {
    if (path === '' || link) return false;
    const have = installed[path];
    // What is optional is left out on a platform it is not made for.
    return have === undefined ? !(optional || devOptional || peer) : have.version !== version;
  });
  return differs ? 'the installed dependencies are not those of package-lock.json' : undefined;
};

const npmCommand = (args) =>
  process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, [process.env.npm_execpath, ...args]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', args];

/** Runs `npm ci` when it is needed, with its progress shown. */
export const ensureInstalled = async (base) => {
  const reason = whyInstall(base);
  if (reason === undefined) return;
  const start = performance.now();
  say(`Dependencies: ${reason}; npm ci takes a minute or two …`);
  const [command, args] = npmCommand(['ci', '--include=dev', '--no-audit', '--no-fund']);
  const code = await new Promise((done) => {
    const child = spawn(command, args, { cwd: base, stdio: ['ignore', 2, 2] });
    child.on('error', () => done(-1));
    child.on('close', (exit) => done(exit ?? -1));
  });
  if (code !== 0) {
    throw new SetupError('npm ci failed, its reason stands above; it needs access to the npm package index.');
  }
  say(`Dependencies: installed in ${secondsSince(start)}`);
};
