import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec, lastLines } from '../../lib/exec.mjs';
import { SetupError } from '../../lib/say.mjs';
import { API, NODE } from './addresses.mjs';

const NAMES = [
  'localhost',
  'kubernetes',
  ...['', '.svc', '.svc.cluster.local'].map((end) => `kubernetes.default${end}`),
];

const openssl = (folder, args) =>
  exec('openssl', args, { cwd: folder }).then(({ code, stderr }) => {
    if (code !== 0) throw new SetupError(`openssl ${args[0]}: ${lastLines(stderr, 2)}`);
  });

const EXTENSIONS = [
  '[req]',
  'distinguished_name=dn',
  '[dn]',
  '[ca]',
  'basicConstraints=critical,CA:TRUE',
  'keyUsage=critical,keyCertSign,digitalSignature',
  '[server]',
  'extendedKeyUsage=serverAuth',
  `subjectAltName=${[...NAMES.map((name) => `DNS:${name}`), ...['127.0.0.1', API.ip, NODE.ip].map((ip) => `IP:${ip}`)].join(',')}`,
  '[client]',
  'extendedKeyUsage=clientAuth',
].join('\n');

const newKey = (folder, name) =>
  openssl(folder, ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`]);

const signed = async (folder, name, subject, kind) => {
  await newKey(folder, name);
  await openssl(folder, [
    'req',
    '-new',
    '-config',
    'openssl.cnf',
    '-key',
    `${name}.key`,
    '-subj',
    subject,
    '-out',
    `${name}.csr`,
  ]);
  await openssl(folder, [
    ...[
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '365',
    ],
    ...['-extfile', 'openssl.cnf', '-extensions', kind, '-out', `${name}.crt`],
  ]);
};

/** Who may talk to the API server besides pods: name → groups. */
const USERS = {
  admin: 'system:masters',
  'system:kube-controller-manager': '',
  'system:kube-scheduler': '',
  [`system:node:${NODE.name}`]: 'system:nodes',
  'system:kube-proxy': '',
};

/**
 * Makes the certificates, keys and tokens of a cluster in `folder` (nobody else may read it). Gives `tokenOf(user)`;
 * files: ca, apiserver, kubelet-client and front-proxy each .crt and .key, sa.key, tokens.csv.
 */
export const makePki = async (folder) => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const put = (name, text) => writeFileSync(join(folder, name), text, { mode: 0o600 });
  put('openssl.cnf', `${EXTENSIONS}\n`);
  await newKey(folder, 'ca');
  await openssl(folder, [
    ...['req', '-x509', '-new', '-config', 'openssl.cnf', '-extensions', 'ca', '-key', 'ca.key'],
    ...['-subj', '/CN=quotebridge-ca', '-days', '365', '-out', 'ca.crt'],
  ]);
  await signed(folder, 'apiserver', '/CN=kube-apiserver', 'server');
  await signed(folder, 'kubelet-client', '/O=system:masters/CN=apiserver-kubelet-client', 'client');
  await signed(folder, 'front-proxy', '/CN=front-proxy-client', 'client');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  put('sa.key', privateKey.export({ type: 'pkcs1', format: 'pem' }));
  const tokens = Object.fromEntries(
    Object.keys(USERS).map((user) => [user, randomBytes(24).toString('hex')]),
  );
  put(
    'tokens.csv',
    Object.entries(USERS)
      .map(([user, group]) => `${tokens[user]},${user},${user}${group === '' ? '' : `,"${group}"`}\n`)
      .join(''),
  );
  return { tokenOf: (user) => tokens[user] };
};
