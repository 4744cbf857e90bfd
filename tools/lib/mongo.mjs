import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { previousIsGone, startServer } from './child.mjs';
import { lastLines } from './exec.mjs';
import { tailOf } from './log-tail.mjs';
import { writableDir } from './paths.mjs';
import { oldest } from './pinned.mjs';
import { freePort, isFree } from './ports.mjs';
import { SetupError } from './say.mjs';
import { atLeast } from './versions.mjs';

const REPLICA_SET = 'quotebridge';
const UP_WITHIN = 90_000;
const LOOK_EVERY = 100;

// The driver comes with mongoose; loaded late, because `npm ci` may have run only just now.
const connectTo = async (uri, timeout) => {
  const { default: mongoose } = await import('mongoose');
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: timeout });
  return client.connect().catch(async (error) => {
    await client.close();
    throw error;
  });
};

const reasons = [
  [
    /DBPathInUse|Unable to lock/,
    (dbPath) =>
      `its data folder ${dbPath} is in use by another mongod: stop that one, or name another folder`,
  ],
  [
    /Address already in use/,
    (_, port) => `port ${port} was taken by another program: free it, or name another`,
  ],
  [
    /Permission denied|Read-only file system|read-only directory|Operation not permitted/,
    (dbPath) => `it may not write to its data folder ${dbPath}`,
  ],
  [
    /UPGRADE PROBLEM|Wrong mongod version|version of MongoDB is too (recent|old)|Invalid feature compatibility/i,
    (dbPath) =>
      `the data in ${dbPath} comes from another version of MongoDB: use that one, or remove the folder`,
  ],
  [/No space left on device/, (dbPath) => `the disk of ${dbPath} is full`],
];

/** Why mongod ended, out of its log and output, as the rest of a sentence. */
export const whyMongoEnded = (text, dbPath, port) => {
  const known = reasons.find(([pattern]) => pattern.test(text));
  if (known !== undefined) return known[1](dbPath, port);
  const said = text
    .split('\n')
    .filter((line) => /"s":"[FE]"/.test(line) || !line.startsWith('{'))
    .join('\n');
  return `it ended: ${lastLines(said, 1).slice(0, 400) || 'it did not say why'}`;
};

const isCode = (error, name) => error?.codeName === name;

/** Makes the set of this one member, or sees that it is; false when mongod is about to find out that it is one already. */
export const initiate = async (admin, host) => {
  const members = [{ _id: 0, host }];
  try {
    const { config } = await admin.command({ replSetGetConfig: 1 });
    if (config.members.length === 1 && config.members[0].host === host) return true;
    // The data is of an earlier run on another port: the set knows itself by an address that is gone.
    await admin.command({
      replSetReconfig: { ...config, members, version: config.version + 1 },
      force: true,
    });
  } catch (error) {
    if (!isCode(error, 'NotYetInitialized')) throw error;
    try {
      await admin.command({ replSetInitiate: { _id: REPLICA_SET, members } });
    } catch (refusal) {
      // On a slow disk it answers before it has read what it was.
      if (!isCode(refusal, 'AlreadyInitialized')) throw refusal;
      return false;
    }
  }
  return true;
};

const untilPrimary = async (admin, server, end) => {
  while (performance.now() < end && !server.over) {
    const { isWritablePrimary } = await admin.command({ hello: 1 });
    if (isWritablePrimary) return true;
    await sleep(LOOK_EVERY);
  }
  return false;
};

const bringUp = async (server, port) => {
  const end = performance.now() + UP_WITHIN;
  while (performance.now() < end && !server.over) {
    let client;
    try {
      client = await connectTo(`mongodb://127.0.0.1:${port}/?directConnection=true`, 1_000);
      const admin = client.db('admin');
      if (!(await initiate(admin, `127.0.0.1:${port}`))) await sleep(LOOK_EVERY);
      else if (await untilPrimary(admin, server, end)) return true;
    } catch (error) {
      if (client !== undefined && !/Mongo(Network|ServerSelection)/.test(error.name)) throw error;
      await sleep(LOOK_EVERY);
    } finally {
      await client?.close();
    }
  }
  return false;
};

/**
 * Starts mongod as a replica set of one node on the loopback address and waits until it takes writes.
 * @param {{ file: string, dbPath: string, port?: number, cacheGb?: number }} options port: a free one unless given
 * @returns {Promise<{ uri: string, port: number, stop: () => Promise<void>, exited: Promise<object> }>}
 */
export const startMongo = async ({ file, dbPath, port: wanted, cacheGb = 1 }) => {
  writableDir(dbPath, 'QUOTEBRIDGE_DATA');
  const pidFile = `${dbPath}.pid`;
  if (!(await previousIsGone(pidFile))) {
    throw new SetupError(
      `MongoDB did not come up: the mongod of an earlier run still uses ${dbPath}; stop it.`,
    );
  }
  if (wanted !== undefined && !(await isFree(wanted))) {
    throw new SetupError(`MongoDB did not come up: port ${wanted} is taken by another program.`);
  }
  const port = wanted ?? (await freePort());
  const log = `${dbPath}.log`;
  rmSync(log, { force: true });
  const args = [
    '--dbpath',
    dbPath,
    '--port',
    String(port),
    '--bind_ip',
    '127.0.0.1',
    '--replSet',
    REPLICA_SET,
  ];
  // What a crashed process held in a transaction is free again soon (MongoDB waits a minute otherwise).
  args.push('--setParameter', 'transactionLifetimeLimitSeconds=10');
  args.push('--logpath', log, '--quiet', '--oplogSize', '512', '--wiredTigerCacheSizeGB', String(cacheGb));
  if (process.platform !== 'win32') args.push('--nounixsocket');
  const server = startServer(file, args, { pidFile });
  const up = await bringUp(server, port).catch(async (error) => {
    await server.stop();
    throw new SetupError(`MongoDB did not come up: ${error.message}`);
  });
  if (!up) {
    const late = server.over
      ? undefined
      : `it took no writes within ${UP_WITHIN / 1000} seconds (log: ${log})`;
    await server.stop();
    const { output } = await server.exited;
    const why = late ?? whyMongoEnded(`${tailOf(log)}\n${output}`, dbPath, port);
    throw new SetupError(`MongoDB did not come up: ${why}.`);
  }
  const uri = `mongodb://127.0.0.1:${port}/?replicaSet=${REPLICA_SET}`;
  return { uri, port, stop: server.stop, exited: server.exited };
};

/** Proves that the MongoDB of an address can be used: it answers, is new enough and is a replica set. */
export const checkMongo = async (uri) => {
  let client;
  try {
    client = await connectTo(uri, 10_000);
  } catch (error) {
    throw new SetupError(`MONGODB_URI is set, but that server does not answer: ${error.message}`);
  }
  try {
    const admin = client.db('admin');
    const { setName, msg } = await admin.command({ hello: 1 });
    const { version } = await admin.command({ buildInfo: 1 });
    if (setName === undefined && msg !== 'isdbgrid') {
      throw new SetupError('MONGODB_URI names a server that is no replica set: transactions need one.');
    }
    if (!atLeast(version, oldest.mongod)) {
      throw new SetupError(`MONGODB_URI names MongoDB ${version}: ${oldest.mongod} or later is needed.`);
    }
    return version;
  } finally {
    await client.close();
  }
};
