import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mongo } from 'mongoose';
import { freePort, startChild, type Child } from './child';
import { eventually } from './eventually';

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

const initiate = async (port: number): Promise<void> => {
  const client = new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 30_000,
  });
  try {
    const admin = (await client.connect()).db('admin');
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    await admin.command({ replSetInitiate: { _id: 'test', members } }).catch((thrown: unknown) => {
      // After a restart the set exists already.
      if (!(thrown instanceof mongo.MongoServerError && thrown.codeName === 'AlreadyInitialized'))
        throw thrown;
    });
    await eventually(
      'a MongoDB that takes writes',
      async () => (await admin.command({ hello: 1 }))['isWritablePrimary'] === true,
      60_000,
    );
  } finally {
    await client.close();
  }
};

/** Starts a mongod (`QB_MONGOD`, or the one on PATH) with data of its own, which is removed at the end. */
export const startOwnMongo = async (): Promise<OwnMongo> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotebridge-mongo-'));
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
    await initiate(port).catch((thrown: unknown) => {
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
  };
};

/** The MongoDB of `MONGODB_URI`, shared with other tests, or else one of its own. */
export const startMongo = async (): Promise<TestMongo> => {
  const given = process.env['MONGODB_URI'];
  return given ? testMongo(given, async () => undefined) : startOwnMongo();
};
