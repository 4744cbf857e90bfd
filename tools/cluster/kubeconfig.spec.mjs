import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SetupError } from '../lib/say.mjs';
import { addressIn, givenFile } from './kubeconfig.mjs';

const CLUSTER = { server: 'https://k.example.com:6443/', 'certificate-authority-data': 'Q0E=' };
const read = (cluster, user, more = {}) => {
  const config = {
    'current-context': 'one',
    contexts: [
      { name: 'other', context: { cluster: 'b', user: 'b' } },
      { name: 'one', context: { cluster: 'a', user: 'a' } },
    ],
    clusters: [
      { name: 'b', cluster: { server: 'https://b.example.com' } },
      { name: 'a', cluster },
    ],
    users: [
      { name: 'b', user: { token: 'of b' } },
      { name: 'a', user },
    ],
    ...more,
  };
  return addressIn('/home/x/config', (path) =>
    path === '/home/x/config' ? JSON.stringify(config) : `text of ${path}\n`,
  );
};

test('the current context of several says who the user is: by token, by certificate as data or as files beside it', () => {
  const url = 'https://k.example.com:6443';
  const known = ({ ...found }) => JSON.parse(JSON.stringify(found));
  assert.deepEqual(known(read(CLUSTER, { token: 't' })), { url, ca: 'CA', token: 't' });
  assert.deepEqual(known(read(CLUSTER, { tokenFile: 'token' })), {
    url,
    ca: 'CA',
    token: 'text of /home/x/token',
  });
  assert.deepEqual(
    known(read(CLUSTER, { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' })),
    {
      url,
      ca: 'CA',
      cert: 'CERT',
      key: 'KEY',
    },
  );
  const files = read(
    { server: url, 'certificate-authority': '/etc/ca.crt' },
    { 'client-certificate': 'pki/me.crt', 'client-key': 'pki/me.key' },
  );
  assert.deepEqual(known(files), {
    url,
    ca: 'text of /etc/ca.crt\n',
    cert: 'text of /home/x/pki/me.crt\n',
    key: 'text of /home/x/pki/me.key\n',
  });
});

test('what the tests do not know is refused with what would do', () => {
  const refused = (make, message) =>
    assert.throws(make, (error) => error instanceof SetupError && message.test(error.message));
  refused(() => read(CLUSTER, { exec: { command: 'aws' } }), /user has `exec`.*kubectl create token/);
  refused(() => read(CLUSTER, { 'auth-provider': { name: 'gcp' } }), /auth-provider/);
  refused(() => read(CLUSTER, { username: 'u', password: 'p' }), /username.*a token or a client certificate/);
  refused(() => read({ ...CLUSTER, 'insecure-skip-tls-verify': true }, { token: 't' }), /authority-data/);
  refused(() => read({ ...CLUSTER, 'proxy-url': 'http://p' }, { token: 't' }), /proxy-url/);
  refused(() => read(CLUSTER, {}), /the user a has neither a token nor a client certificate with its key/);
  refused(() => read(CLUSTER, { 'client-certificate-data': 'Q0VSVA==' }), /neither/);
  refused(() => read({}, { token: 't' }), /names no cluster with a server/);
  refused(() => read(CLUSTER, {}, { 'current-context': 'no' }), /no is none of its contexts: other, one/);
  refused(() => read(CLUSTER, {}, { 'current-context': '' }), /is not set/);
  refused(() => addressIn('/no/such/file'), /cannot be read: ENOENT/);
  assert.deepEqual(read({ ...CLUSTER, 'insecure-skip-tls-verify': false }, { token: 't' }).token, 't');
});

test('KUBECONFIG names one file or none', () => {
  assert.equal(givenFile({}), undefined);
  assert.equal(givenFile({ KUBECONFIG: '' }), undefined);
  assert.equal(givenFile({ KUBECONFIG: '/a' }), '/a');
  assert.throws(() => givenFile({ KUBECONFIG: '/a:/b' }), /names 2 files/);
});
