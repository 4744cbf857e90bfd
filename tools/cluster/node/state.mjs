import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kubeconfig, write } from '../control-plane.mjs';
import { API, NODE } from './addresses.mjs';
import { configFiles, processesOf } from './config.mjs';
import { makePki } from './pki.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const PAUSE = 'localhost/pause:1';
const libraryFolder = () => (process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu');

/** A word of a shell script. */
export const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;

const writeAll = (folder, files) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    write(join(folder, path), text);
  }
};

const KUBECONFIGS = {
  kcm: 'system:kube-controller-manager',
  scheduler: 'system:kube-scheduler',
  kubelet: `system:node:${NODE.name}`,
  proxy: 'system:kube-proxy',
  policies: 'admin',
};

/**
 * Writes everything that the init reads into `state`: configuration, one script for each process, and what it mounts.
 * Gives the file of the CA and an administrator's token.
 */
export const writeState = async ({ state, files, debian, mounts }) => {
  for (const folder of ['conf/volplugins', 'components', 'run', 'log', 'hold', 'var-lib', 'var-log', 'bin']) {
    mkdirSync(join(state, folder), { recursive: true });
  }
  chmodSync(state, 0o700);
  const { tokenOf } = await makePki(join(state, 'pki'));
  const caFile = join(state, 'pki/ca.crt');
  writeAll(join(state, 'conf'), configFiles({ state, debian, pause: PAUSE }));
  const inside = `https://127.0.0.1:${API.port}`;
  for (const [name, user] of Object.entries(KUBECONFIGS)) {
    write(
      join(state, `conf/${name}.kubeconfig`),
      JSON.stringify(kubeconfig({ url: inside, caFile, token: tokenOf(user) })),
    );
  }
  // nft finds its libraries only when told where they were unpacked.
  const nft = `#!/bin/sh\nLD_LIBRARY_PATH=${quoted(`${debian}/usr/lib/${libraryFolder()}`)} exec ${quoted(`${debian}/usr/sbin/nft`)} "$@"\n`;
  writeFileSync(join(state, 'bin/nft'), nft, { mode: 0o755 });
  const path = [`${state}/bin`, `${debian}/usr/bin`, `${debian}/usr/sbin`, process.env.PATH].join(':');
  for (const [i, { name, command, afterApi }] of processesOf({ files, state, debian }).entries()) {
    const lines = [
      `export PATH=${quoted(path)}`,
      ...(afterApi ? [`until [ -e ${quoted(`${state}/run/api-ready`)} ]; do sleep 0.05; done`] : []),
      `exec ${command.map(quoted).join(' ')}`,
    ];
    writeFileSync(join(state, `components/${i}-${name}.sh`), `${lines.join('\n')}\n`);
  }
  const wayIn = [process.execPath, join(here, 'way-in.mjs'), join(state, 'run/way-in.sock')];
  writeFileSync(join(state, 'components/9-way-in.sh'), `exec ${wayIn.map(quoted).join(' ')}\n`);
  writeFileSync(
    join(state, 'cgroups'),
    mounts.map(({ folder, options }) => `${folder} ${options}\n`).join(''),
  );
  return { caFile, token: tokenOf('admin') };
};
