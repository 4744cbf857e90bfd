import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { startOwn, type OwnCluster } from './cluster';
import { makeNextVersion } from './next-version';
import { K } from './objects';
import { runTool } from './tools';

/** As whom the images of a test run. */
const USER = 10_001;

/** A cluster whose pods run, with the images of this checkout. */
export interface NodeCluster extends OwnCluster {
  /**
   * Runs helm on it; `charts/NAME` is a chart of this checkout, `next/charts/NAME` one of the next version. Rejects with what
   * helm said unless it succeeds.
   */
  helm(...args: readonly string[]): Promise<string>;
  /** Makes a volume that the next claim without a class gets, and that outlives its pods. */
  volume(name: string): Promise<void>;
  /** A port of loopback that leads to HOST:PORT in the cluster, such as `sales-quote.qb:8080`. */
  reach(address: string): Promise<number>;
}

/** A folder of the node as a volume: nothing else provides any on a single node. */
const volumeOf = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    capacity: { storage: '10Gi' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: `/var/lib/volumes/${name}`, type: 'Directory' },
  },
});

const forward = (wayIn: string, address: string): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((client) => {
      const target = connect(wayIn);
      target.write(`${address}\n`);
      client.pipe(target).pipe(client);
      client.on('error', () => target.destroy()).on('close', () => target.destroy());
      target.on('error', () => client.destroy()).on('close', () => client.destroy());
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

/** Makes the images, with `next` those of the next version as well, starts a cluster with a node, and imports them. */
export const startNodeCluster = async ({ next = false } = {}): Promise<NodeCluster> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qb-node-'));
  const archive = path.join(folder, 'images.tar');
  await runTool('tools/images/main.mjs', ['--archive', archive]);
  await runTool('tools/charts.mjs', ['--into', path.join(folder, 'charts')]);
  const archives = next ? [archive, await makeNextVersion(path.join(folder, 'next'))] : [archive];
  const cluster = await startOwn('--node', ...archives.flatMap((file) => ['--import', file]));
  const servers: Server[] = [];
  const env = {
    ...process.env,
    KUBECONFIG: cluster.configFile,
    HELM_CACHE_HOME: folder,
    HELM_CONFIG_HOME: folder,
    HELM_DATA_HOME: folder,
  };
  return {
    ...cluster,
    helm: (...args) => runTool('tools/cluster/helm.mjs', args, { env, cwd: folder }),
    volume: async (name) => {
      // What the node's init mounts as its /var/lib.
      const onNode = path.join(path.dirname(cluster.configFile), 'var-lib/volumes', name);
      mkdirSync(onNode, { recursive: true });
      chownSync(onNode, USER, USER);
      await cluster.admin.create(K.volume, undefined, volumeOf(name));
    },
    reach: async (address) => {
      const server = await forward(cluster.wayIn, address);
      servers.push(server);
      return (server.address() as AddressInfo).port;
    },
    stop: async () => {
      servers.forEach((server) => server.close());
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
