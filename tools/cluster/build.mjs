import { spawn } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, onPath } from '../lib/exec.mjs';
import { cacheDir, writableDir } from '../lib/paths.mjs';
import { say, secondsSince, SetupError } from '../lib/say.mjs';
import { controlPlane, programs } from './programs.mjs';

const TELL_EVERY = 20_000;
const TIME_LIMIT = 30 * 60_000;

const folderOf = (env) => join(cacheDir(env), 'cluster');
const fileOf = ({ name, version }, env) => join(folderOf(env), `${name}-${version}`);

/** Why the programs cannot be built here, as a sentence; undefined when they can. */
const whyNotBuildable = (env) => {
  if (process.platform !== 'linux') return `a control plane runs on Linux only, this is ${process.platform}`;
  if (onPath('go', env) === undefined) return 'there is no go command on PATH (Go 1.24 or later)';
  return undefined;
};

// `go build -v` names each package as it is compiled: the only sign of progress there is.
const goBuild = (program, target, env, within) =>
  new Promise((done) => {
    const args = ['build', '-v', '-trimpath', '-buildvcs=false', '-ldflags'];
    args.push(['-s', '-w', ...program.ldflags].join(' '), '-o', target, program.package);
    const child = spawn('go', args, {
      cwd: program.module,
      env: { ...env, ...program.env, GOFLAGS: '-mod=readonly', GOWORK: 'off' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const start = performance.now();
    let packages = 0;
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (more) => {
      packages += more.split('\n').length - 1;
      text = (text + more).slice(-4_000);
    });
    const tell = setInterval(
      () => say(`  ${program.name}: ${packages} packages compiled, ${secondsSince(start)} …`),
      TELL_EVERY,
    );
    const limit = setTimeout(() => {
      text = `it took longer than ${Math.round(within / 60_000)} minutes; what was compiled is kept, try again`;
      child.kill('SIGKILL');
    }, within);
    const end = (code) => {
      clearInterval(tell);
      clearTimeout(limit);
      done({ code, text });
    };
    child.on('error', (error) => {
      text = error.message;
      end(-1);
    });
    child.on('close', end);
  });

const buildOne = async (program, env, within) => {
  const target = fileOf(program, env);
  const start = performance.now();
  say(`  building ${program.name} ${program.version} (once; some ${program.minutes} minutes) …`);
  const half = `${target}.${process.pid}`;
  const { code, text } = await goBuild(program, half, env, within);
  if (code !== 0) {
    rmSync(half, { force: true });
    throw new SetupError(`${program.name} could not be built with go: ${lastLines(text, 3)}`);
  }
  renameSync(half, target);
  say(`  built ${program.name} ${program.version} in ${secondsSince(start)}`);
};

/**
 * Files of programs by name, from the cache (setting QUOTEBRIDGE_CACHE); what is missing is built from its Go module
 * with pinned versions and checksums, within so many ms. Throws a SetupError with one sentence when that cannot be.
 */
export const clusterPrograms = async (
  env = process.env,
  { within = TIME_LIMIT, names = controlPlane } = {},
) => {
  const end = performance.now() + within;
  const wanted = names.map((name) => programs[name]);
  const missing = wanted.filter((program) => !existsSync(fileOf(program, env)));
  if (missing.length > 0) {
    const why = whyNotBuildable(env);
    if (why !== undefined) {
      throw new SetupError(
        `No Kubernetes API server can be made here: ${why}. Set KUBECONFIG to use a cluster that exists.`,
      );
    }
    writableDir(folderOf(env), 'QUOTEBRIDGE_CACHE');
    for (const program of missing) await buildOne(program, env, Math.max(1_000, end - performance.now()));
  }
  return Object.fromEntries(wanted.map((program) => [program.name, fileOf(program, env)]));
};
