import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { KubeClient, type ClusterAddress } from '@quotebridge/kubernetes/client';
import { GIVEN } from './given';
import { Guest } from './guest';

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

/** What serve.mjs tells of its cluster. */
interface Served {
  readonly url: string;
  readonly caFile: string;
  readonly token: string;
  readonly configFile: string;
  readonly wayIn?: string;
  readonly auditFile?: string;
}

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
  const { url, caFile, token, configFile, wayIn = '', auditFile } = JSON.parse(await line()) as Served;
  const address = { url, ca: readFileSync(caFile, 'utf8'), token: () => token };
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

/**
 * The cluster of KUBECONFIG when it is given, which is left as it was found, or a control plane of our own, with those options, that
 * ends with the test.
 */
export const startCluster = async (...options: readonly string[]): Promise<TestCluster> => {
  if (GIVEN === undefined) return startOwn(...options);
  const { token, ...rest } = GIVEN.address;
  const address: ClusterAddress = { ...rest, ...(token === undefined ? {} : { token: () => token }) };
  const admin = new Guest({ address, manager: 'test' });
  return {
    address,
    admin,
    stop: async () => {
      await admin.takeAway();
      await admin.close();
    },
  };
};
