import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { isRunning } from './child.mjs';
import { checkMongo, initiate, startMongo } from './mongo.mjs';
import { checkNats, startNats } from './nats.mjs';
import { root } from './paths.mjs';
import { SetupError } from './say.mjs';
import { findBinary, startServices } from './services.mjs';
import { tempDir } from './temp.mjs';

let mongod;
let natsServer;
before(async () => {
  mongod = (await findBinary('mongod')).file;
  natsServer = (await findBinary('nats-server')).file;
});

const sentence = (pattern) => (error) => error instanceof SetupError && pattern.test(error.message);

const withClient = async (uri, use) => {
  const client = await new mongoose.mongo.MongoClient(uri).connect();
  try {
    return await use(client);
  } finally {
    await client.close();
  }
};

/** Takes a port, any unless given, until the test has ended. */
const holding = async (t, port = 0) => {
  // Whoever is called there hangs up: mongod would wait half a minute for its own old address.
  const server = createServer((socket) => socket.destroy());
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  t.after(() => server.close());
  return server.address().port;
};

test('MongoDB takes transactions, and its data is there at the next start on another port', async (t) => {
  const dbPath = join(tempDir(), 'mongodb');
  const first = await startMongo({ file: mongod, dbPath });
  await withClient(first.uri, (client) =>
    client.withSession((session) =>
      session.withTransaction(() => client.db('a').collection('b').insertOne({ _id: 'kept' }, { session })),
    ),
  );
  await first.stop();
  await holding(t, first.port);
  const second = await startMongo({ file: mongod, dbPath });
  t.after(() => second.stop());
  assert.notEqual(second.port, first.port);
  assert.deepEqual(await withClient(second.uri, (client) => client.db('a').collection('b').findOne({})), {
    _id: 'kept',
  });
});

test('a server that does not know yet that it is a replica set is looked at again', async () => {
  const refusing = (codeName) => Promise.reject(Object.assign(new Error(codeName), { codeName }));
  const config = { _id: 'quotebridge', version: 1, members: [{ _id: 0, host: 'h:1' }] };
  let looks = 0;
  const admin = {
    command: ({ replSetGetConfig }) => {
      if (replSetGetConfig === undefined) return refusing('AlreadyInitialized');
      looks += 1;
      return looks === 1 ? refusing('NotYetInitialized') : Promise.resolve({ config });
    },
  };
  assert.deepEqual([await initiate(admin, 'h:1'), await initiate(admin, 'h:1')], [false, true]);
});

test('a second server on the same data folder is refused with a sentence', async (t) => {
  const folder = tempDir();
  const mongo = await startMongo({ file: mongod, dbPath: join(folder, 'mongodb') });
  t.after(() => mongo.stop());
  // Not its pid file but mongod itself refuses: another program may have started the first one.
  const { rmSync } = await import('node:fs');
  rmSync(join(folder, 'mongodb.pid'));
  await assert.rejects(
    startMongo({ file: mongod, dbPath: join(folder, 'mongodb') }),
    sentence(/in use by another mongod/),
  );
});

test('a port that is taken is refused with a sentence', async (t) => {
  const folder = tempDir();
  const port = await holding(t);
  await assert.rejects(
    startMongo({ file: mongod, dbPath: join(folder, 'mongodb'), port }),
    sentence(new RegExp(`port ${port} is taken`)),
  );
  await assert.rejects(
    startNats({ file: natsServer, storeDir: join(folder, 'nats'), port }),
    sentence(new RegExp(`port ${port} is taken`)),
  );
});

test('a file that is no server is reported with what it said', async () => {
  const folder = tempDir();
  await assert.rejects(
    startMongo({ file: process.execPath, dbPath: join(folder, 'mongodb') }),
    sentence(/MongoDB did not come up: it ended: .*bad option/),
  );
});

test('an address in the environment is used as it is, and one that does not answer is named', async (t) => {
  const nats = await startNats({ file: natsServer, storeDir: join(tempDir(), 'nats') });
  t.after(() => nats.stop());
  assert.match(await checkNats(nats.url), /^\d+\.\d+/);
  const closed = 'nats://127.0.0.1:1';
  await assert.rejects(checkNats('::::'), sentence(/NATS_URL is no address of a NATS server/));
  await assert.rejects(checkNats('http://127.0.0.1:1'), sentence(/NATS_URL is no address of a NATS server/));
  await assert.rejects(checkNats(closed), sentence(/NATS_URL is set, but that server does not answer/));
  await assert.rejects(
    checkMongo('mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200'),
    sentence(/MONGODB_URI is set, but that server does not answer/),
  );
});

test('a port setting that is no port is refused with what is expected', async () => {
  await assert.rejects(
    startServices(tempDir(), { ...process.env, MONGODB_URI: '', QUOTEBRIDGE_MONGODB_PORT: '99999' }),
    sentence(/QUOTEBRIDGE_MONGODB_PORT is "99999": expected a port number/),
  );
});

test('a folder that neither server can use is told once', async () => {
  const file = join(tempDir(), 'file');
  writeFileSync(file, '');
  const env = { ...process.env, MONGODB_URI: '', NATS_URL: '', PATH: '', QUOTEBRIDGE_CACHE: file };
  await assert.rejects(
    startServices(tempDir(), env),
    (error) => error instanceof SetupError && error.message.split('QUOTEBRIDGE_CACHE').length === 2,
  );
});

test('servers end when the process that started them is killed', async () => {
  const folder = tempDir();
  const script = `
    import { readFileSync } from 'node:fs';
    import { startNats } from ${JSON.stringify(join(root, 'tools/lib/nats.mjs'))};
    await startNats({ file: ${JSON.stringify(natsServer)}, storeDir: ${JSON.stringify(join(folder, 'nats'))} });
    process.stdout.write(readFileSync(${JSON.stringify(join(folder, 'nats.pid'))}, 'utf8'));
  `;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 2],
  });
  const pid = Number(await new Promise((done) => owner.stdout.once('data', done)));
  assert.equal(isRunning(pid), true);
  owner.kill('SIGKILL');
  for (let waited = 0; isRunning(pid) && waited < 60_000; waited += 50) await sleep(50);
  assert.equal(isRunning(pid), false);
});
