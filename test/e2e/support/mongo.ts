import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mongo } from 'mongoose';
import { startChild, type Child } from './child';
import { eventually } from './eventually';
import { freePort } from './free-port';

/** A MongoDB replica set for one test file. */
export interface TestMongo {
  readonly uri: string;
  /** A database name that nobody else uses; the database is dropped at the end. */
  database(word: string): string;
  /** A connected client, closed at the end. */
  client(): Promise<mongo.MongoClient>;
  stop(): Promise<void>;
}

/** A MongoDB of the test's own, which it may kill. */
export interface OwnMongo extends TestMongo {
  /** Ends the server without warning (SIGKILL). */
  kill(): Promise<void>;
  /** Brings it up again on the same port and data. */
  restart(): Promise<void>;
  /** Copies what is on its disk into an empty folder while it holds back writes: what a snapshot of its volume has. */
  snapshot(folder: string): Promise<void>;
}

const testMongo = (uri: string, end: () => Promise<void>): TestMongo => {
  const databases: string[] = [];
  let connected: Promise<mongo.MongoClient> | undefined;
  const client = (): Promise<mongo.MongoClient> => {
    connected ??= new mongo.MongoClient(uri).connect();
    return connected;
  };
  return {
    uri,
    client,
    database: (word) => {
      const name = `${word}-${randomUUID().slice(0, 8)}`;
      databases.push(name);
      return name;
    },
    stop: async () => {
      if (databases.length > 0) {
        const connection = await client();
        for (const name of databases) await connection.db(name).dropDatabase();
      }
      await (await connected)?.close();
      await end();
    },
  };
};

/** Runs commands on this server, whatever its part in a replica set. */
const directly = async <T>(port: number, work: (admin: mongo.Db) => Promise<T>): Promise<T> => {
  const client = new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 30_000,
  });
  try {
    return await work((await client.connect()).db('admin'));
  } finally {
    await client.close();
  }
};

// The set that a snapshot knows has its member at the address of then.
const takeOver = async (admin: mongo.Db, members: readonly object[]): Promise<void> => {
  const { config } = await admin.command({ replSetGetConfig: 1 });
  const { version } = config as { readonly version: number };
  await admin.command({ replSetReconfig: { ...config, version: version + 1, members }, force: true });
};

const initiate = (port: number, isCopy: boolean): Promise<void> =>
  directly(port, async (admin) => {
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    await admin.command({ replSetInitiate: { _id: 'test', members } }).catch(async (thrown: unknown) => {
      // After a restart the set exists already.
      if (!(thrown instanceof mongo.MongoServerError && thrown.codeName === 'AlreadyInitialized'))
        throw thrown;
      if (isCopy) await takeOver(admin, members);
    });
    await eventually(
      'a MongoDB that takes writes',
      async () => (await admin.command({ hello: 1 }))['isWritablePrimary'] === true,
      60_000,
    );
  });

const copyWhileLocked = (port: number, from: string, to: string): Promise<void> =>
  directly(port, async (admin) => {
    await admin.command({ fsync: 1, lock: true });
    try {
      cpSync(from, to, { recursive: true });
    } finally {
      await admin.command({ fsyncUnlock: 1 });
    }
  });

/** Starts a mongod (`QB_MONGOD`, or the one on PATH) with data of its own, those of a snapshot if given, which are removed at the end. */
export const startOwnMongo = async (snapshot?: string): Promise<OwnMongo> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotebridge-mongo-'));
  if (snapshot !== undefined) cpSync(snapshot, folder, { recursive: true });
  const port = await freePort();
  const args = [
    '--dbpath',
    folder,
    '--port',
    String(port),
    '--bind_ip',
    '127.0.0.1',
    '--replSet',
    'test',
    '--nounixsocket',
    '--wiredTigerCacheSizeGB',
    '0.25',
    '--oplogSize',
    '128',
    '--quiet',
    // A killed client leaves its transactions open, and what they touched locked, for as long as this (else 60 s).
    '--setParameter',
    'transactionLifetimeLimitSeconds=5',
  ];
  let server: Child;
  const up = async (): Promise<void> => {
    server = startChild(process.env['QB_MONGOD'] ?? 'mongod', args, process.env);
    await initiate(port, snapshot !== undefined).catch((thrown: unknown) => {
      const said = server.lines.slice(-3).join('\n');
      throw new Error(`MongoDB for the test did not come up. ${said}`, { cause: thrown });
    });
  };
  await up();
  const mongod = testMongo(`mongodb://127.0.0.1:${port}/?replicaSet=test`, async () => {
    await server.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...mongod,
    kill: async () => {
      await server.end('SIGKILL');
    },
    restart: up,
    snapshot: (target) => copyWhileLocked(port, folder, target),
  };
};

/** The MongoDB of `MONGODB_URI`, shared with other tests, or else one of its own. */
export const startMongo = async (): Promise<TestMongo> => {
  const given = process.env['MONGODB_URI'];
  return given ? testMongo(given, async () => undefined) : startOwnMongo();
};
