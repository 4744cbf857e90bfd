import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newConnector, renamed } from './new-connector.mjs';
import { root } from './paths.mjs';
import { tempDir } from './temp.mjs';

const copyOf = () => {
  const folder = tempDir();
  for (const path of [
    'libs/connectors/fake',
    'libs/sandbox/fake',
    'test/e2e/connectors/fake.e2e-spec.ts',
    'tsconfig.base.json',
  ])
    cpSync(join(root, path), join(folder, path), { recursive: true });
  return folder;
};

test('a new connector has its own names everywhere, and its aliases lead to its files', async () => {
  const folder = copyOf();
  const written = await newConnector(folder, 'acme-crm');
  assert.ok(written.includes('libs/connectors/acme-crm/src/definition.ts'));
  assert.ok(written.includes('test/e2e/connectors/acme-crm.e2e-spec.ts'));
  for (const path of written.filter((one) => !one.includes('tsconfig')))
    assert.doesNotMatch(readFileSync(join(folder, path), 'utf8'), /fake/i, path);
  const { paths } = JSON.parse(readFileSync(join(folder, 'tsconfig.base.json'), 'utf8')).compilerOptions;
  for (const kind of ['connectors', 'sandbox'])
    assert.ok(existsSync(join(folder, paths[`@quotebridge/${kind}/acme-crm`][0])));
});

test('names become words of code and of paths', () => {
  assert.equal(
    renamed(
      "import { fake } from '@quotebridge/connectors/fake'; FAKE_X; FakeClient; title: 'Fake'",
      'acme-crm',
    ),
    "import { acmeCrm } from '@quotebridge/connectors/acme-crm'; ACME_CRM_X; AcmeCrmClient; title: 'Acme Crm'",
  );
});

test('a wrong name or one that is taken writes nothing', async () => {
  const folder = copyOf();
  for (const name of [undefined, 'Acme', '../x', 'a_b', '-a', 'fake'])
    await assert.rejects(newConnector(folder, name), /name of lower-case words|already/);
  assert.ok(!existsSync(join(folder, 'libs/connectors/Acme')));
});
