import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBinary } from '../../lib/binaries.mjs';
import { exec, onPath } from '../../lib/exec.mjs';
import { cacheDir, writableDir } from '../../lib/paths.mjs';
import { say, secondsSince } from '../../lib/say.mjs';
import { archiveLayout } from '../../images/archive.mjs';
import { finishLayout, putImage, putLayer, startLayout } from '../../images/layout.mjs';
import { programs } from '../programs.mjs';

const file = (path, from) => ({ path, type: 'file', from, mode: 0o755 });
const ACCOUNTS = [
  { path: 'etc/passwd', type: 'file', content: 'root:x:0:0::/:/\nserver:x:10001:10001::/:/\n' },
  { path: 'etc/nsswitch.conf', type: 'file', content: 'hosts: files dns\n' },
  { path: 'tmp', type: 'folder', mode: 0o1777 },
];

/** Libraries of a program as ldd prints them, each at the path where the program looks for it. */
export const librariesIn = (text) => [...new Set(text.match(/\/\S+\.so[^\s)]*/g) ?? [])];

// Programs by the paths where they go, with what they load.
const dynamic = async (files) => {
  const wanted = Object.entries(files);
  const answers = await Promise.all(wanted.map(([, from]) => exec('ldd', [from])));
  const libraries = librariesIn(answers.map(({ stdout }) => stdout).join('\n'));
  return [
    ...libraries.map((one) => file(one.slice(1), one)),
    ...wanted.map(([path, from]) => file(path, from)),
  ];
};

const images = async (files) => {
  const sh = onPath('dash') ?? onPath('sh');
  const [mongod, nats] = [await findBinary('mongod'), await findBinary('nats-server')];
  return [
    { name: 'localhost/pause:1', entries: [file('pause', files.pause)], config: { Entrypoint: ['/pause'] } },
    {
      name: `localhost/coredns:${programs.coredns.version}`,
      entries: [file('coredns', files.coredns), ...ACCOUNTS],
      config: { Entrypoint: ['/coredns'] },
    },
    {
      name: `localhost/metrics-server:${programs['metrics-server'].version}`,
      entries: [...(await dynamic({ 'usr/bin/metrics-server': files['metrics-server'] })), ...ACCOUNTS],
      config: { User: '10001:10001', Entrypoint: ['/usr/bin/metrics-server'] },
    },
    {
      name: 'localhost/nats:2',
      version: nats.version,
      entries: [...(await dynamic({ 'usr/bin/nats-server': nats.file })), ...ACCOUNTS],
      config: { User: '10001:10001', Env: ['PATH=/usr/bin'], Entrypoint: ['nats-server'] },
    },
    {
      name: 'localhost/mongod:6',
      version: mongod.version,
      // As in the image that is published: a pod of the chart begins with a line of shell.
      entries: [...(await dynamic({ 'usr/bin/mongod': mongod.file, 'usr/bin/sh': sh })), ...ACCOUNTS],
      config: { User: '10001:10001', Env: ['PATH=/usr/bin'], Entrypoint: ['mongod'] },
    },
  ];
};

/**
 * What a cluster runs besides the product, as one archive in the cache: pause, coredns, metrics-server, and nats and mongod from the
 * servers that the tools use. Gives its file.
 */
export const baseImages = async (files, env = process.env) => {
  const wanted = await images(files);
  const parts = wanted.map(({ name, version, entries }) => [name, version, entries.map(({ path }) => path)]);
  const inputs = JSON.stringify([parts, programs.pause.version]);
  const key = createHash('sha256').update(inputs).digest('hex').slice(0, 12);
  const folder = writableDir(join(cacheDir(env), 'cluster'), 'QUOTEBRIDGE_CACHE');
  const target = join(folder, `base-images-${key}.tar`);
  if (existsSync(target)) return target;
  const start = performance.now();
  const work = mkdtempSync(`${target}.`);
  try {
    startLayout(work);
    const made = [];
    for (const { name, entries, config } of wanted) {
      const layer = { ...(await putLayer(work, entries)), what: name };
      made.push(putImage(work, { name, layers: [layer], config }));
    }
    const half = join(work, 'archive');
    finishLayout(work, made);
    await archiveLayout(work, half);
    renameSync(half, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  say(`  made images of pause, coredns, metrics-server, nats and mongod in ${secondsSince(start)}`);
  return target;
};
