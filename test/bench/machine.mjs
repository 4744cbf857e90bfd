import { cpus, release, totalmem } from 'node:os';
import { exec } from '../../tools/lib/exec.mjs';
import { root } from '../../tools/lib/paths.mjs';
import { benchRuntime } from './runtime.mjs';

const git = async (...args) => {
  const { code, stdout } = await exec('git', args, { cwd: root, timeout: 10_000 });
  return code === 0 ? stdout.trim() : undefined;
};

/** What the figures were measured on and with. */
export const describeMachine = async ({ mongodb, nats, cores }) => {
  const commit = await git('rev-parse', '--short', 'HEAD');
  const changes = await git('status', '--porcelain', '--untracked-files=no');
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Number((totalmem() / 1024 ** 3).toFixed(1)),
    system: `${process.platform} ${release()} ${process.arch}`,
    node: (await benchRuntime()).version,
    mongodb,
    nats,
    commit: commit === undefined ? 'unknown' : `${commit}${changes === '' ? '' : ' with changes'}`,
    pinned: cores !== undefined,
  };
};
