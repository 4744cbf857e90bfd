import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { KubeClient, type ClusterAddress } from '@quotebridge/kubernetes/client';
import { parse } from 'yaml';

/** An API server to test on, and an administrator of it. */
export interface TestCluster {
  readonly address: ClusterAddress;
  readonly admin: KubeClient;
  /** Ends the API server and starts it again; absent for a cluster that is not ours. */
  readonly restartApi?: () => Promise<void>;
  readonly stopApi?: () => Promise<void>;
  readonly startApi?: () => Promise<void>;
  /** What service accounts have asked, a JSON object a line; only where `--audit` was asked for. */
  readonly auditFile?: string;
  stop(): Promise<void>;
}

const SERVE = path.resolve(__dirname, '../../../tools/cluster/serve.mjs');

interface KubeConfig {
  readonly 'current-context': string;
  readonly contexts: readonly {
    readonly name: string;
    readonly context: { cluster: string; user: string };
  }[];
  readonly clusters: readonly { readonly name: string; readonly cluster: Record<string, string> }[];
  readonly users: readonly { readonly name: string; readonly user: Record<string, string> }[];
}

const pem = (part: Record<string, string>, name: string): string | undefined => {
  const data = part[`${name}-data`];
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  const file = part[name];
  return file === undefined ? undefined : readFileSync(file, 'utf8');
};

/** What a kubeconfig says of its current context. */
const addressIn = (file: string): ClusterAddress => {
  const config = parse(readFileSync(file, 'utf8')) as KubeConfig;
  const context = config.contexts.find(({ name }) => name === config['current-context'])?.context;
  const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config.users.find(({ name }) => name === context?.user)?.user ?? {};
  if (cluster?.['server'] === undefined) throw new Error(`${file} names no cluster`);
  const [ca, cert, key] = [
    pem(cluster, 'certificate-authority'),
    pem(user, 'client-certificate'),
    pem(user, 'client-key'),
  ];
  return {
    url: cluster['server'],
    token: () => user['token'],
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
};

const clientFor = (address: ClusterAddress): KubeClient => new KubeClient({ address, manager: 'test' });

/** A cluster of our own, with what the tests of pods need besides. */
export interface OwnCluster extends TestCluster {
  readonly configFile: string;
  /** Socket into its network; only with a node. */
  readonly wayIn: string;
}

/** Starts tools/cluster/serve.mjs with those options; the cluster ends with the test. */
export const startOwn = async (...options: readonly string[]): Promise<OwnCluster> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qb-cluster-'));
  const child = spawn(process.execPath, [SERVE, path.join(folder, 'plane'), ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('The control plane ended; its reason stands above');
    return String(value);
  };
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const command = (name: string) => async (): Promise<void> => {
    child.stdin.write(`${name}\n`);
    const answer = await line();
    if (answer !== 'done') throw new Error(`The control plane said ${answer}`);
  };
  const {
    configFile,
    wayIn = '',
    auditFile,
  } = JSON.parse(await line()) as { configFile: string; wayIn?: string; auditFile?: string };
  const address = addressIn(configFile);
  const admin = clientFor(address);
  return {
    address,
    admin,
    configFile,
    wayIn,
    ...(auditFile === undefined ? {} : { auditFile }),
    restartApi: command('restart-api'),
    stopApi: command('stop-api'),
    startApi: command('start-api'),
    stop: async () => {
      await admin.close();
      await stop();
    },
  };
};

/** The cluster of KUBECONFIG when it is given, or a control plane of our own, with those options, that ends with the test. */
export const startCluster = async (...options: readonly string[]): Promise<TestCluster> => {
  const given = process.env['KUBECONFIG'] ?? '';
  if (given === '') return startOwn(...options);
  const address = addressIn(given);
  const admin = clientFor(address);
  return { address, admin, stop: () => admin.close() };
};
