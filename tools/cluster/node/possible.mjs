import { readFileSync } from 'node:fs';
import { exec, lastLines, onPath } from '../../lib/exec.mjs';

const TOOLS = ['unshare', 'nsenter', 'mount', 'ip', 'openssl', 'bash', 'apt-get', 'dpkg-deb', 'ldd'];
const NAMESPACES = ['--pid', '--fork', '--kill-child', '--mount', '--net', '--uts', '--ipc', '--cgroup'];
const CONTROLLERS = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'pids'];

/** How the init is put into namespaces of its own, so that nothing of the machine is touched. */
export const unshareArgs = [...NAMESPACES, '--propagation', 'private'];

/**
 * The cgroup hierarchies (version 1) out of /proc/self/mountinfo and /proc/self/cgroup:
 * `[{ options, folder, path }]`, what to mount, where it is here, and in which group of it this process is.
 */
export const hierarchiesIn = (mountinfo, cgroups) => {
  const paths = new Map(
    cgroups
      .trim()
      .split('\n')
      .map((line) => line.split(':'))
      .map(([, options, ...path]) => [options, path.join(':')]),
  );
  return mountinfo
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => fields.includes('cgroup') && fields[fields.indexOf('-') + 1] === 'cgroup')
    .map((fields) => {
      const options = fields
        .at(-1)
        .split(',')
        .filter((one) => !['rw', 'ro', 'xattr'].includes(one) && !one.startsWith('release_agent'));
      return { options: options.join(','), folder: fields[4] };
    })
    .map(({ options, folder }) => ({ options, folder, path: paths.get(options) ?? '/' }));
};

/** {@link hierarchiesIn} of this machine. */
export const hierarchies = () =>
  hierarchiesIn(readFileSync('/proc/self/mountinfo', 'utf8'), readFileSync('/proc/self/cgroup', 'utf8'));

/** Why no node can run on this machine, as the end of a sentence; undefined when one can. */
export const whyNoNode = async (env = process.env) => {
  if (process.platform !== 'linux') return `a node runs on Linux only, this is ${process.platform}`;
  if (process.getuid() !== 0) return 'a node needs root (namespaces, mounts, control groups)';
  const lacking = TOOLS.filter((tool) => onPath(tool, env) === undefined);
  if (lacking.length > 0) return `${lacking.join(', ')} not on PATH`;
  const filesystems = readFileSync('/proc/filesystems', 'utf8');
  if (!/\boverlay\b/.test(filesystems)) return 'the kernel has no overlay file system';
  const there = new Set(hierarchies().flatMap(({ options }) => options.split(',')));
  const missing = CONTROLLERS.filter((one) => !there.has(one));
  if (missing.length > 0) return `the control groups (version 1) ${missing.join(', ')} are not mounted`;
  const tried = await exec('unshare', [...unshareArgs, 'true'], { env, timeout: 20_000 });
  return tried.code === 0
    ? undefined
    : `namespaces of its own are not allowed (${lastLines(tried.stderr, 1)})`;
};
