// A container engine for tests: buildah out of Debian's packages, unpacked and not installed, with a store in a folder of its own.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianPackages } from '../lib/debian.mjs';
import { exec, lastLines, onPath } from '../lib/exec.mjs';
import { SetupError } from '../lib/say.mjs';

const PACKAGES = [
  ...['buildah', 'golang-github-containers-common', 'golang-github-containers-image'],
  ...['libgpgme11', 'libassuan0', 'libgpg-error0', 'libdevmapper1.02.1', 'libseccomp2'],
];
const TOOLS = ['unshare', 'mount', 'ldconfig'];
const TIME_LIMIT = 10 * 60_000;

// Its libraries are found by a cache that only its own mount namespace has: it starts itself again without LD_LIBRARY_PATH.
const WITH_LIBRARIES = 'mount --bind "$1" /etc/ld.so.cache && shift && exec "$@"';

/** Command and arguments that run another command where `cache` says which libraries there are; it ends with all that it started. */
const apart = (cache, command) => [
  'unshare',
  ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'].concat(
    ['sh', '-c', WITH_LIBRARIES, 'sh', cache],
    command,
  ),
];

/**
 * Makes an engine whose store is in `folder`: `command(...args)` gives `[file, args]` and `env` to spawn it with, and `run(...args)` its
 * standard output. Throws a SetupError with one sentence where this machine does not let it work.
 */
export const makeBuilder = async (folder, env = process.env) => {
  if (process.platform !== 'linux' || process.getuid() !== 0) throw new SetupError('It needs Linux and root');
  const lacking = TOOLS.filter((tool) => onPath(tool, env) === undefined);
  if (lacking.length > 0) throw new SetupError(`${lacking.join(' and ')} is not on PATH`);
  const { root: debian } = await debianPackages(PACKAGES, env);
  mkdirSync(folder, { recursive: true });
  const at = (name) => join(folder, name);
  const multiarch = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const libraries = ['usr/lib', 'lib'].map((path) => join(debian, path, multiarch)).filter(existsSync);
  writeFileSync(at('ld.conf'), [...libraries, 'include /etc/ld.so.conf', ''].join('\n'));
  const cache = await exec('ldconfig', ['-X', '-C', at('ld.cache'), '-f', at('ld.conf')], { env });
  if (cache.code !== 0) throw new SetupError(`ldconfig: ${lastLines(cache.stderr, 1)}`);
  const store = { graphroot: at('graph'), runroot: at('run') };
  writeFileSync(
    at('storage.conf'),
    `[storage]\ndriver = "overlay"\n${Object.entries(store)
      .map(([name, value]) => `${name} = "${value}"\n`)
      .join('')}`,
  );
  // The packages have it for every registry; nothing is fetched from one here.
  writeFileSync(at('policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  const settings = {
    ...env,
    CONTAINERS_STORAGE_CONF: at('storage.conf'),
    CONTAINERS_REGISTRIES_CONF: join(debian, 'etc/containers/registries.conf'),
    BUILDAH_ISOLATION: 'chroot',
    TMPDIR: folder,
  };
  const command = (...args) => apart(at('ld.cache'), [join(debian, 'usr/bin/buildah'), ...args]);
  const run = async (...args) => {
    const { code, stdout, stderr } = await exec(...command(...args), { env: settings, timeout: TIME_LIMIT });
    if (code !== 0) throw new SetupError(`buildah ${args[0]}: ${lastLines(stderr, 8)}`);
    return stdout.trim();
  };
  return { command, env: settings, run, policy: ['--signature-policy', at('policy.json')] };
};
