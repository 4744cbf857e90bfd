import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from '../lib/child.mjs';
import { lastLines } from '../lib/exec.mjs';
import { freePort } from '../lib/ports.mjs';
import { SetupError } from '../lib/say.mjs';

const UP_WITHIN = 120_000;
const LOOK_EVERY = 200;
const CLUSTER = 'quotebridge';

// What needs no kubelet: deleted owners take their children along, namespaces empty themselves.
const CONTROLLERS = ['garbage-collector-controller', 'namespace-controller', 'serviceaccount-controller'];

/** Writes a file that only its owner may read. */
export const write = (file, text) => {
  writeFileSync(file, text, { mode: 0o600 });
  return file;
};

/** A kubeconfig with one user who has a token. */
export const kubeconfig = ({ url, caFile, token }) => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': CLUSTER,
  clusters: [{ name: CLUSTER, cluster: { server: url, 'certificate-authority': caFile } }],
  users: [{ name: 'admin', user: { token } }],
  contexts: [{ name: CLUSTER, context: { cluster: CLUSTER, user: 'admin' } }],
});

/** Whether the API server at `url` says that it is ready. */
export const isReady = (url, caFile, token) =>
  new Promise((done) => {
    if (!existsSync(caFile)) return done(false);
    const options = {
      ca: readFileSync(caFile),
      headers: { authorization: `Bearer ${token}` },
      timeout: 2_000,
    };
    const call = request(`${url}/readyz`, options, (answer) => {
      answer.resume();
      done(answer.statusCode === 200);
    });
    call.on('error', () => done(false));
    call.on('timeout', () => call.destroy());
    call.end();
  });

const etcdArgs = (data, client, peer) => [
  ...['--name', 'n', '--data-dir', data, '--unsafe-no-fsync', '--log-level', 'warn'],
  ...['--listen-client-urls', client, '--advertise-client-urls', client],
  ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `n=${peer}`],
];

// Who asked for what, of those that are no administrators.
const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata', userGroups: ['system:serviceaccounts'] }, { level: 'None' }],
};

const auditArgs = (folder, file) => [
  `--audit-policy-file=${write(join(folder, 'audit-policy.json'), JSON.stringify(AUDIT_POLICY))}`,
  `--audit-log-path=${file}`,
];

const apiserverArgs = ({ etcd, port, pki, tokens, saKey }) => [
  `--etcd-servers=${etcd}`,
  '--bind-address=127.0.0.1',
  '--advertise-address=127.0.0.1',
  `--secure-port=${port}`,
  `--cert-dir=${pki}`,
  `--token-auth-file=${tokens}`,
  '--authorization-mode=RBAC',
  '--service-cluster-ip-range=10.96.0.0/16',
  '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
  `--service-account-key-file=${saKey}`,
  `--service-account-signing-key-file=${saKey}`,
  // As on platforms that let nobody hold up the deletion of what he may not change.
  '--enable-admission-plugins=OwnerReferencesPermissionEnforcement',
  '--endpoint-reconciler-type=none',
  '--profiling=false',
];

/**
 * Starts etcd, kube-apiserver and the controllers that need no kubelet as plain processes on loopback, and waits
 * until the API is ready. Certificates and tokens are made anew in `folder`; the processes end with this one. With
 * `audit` the API server writes down what service accounts ask of it.
 */
export const startControlPlane = async ({ folder, files, audit = false }) => {
  rmSync(folder, { recursive: true, force: true });
  const pki = join(folder, 'pki');
  mkdirSync(pki, { recursive: true, mode: 0o700 });
  const token = randomBytes(24).toString('hex');
  const tokens = write(join(folder, 'tokens.csv'), `${token},admin,admin,"system:masters"\n`);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const saKey = write(join(pki, 'sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }));
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const url = `https://127.0.0.1:${port}`;
  const caFile = join(pki, 'apiserver.crt');
  const configFile = write(
    join(folder, 'kubeconfig'),
    `${JSON.stringify(kubeconfig({ url, caFile, token }), null, 1)}\n`,
  );
  const start = (name, args) => startServer(files[name], args, { pidFile: join(folder, `${name}.pid`) });

  const etcd = start('etcd', etcdArgs(join(folder, 'etcd'), etcdUrl, `http://127.0.0.1:${peerPort}`));
  const auditFile = audit ? join(folder, 'audit.log') : undefined;
  const args = [
    ...apiserverArgs({ etcd: etcdUrl, port, pki, tokens, saKey }),
    ...(auditFile === undefined ? [] : auditArgs(folder, auditFile)),
  ];
  let apiserver = start('kube-apiserver', args);
  const untilReady = async () => {
    const end = performance.now() + UP_WITHIN;
    while (performance.now() < end && !apiserver.over && !etcd.over) {
      if (await isReady(url, caFile, token)) return;
      await sleep(LOOK_EVERY);
    }
    const ended = etcd.over ? etcd : apiserver;
    await ended.stop();
    const { output } = await ended.exited;
    throw new SetupError(`The API server did not become ready: ${lastLines(output, 2).slice(0, 600)}`);
  };
  const stopAll = async (...servers) => {
    for (const server of servers) await server?.stop();
  };
  try {
    await untilReady();
  } catch (error) {
    await stopAll(apiserver, etcd);
    throw error;
  }
  const controllers = start('kube-controller-manager', [
    `--kubeconfig=${configFile}`,
    '--leader-elect=false',
    '--secure-port=0',
    `--controllers=${CONTROLLERS.join(',')}`,
    `--root-ca-file=${caFile}`,
    '--kube-api-qps=200',
    '--kube-api-burst=300',
  ]);
  return {
    url,
    caFile,
    token,
    configFile,
    auditFile,
    stopApi: () => apiserver.stop(),
    startApi: async () => {
      apiserver = start('kube-apiserver', args);
      await untilReady();
    },
    stop: () => stopAll(controllers, apiserver, etcd),
  };
};
