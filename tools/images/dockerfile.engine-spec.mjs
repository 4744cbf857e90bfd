// The Dockerfile, built by a container engine. Its base image comes from no package registry: an image with the Node.js of our own
// ones stands in for it, and what `npm ci` would fetch is what is installed here.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../lib/paths.mjs';
import { freePort } from '../lib/ports.mjs';
import { startServices } from '../lib/services.mjs';
import { tempDir } from '../lib/temp.mjs';
import { configOf } from './apps.mjs';
import { makeBuilder } from './builder.mjs';
import { readLock } from './production.mjs';
import { imageUser, nodeRuntime } from './runtime.mjs';
import { LIMIT } from './size-limit.mjs';
import { stagedEntries } from './stage.mjs';
import { makeStandIn } from './stand-in.mjs';

const APP = 'product-catalog';
const RELEASE = '9.8.7-rc.1';
const IMAGE = 'localhost/built:1';
const READY_WITHIN = 180_000;
const folder = tempDir();
let builder;
let container;
let inside;

before(async () => {
  builder = await makeBuilder(join(folder, 'engine'));
  const [, base] = /^FROM (\S+) AS build$/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8'));
  await makeStandIn(builder, folder, `docker.io/library/${base}`);
  await builder.run(
    ...['bud', ...builder.policy, '--pull-never', '--network', 'host', '--tag', IMAGE],
    ...['--volume', `${realpathSync(join(root, 'node_modules'))}:/src/node_modules:ro`],
    ...['--build-arg', `APP=${APP}`, '--build-arg', `RELEASE=${RELEASE}`, root],
  );
  container = await builder.run('from', '--pull-never', IMAGE);
  const look = readFileSync(join(root, 'tools/images/look-inside.cjs'), 'utf8');
  inside = JSON.parse(await builder.run('run', container, '--', 'node', '-e', look));
});

const config = async () => JSON.parse(await builder.run('inspect', '--type', 'image', IMAGE)).OCIv1.config;

test('the image of the Dockerfile is run as those that are made without an engine, its user owns nothing in it', async () => {
  const ours = configOf(APP, { user: imageUser, version: RELEASE });
  const { User, WorkingDir, Env, Entrypoint } = await config();
  assert.deepEqual([User, WorkingDir], [ours.User, ours.WorkingDir]);
  assert.deepEqual(Entrypoint.slice(0, -1), ours.Entrypoint.slice(0, -1));
  // HOST and PORT are not the same for all apps: the file that it starts has them.
  assert.deepEqual(
    Env,
    ours.Env.filter((one) => !/^(HOST|PORT)=/.test(one)),
  );
  assert.deepEqual([inside.user, inside.folder], [imageUser, '/app']);
  assert.deepEqual(inside.refusals, ['EACCES', 'EACCES', 'EACCES', 'EACCES']);
});

test('it holds Node.js of that release, no shell, and stays below the size of an image', () => {
  assert.equal(inside.node, `v${nodeRuntime.version}`);
  const programs = inside.files.filter(({ path }) => /bin\//.test(path) && !path.startsWith('/app/'));
  assert.deepEqual(
    programs.map(({ path }) => path),
    ['/usr/bin/node'],
  );
  const size = inside.files.reduce((all, one) => all + one.size, 0);
  assert.ok(size < LIMIT, `${size} bytes`);
});

test('of the app it holds just the files of our own image, and of the packages only those for production', () => {
  const { shared, own } = stagedEntries(root, APP, RELEASE);
  const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
  const wanted = [...shared, ...own].map(({ path, from, content }) => [
    `/${path}`,
    hash(content ?? readFileSync(from)),
  ]);
  const found = inside.files.filter(({ path }) => path.startsWith('/app/'));
  assert.deepEqual(
    Object.fromEntries(found.map(({ path, hash }) => [path, hash])),
    Object.fromEntries(wanted),
  );
  const { packages } = readLock(root);
  const development = Object.keys(packages).filter((path) => packages[path].dev);
  assert.ok(development.includes('node_modules/typescript'));
  const folders = new Set(development.map((path) => `/app/${path}/package.json`));
  assert.deepEqual(
    found.filter(({ path }) => folders.has(path)),
    [],
  );
});

test('it starts, finds its servers, and says of which release it is', async (t) => {
  // Others may use those that are given, or start theirs at the ports that are.
  const own = ['MONGODB_URI', 'NATS_URL', 'QUOTEBRIDGE_MONGODB_PORT', 'QUOTEBRIDGE_NATS_PORT'];
  const env = { ...process.env, ...Object.fromEntries(own.map((name) => [name, ''])) };
  const servers = await startServices(join(folder, 'servers'), env);
  t.after(() => servers.stop());
  const port = await freePort();
  const settings = {
    HOST: '127.0.0.1',
    PORT: port,
    MONGODB_URI: servers.mongodbUri,
    NATS_URL: servers.natsUrl,
  };
  const given = Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const { Entrypoint } = await config();
  const [file, args] = builder.command('run', ...given, container, '--', ...Entrypoint);
  const child = spawn(file, args, { env: builder.env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const ask = (path) => fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
  const end = performance.now() + READY_WITHIN;
  while ((await ask('/health/ready'))?.status !== 200) {
    assert.ok(child.exitCode === null && performance.now() < end, `it is not ready: ${output.slice(-2_000)}`);
    await sleep(100);
  }
  assert.deepEqual(await (await ask('/health/live')).json(), { status: 'up', version: RELEASE });
});
