import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startOwn, type OwnCluster } from './cluster';

const ROOT = path.resolve(__dirname, '../../..');

/** A cluster whose pods run, with the images of this checkout. */
export interface NodeCluster extends OwnCluster {
  /** Runs helm on it; `charts/NAME` is a chart of this checkout. Throws with what helm said unless it succeeds. */
  helm(...args: readonly string[]): string;
  /** A port of loopback that leads to HOST:PORT in the cluster, such as `sales-quote.qb:8080`. */
  reach(address: string): Promise<number>;
}

const run = (script: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd = ROOT): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(ROOT, script), ...args], {
    encoding: 'utf8',
    env,
    cwd,
  });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')}: ${stderr}${stdout}`);
  return stdout;
};

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

/** Makes the images, starts a cluster with a node, and imports them. */
export const startNodeCluster = async (): Promise<NodeCluster> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qb-node-'));
  const archive = path.join(folder, 'images.tar');
  run('tools/images/main.mjs', ['--archive', archive], process.env);
  run('tools/charts.mjs', ['--into', path.join(folder, 'charts')], process.env);
  const cluster = await startOwn('--node', '--import', archive);
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
    helm: (...args) => run('tools/cluster/helm.mjs', args, env, folder),
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
