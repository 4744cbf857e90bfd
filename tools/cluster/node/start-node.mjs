import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../lib/child.mjs';
import { debianPackages } from '../../lib/debian.mjs';
import { exec, lastLines } from '../../lib/exec.mjs';
import { say, secondsSince, SetupError } from '../../lib/say.mjs';
import { isReady, kubeconfig, write } from '../control-plane.mjs';
import { programs } from '../programs.mjs';
import { API, NODE } from './addresses.mjs';
import { apiFor } from './api.mjs';
import { baseImages } from './base-images.mjs';
import { makeGroups, removeGroups } from './cgroups.mjs';
import { dnsObjects } from './dns.mjs';
import { metricsObjects } from './metrics.mjs';
import { unshareArgs } from './possible.mjs';
import { quoted, writeState } from './state.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const UP_WITHIN = 180_000;
const IMPORT_WITHIN = 300_000;
const LOOK_EVERY = 100;
const DEBIAN = [
  ...[
    'containerd',
    'runc',
    'containernetworking-plugins',
    'nftables',
    'libnftables1',
    'libnftnl11',
    'libmnl0',
  ],
  ...['libjansson4', 'libedit2', 'libxtables12', 'libgmp10'],
];

/** Connects with HOST:PORT in the network of a cluster, through the socket of its way in. */
const dial = (socket, address) => {
  const connection = connect(socket);
  connection.write(`${address}\n`);
  return connection;
};

// A port on this machine's loopback for one address of the cluster's network.
const forward = async (socket, address) => {
  const server = createServer((client) => {
    const target = dial(socket, address);
    client.pipe(target).pipe(client);
    client.on('error', () => target.destroy()).on('close', () => target.destroy());
    target.on('error', () => client.destroy()).on('close', () => client.destroy());
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { port: server.address().port, close: () => server.close() };
};

const firstChild = (pid) => {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? undefined : Number(text.split(' ')[0]);
};

/**
 * Starts a Kubernetes cluster of one node that runs pods, in namespaces and control groups of its own, and waits until
 * pods of the images in `archives` (files) can run and find Services by name. Its network has no way out; the API is reached on a port of loopback, anything else through
 * the socket `wayIn`. Files are in `folder`; everything ends with this process.
 */
export const startNode = async ({ folder, files, archives }) => {
  await removeGroups();
  rmSync(folder, { recursive: true, force: true });
  const archive = await baseImages(files);
  const { root: debian } = await debianPackages(DEBIAN);
  const begin = performance.now();
  const told = (what) => say(`  ${what} after ${secondsSince(begin)}`);
  const { enter, mounts } = makeGroups();
  const { caFile, token } = await writeState({ state: folder, files, debian, mounts });
  const wayIn = join(folder, 'run/way-in.sock');
  const script = [
    ...enter.map((file) => `echo $$ > ${quoted(file)}`),
    `unshare ${unshareArgs.join(' ')} bash ${quoted(join(here, 'init.sh'))} ${quoted(folder)} &`,
    // unshare itself does not end by this signal; when it is killed, so is the first process, and with it all others.
    'trap "kill -KILL $!" TERM INT',
    'wait $!',
  ].join('\n');
  const pidFile = join(folder, 'run/shell.pid');
  const cluster = startServer('bash', ['-c', script], { pidFile });
  const ports = [];
  const stop = async () => {
    for (const port of ports) port.close();
    await cluster.stop();
    const left = await removeGroups();
    if (left.length > 0) say(`Control groups that could not be removed: ${left.join(', ')}`);
  };
  const until = async (what, look) => {
    const end = performance.now() + UP_WITHIN;
    for (;;) {
      if (cluster.over) {
        const { output } = await cluster.exited;
        throw new SetupError(`The cluster ended before ${what}: ${lastLines(output, 2).slice(0, 600)}`);
      }
      const found = await look();
      if (found) return found;
      if (performance.now() > end) {
        throw new SetupError(
          `${what} did not come within ${UP_WITHIN / 1000} s; the logs are in ${folder}/log.`,
        );
      }
      await sleep(LOOK_EVERY);
    }
  };
  const inside = (args, more) => {
    const shell = Number(readFileSync(pidFile, 'utf8'));
    const first = firstChild(firstChild(shell));
    return exec('nsenter', ['-t', String(first), '-m', '-n', '-p', '-u', '-i', ...args], more);
  };
  const importImages = async (file) => {
    const ctr = [`${debian}/usr/bin/ctr`, '-a', '/run/containerd/containerd.sock', '-n', 'k8s.io'];
    const { code, stderr, stdout } = await inside([...ctr, 'images', 'import', file], {
      timeout: IMPORT_WITHIN,
    });
    if (code !== 0)
      throw new SetupError(`The images of ${file} were not imported: ${lastLines(stderr + stdout, 2)}`);
  };
  const importAll = async (all) => {
    for (const file of all) await importImages(file);
  };
  try {
    await until('its way in', () => existsSync(wayIn));
    const api = await forward(wayIn, `127.0.0.1:${API.port}`);
    ports.push(api);
    const url = `https://127.0.0.1:${api.port}`;
    const configFile = write(
      join(folder, 'kubeconfig'),
      `${JSON.stringify(kubeconfig({ url, caFile, token }), null, 1)}\n`,
    );
    const call = apiFor({ url, caFile, token });
    const imported = until(
      'containerd',
      async () => (await inside(['test', '-S', '/run/containerd/containerd.sock'])).code === 0,
    ).then(() => importImages(archive));
    imported.catch(() => undefined);
    const ready = () => until('the API server', () => isReady(url, caFile, token));
    await ready();
    writeFileSync(join(folder, 'run/api-ready'), '');
    told('the API server is ready');
    await imported;
    const rest = importAll(archives);
    rest.catch(() => undefined);
    const image = ({ name, version }) => `localhost/${name}:${version}`;
    const services = [
      ...dnsObjects(image(programs.coredns)),
      ...metricsObjects(image(programs['metrics-server'])),
    ];
    for (const [path, object] of services) {
      await until(`the object ${object.kind} ${object.metadata.name}`, async () =>
        [201, 409].includes((await call('POST', path, object)).status),
      );
    }
    const conditions = async (path) => (await call('GET', path)).body?.status?.conditions ?? [];
    const is = (list, type) => list.some((one) => one.type === type && one.status === 'True');
    await until('the node', async () => is(await conditions(`/api/v1/nodes/${NODE.name}`), 'Ready'));
    told('the node is ready');
    await until('the name service', async () =>
      is(await conditions('/apis/apps/v1/namespaces/kube-system/deployments/coredns'), 'Available'),
    );
    told('pods find Services by name');
    await rest;
    if (archives.length > 0) told('the images are imported');
    const hold = join(folder, 'hold/kube-apiserver');
    return {
      url,
      caFile,
      token,
      configFile,
      wayIn,
      stopApi: async () => {
        writeFileSync(hold, '');
        await inside(['kill', '-KILL', readFileSync(join(folder, 'run/kube-apiserver.pid'), 'utf8').trim()]);
      },
      startApi: async () => {
        rmSync(hold, { force: true });
        await ready();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
