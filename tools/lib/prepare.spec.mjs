import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { whyInstall } from './install.mjs';
import { missingVariants, platformOf } from './lock-file.mjs';
import { lockFolder } from './lock.mjs';
import { whyMongoEnded } from './mongo.mjs';
import { whyNatsEnded } from './nats.mjs';
import { checkNode } from './node-version.mjs';
import { writableDir } from './paths.mjs';
import { wheels } from './pinned.mjs';
import { SetupError } from './say.mjs';
import { tempDir } from './temp.mjs';
import { countJest, countNodeTests } from './test-counts.mjs';
import { extract } from './unzip.mjs';
import { atLeast, versionIn } from './versions.mjs';
import { whyWheelDoesNotFit } from './wheel.mjs';

test('versions are compared part by part', () => {
  for (const [version, least, expected] of [
    ['20.19.0', '20.19.0', true],
    ['20.18.9', '20.19.0', false],
    ['20.9.0', '20.19.0', false],
    ['22.0.0', '20.19.0', true],
    ['2.36', '2.35', true],
    ['2.4', '2.35', false],
  ]) {
    assert.equal(atLeast(version, least), expected, `${version} ${least}`);
  }
  assert.equal(versionIn('db version v6.0.5\nBuild Info'), '6.0.5');
  assert.equal(versionIn('nothing'), undefined);
});

test('an old Node.js is refused with the version that is needed', () => {
  assert.throws(() => checkNode('18.20.1'), /Node\.js 20\.19\.0 or later is needed, this is 18\.20\.1/);
  assert.doesNotThrow(() => checkNode('24.1.0'));
});

const linux = (platform, glibc) => ({ platform: `linux-${platform}`, glibc });
test('a wheel that does not fit the machine says why', () => {
  assert.equal(whyWheelDoesNotFit(wheels.mongod, linux('x64', '2.36')), undefined);
  assert.match(
    whyWheelDoesNotFit(wheels.mongod, linux('x64', '2.31')),
    /needs glibc 2\.35 or later.* has 2\.31/,
  );
  assert.match(whyWheelDoesNotFit(wheels.mongod, linux('x64', undefined)), /this machine has none/);
  assert.match(
    whyWheelDoesNotFit(wheels.mongod, { platform: 'darwin-arm64' }),
    /this machine is darwin-arm64/,
  );
  assert.equal(whyWheelDoesNotFit(wheels['nats-server'], linux('arm64', '2.28')), undefined);
});

// A ZIP archive of two stored members, as the format's specification lays it out.
const archiveOf = (members) => {
  const locals = [];
  const directory = [];
  let offset = 0;
  for (const [name, text] of members) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt32LE(text.length, 18);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt32LE(text.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), Buffer.from(text));
    directory.push(entry, Buffer.from(name));
    offset += 30 + name.length + text.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
};

test('one member of an archive is written, and a damaged archive is refused', async () => {
  const folder = tempDir();
  const [archive, target] = [join(folder, 'a.zip'), join(folder, 'out')];
  const bytes = archiveOf([
    ['a/first', 'one'],
    ['b/bin/server', 'two, the server'],
  ]);
  writeFileSync(archive, bytes);
  await extract(archive, (name) => name.endsWith('/bin/server'), target, 0o755);
  assert.equal(readFileSync(target, 'utf8'), 'two, the server');
  await assert.rejects(
    extract(archive, () => false, target),
    /no such member/,
  );
  writeFileSync(archive, bytes.subarray(0, bytes.length - 30));
  await assert.rejects(
    extract(archive, () => true, target),
    /no ZIP archive/,
  );
});

test('a folder is locked once, given back, and taken over from a process that is gone', async () => {
  const folder = tempDir();
  const unlock = lockFolder(folder, 'wait');
  assert.throws(
    () => lockFolder(folder, 'wait'),
    (error) =>
      error instanceof SetupError && error.message.includes(`in use by process ${process.pid}: wait`),
  );
  unlock();
  const gone = spawn(process.execPath, ['-e', '']);
  await new Promise((done) => gone.on('close', done));
  writeFileSync(join(folder, 'lock'), `${gone.pid} 1`);
  lockFolder(folder, 'wait')();
  assert.deepEqual(readdirSync(folder), []);
});

test('a lock that a killed start was taking over is told with the file to remove', () => {
  const folder = tempDir();
  for (const file of ['lock', 'lock.guard']) writeFileSync(join(folder, file), '999999999 1');
  assert.throws(
    () => lockFolder(folder, 'wait'),
    (error) => error instanceof SetupError && error.message.endsWith(`remove ${join(folder, 'lock.guard')}.`),
  );
});

test('a folder that many starts want at the same time is given to one of them', async () => {
  const folder = tempDir();
  const script = `
    import { lockFolder } from ${JSON.stringify(new URL('./lock.mjs', import.meta.url).href)};
    const [folder, at] = process.argv.slice(1);
    while (Date.now() < Number(at));
    try { lockFolder(folder, 'wait'); process.stdout.write('got'); } catch { process.stdout.write('refused'); }
    process.stdin.resume().on('end', () => process.exit());
  `;
  for (const left of [undefined, '', '999999999 1']) {
    rmSync(join(folder, 'lock'), { force: true });
    if (left !== undefined) writeFileSync(join(folder, 'lock'), left);
    const at = String(Date.now() + 1_500);
    const starts = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script, folder, at], {
        stdio: ['pipe', 'pipe', 2],
      }),
    );
    const said = await Promise.all(
      starts.map((one) => new Promise((done) => one.stdout.once('data', (text) => done(String(text))))),
    );
    for (const one of starts) one.stdin.end();
    assert.equal(said.filter((word) => word === 'got').length, 1, `after ${JSON.stringify(left)}: ${said}`);
  }
});

test('processes that work in one folder take turns, and one that was killed at it keeps nobody waiting', async () => {
  const folder = join(tempDir(), 'made-when-missing');
  const script = `
    import { readdirSync, rmSync, writeFileSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { inTurn } from ${JSON.stringify(new URL('./lock.mjs', import.meta.url).href)};
    const [folder, kill] = process.argv.slice(1);
    await inTurn(folder, async () => {
      const others = readdirSync(folder).filter((name) => name.startsWith('at-work'));
      writeFileSync(folder + '/at-work' + process.pid, '');
      await sleep(50);
      if (kill) process.kill(process.pid, 'SIGKILL');
      rmSync(folder + '/at-work' + process.pid);
      process.stdout.write(others.length === 0 ? 'alone' : 'beside ' + others);
    });
  `;
  const run = async (...args) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder, ...args], {
      stdio: ['ignore', 'pipe', 2],
    });
    let said = '';
    child.stdout.on('data', (text) => (said += text));
    await new Promise((done) => child.on('close', done));
    return said;
  };
  await run('kill');
  const left = readdirSync(folder);
  assert.ok(left.includes('lock'), `${left}`);
  rmSync(
    join(
      folder,
      left.find((name) => name.startsWith('at-work')),
    ),
  );
  assert.deepEqual(await Promise.all([run(), run(), run(), run()]), Array(4).fill('alone'));
  assert.deepEqual(readdirSync(folder), []);
});

test(
  'a lock of a process id that was given to another process is taken over',
  { skip: process.platform !== 'linux' },
  () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'lock'), `${process.pid} 1`);
    lockFolder(folder, 'wait')();
  },
);

test('a folder that cannot be written is named with its setting', () => {
  const folder = tempDir();
  writeFileSync(join(folder, 'file'), '');
  assert.throws(
    () => writableDir(join(folder, 'file/below'), 'QUOTEBRIDGE_DATA'),
    (error) =>
      error instanceof SetupError && /cannot be written \(ENOTDIR\).*QUOTEBRIDGE_DATA/.test(error.message),
  );
});

test('dependencies are installed when they are missing or are not those of the lock file', () => {
  const base = tempDir();
  const write = (path, packages) => {
    mkdirSync(join(base, 'node_modules'), { recursive: true });
    writeFileSync(join(base, path), JSON.stringify({ packages }));
  };
  write('package-lock.json', {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', optional: true },
  });
  assert.match(whyInstall(base), /not installed yet/);
  write('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
  assert.equal(whyInstall(base), undefined);
  write('node_modules/.package-lock.json', { 'node_modules/a': { version: '0.9.0' } });
  assert.match(whyInstall(base), /are not those of package-lock\.json/);
  write('node_modules/.package-lock.json', {});
  assert.match(whyInstall(base), /are not those of package-lock\.json/);
});

test('the platform of a native package stands in its name', () => {
  assert.deepEqual(platformOf('@swc/core-linux-x64-musl'), { cpu: ['x64'], libc: ['musl'], os: ['linux'] });
  assert.deepEqual(platformOf('@x/binding-linux-arm-gnueabihf'), {
    cpu: ['arm'],
    libc: ['glibc'],
    os: ['linux'],
  });
  assert.deepEqual(platformOf('@x/y-darwin-arm64'), { cpu: ['arm64'], os: ['darwin'] });
  assert.equal(platformOf('fsevents'), undefined);
});

test('a lock file lacks the variants that its packages name and it does not have', () => {
  const host = {
    dev: true,
    license: 'MIT',
    optionalDependencies: { '@n/x-darwin-x64': '1.2.3', '@n/x-linux-x64-gnu': '1.2.3', fsevents: '^2.0.0' },
  };
  const packages = { 'node_modules/@n/x': host, 'node_modules/@n/x-linux-x64-gnu': { version: '1.2.3' } };
  const missing = missingVariants(packages);
  assert.deepEqual(Object.keys(missing), ['node_modules/@n/x-darwin-x64']);
  assert.deepEqual(missingVariants({ ...packages, ...missing }), {});
});

test('why a server ended is one sentence a person can act on', () => {
  for (const [log, expected] of [
    ['{"s":"E","attr":{"error":"DBPathInUse: Unable to lock"}}', /\/data is in use by another mongod/],
    ['{"s":"E","attr":{"error":"Address already in use"}}', /port 5 was taken/],
    ['Permission denied: "/data/journal"', /may not write to its data folder \/data/],
    ['{"s":"F","msg":"Wrong mongod version"}', /another version of MongoDB/],
    ['error while loading shared libraries: libcrypto.so.3', /it ended: .*libcrypto\.so\.3/],
    ['', /did not say why/],
  ]) {
    assert.match(whyMongoEnded(log, '/data', 5), expected);
  }
  assert.match(
    whyNatsEnded('[FTL] listen tcp: bind: address already in use', '/data', 5),
    /port 5 was taken/,
  );
  assert.match(whyNatsEnded('[FTL] could not create: permission denied', '/data', 5), /may not write/);
});

const report = (numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests = 0) =>
  JSON.stringify({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests });
test('nothing counts as passed that did not run', () => {
  assert.deepEqual(countJest(report(3, 0, 0), 0), { passed: 3, failed: 0, skipped: 0 });
  assert.deepEqual(countJest(report(3, 1, 1), 1), { passed: 3, failed: 2, skipped: 0 });
  assert.deepEqual(countJest(report(3, 0, 0), 1), { passed: 3, failed: 1, skipped: 0 });
  assert.deepEqual(countJest(report(3, 0, 0, 2), 0), { passed: 3, failed: 0, skipped: 2 });
  assert.deepEqual(countJest(report(0, 0, 0), 0), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(countJest('', 0), { passed: 0, failed: 1 });
  assert.deepEqual(countNodeTests('# pass 4\n# fail 1\n# cancelled 1\n', 1), { passed: 4, failed: 2 });
  assert.deepEqual(countNodeTests('', 0), { passed: 0, failed: 1 });
});
