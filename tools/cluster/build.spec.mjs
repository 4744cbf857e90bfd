import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SetupError } from '../lib/say.mjs';
import { tempDir } from '../lib/temp.mjs';
import { closingLines, jestProofs, sum } from '../lib/test-counts.mjs';
import { clusterPrograms } from './build.mjs';
import { programs } from './programs.mjs';

test('where nothing can be built, one sentence says why and what helps', async () => {
  await assert.rejects(clusterPrograms({ PATH: '', QUOTEBRIDGE_CACHE: tempDir() }), (error) => {
    assert.ok(error instanceof SetupError);
    assert.match(error.message, /^No Kubernetes API server can be made here: .+\. Set KUBECONFIG .+\.$/);
    return true;
  });
});

test('what is in the cache in the pinned version is not built again, another version is', async () => {
  const folder = tempDir();
  mkdirSync(join(folder, 'cluster'));
  const put = (name, version) => writeFileSync(join(folder, 'cluster', `${name}-${version}`), '');
  for (const { name, version } of Object.values(programs)) put(name, version);
  const env = { PATH: '', QUOTEBRIDGE_CACHE: folder };
  const files = await clusterPrograms(env);
  assert.deepEqual(Object.keys(files), ['etcd', 'kube-apiserver', 'kube-controller-manager']);
  const other = tempDir();
  mkdirSync(join(other, 'cluster'));
  writeFileSync(join(other, 'cluster', 'kube-apiserver-1.0.0'), '');
  await assert.rejects(clusterPrograms({ PATH: '', QUOTEBRIDGE_CACHE: other }), SetupError);
});

test('the versions are those of the Go modules, and of a program of our own its source as well', () => {
  const own = ['prometheus'];
  for (const { name, version } of Object.values(programs))
    assert.match(version, own.includes(name) ? /^\d+\.\d+\.\d+-[0-9a-f]{8}$/ : /^\d+\.\d+\.\d+$/);
});

test('what was proved is told by subject, and only what passed', () => {
  const one = (status, subject, title) => ({ status, ancestorTitles: [subject], title });
  const assertionResults = [one('passed', 'a', 'is'), one('failed', 'a', 'is not'), one('passed', 'b', 'is')];
  const text = JSON.stringify({ testResults: [{ assertionResults }] });
  assert.deepEqual(jestProofs(text), ['a', '  is', 'b', '  is']);
  assert.deepEqual(jestProofs(''), []);
});

test('a skipped step is neither passed nor failed, and is told', () => {
  const counts = sum([
    { passed: 2, failed: 0 },
    sum([{ passed: 1, failed: 1 }]),
    { passed: 0, failed: 0, skipped: 1 },
  ]);
  assert.deepEqual(closingLines(counts), ['1 skipped, neither passed nor failed', '3 passed, 1 failed']);
  assert.deepEqual(closingLines(sum([{ passed: 3, failed: 0 }])), ['3 passed, 0 failed']);
});
