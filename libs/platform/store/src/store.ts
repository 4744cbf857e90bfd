import { messageOf } from '@quotebridge/platform/core';
import { createConnection, type Connection, type mongo } from 'mongoose';
import { serverChangesOf } from './server-changes';

/** A native collection of the driver that mongoose carries. */
export type Collection<T extends mongo.Document> = mongo.Collection<T>;
/** A session of that driver, for transactions. */
export type ClientSession = mongo.ClientSession;
/** A filter of that driver. */
export type Filter<T> = mongo.Filter<T>;

/** Where a component keeps its data. */
export interface StoreOptions {
  /** A `mongodb://` URI of a replica set (transactions need one). */
  readonly uri: string;
  readonly database: string;
  /** Name the server shows for this client. */
  readonly appName: string;
  /** Most connections held to the server. */
  readonly maxPoolSize?: number;
  /** How long to wait for a reachable server before an operation fails, in milliseconds. */
  readonly serverSelectionTimeoutMs?: number;
}

/** Every document of the store: a string key and whatever the resource has. */
export type StoredDocument = mongo.Document & { _id: string };

/**
 * The component's database. mongoose holds the connection and the index definitions; hot paths use the native
 * collection (a hydrated document costs four times a plain one). Writes are acknowledged by the majority.
 */
export class Store {
  private readonly collections = new Map<string, Collection<StoredDocument>>();
  private readonly transactions = { begun: 0, open: 0 };

  /** Grows whenever another server process may have begun to answer. */
  readonly serverChanges: () => number;

  private constructor(
    readonly connection: Connection,
    private readonly appName: string,
  ) {
    this.serverChanges = serverChangesOf(connection.getClient());
  }

  static async connect(options: StoreOptions): Promise<Store> {
    const connection = createConnection(options.uri, {
      dbName: options.database,
      appName: options.appName,
      autoIndex: false,
      autoCreate: false,
      ignoreUndefined: true,
      maxPoolSize: options.maxPoolSize ?? 50,
      serverSelectionTimeoutMS: options.serverSelectionTimeoutMs ?? 5_000,
      // Also how long a silent server is given before its connections are cut.
      connectTimeoutMS: 5_000,
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'local' },
      retryWrites: true,
    });
    // A lost server is reported by the operations and by `ping`; without a listener it would end the process.
    connection.on('error', () => undefined);
    try {
      await connection.asPromise().catch((thrown: unknown) => {
        throw new Error(`MongoDB cannot be reached: ${messageOf(thrown)}`, { cause: thrown });
      });
    } catch (thrown) {
      await connection.close();
      throw thrown;
    }
    return new Store(connection, options.appName);
  }

  /** The native collection: no casting, no hydration. */
  collection<T extends StoredDocument = StoredDocument>(name: string): Collection<T> {
    let collection = this.collections.get(name);
    if (collection === undefined) {
      collection = this.connection.getClient().db(this.connection.name).collection<StoredDocument>(name);
      this.collections.set(name, collection);
    }
    // The same handle whatever shape its user reads from it.
    return collection as unknown as Collection<T>;
  }

  /** A collection of another database on the same server, for what components share. */
  shared<T extends mongo.Document>(database: string, name: string): Collection<T> {
    return this.connection.getClient().db(database).collection<T>(name);
  }

  /** Sends a command to the component's database as it is. */
  command(command: mongo.Document): Promise<mongo.Document> {
    return this.connection.getClient().db(this.connection.name).command(command);
  }

  /** Runs `work` in one transaction and commits it; retried by the driver on a transient conflict. */
  async transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    // Not of the connection: that one waits by rules of its own while the server is away.
    const session = this.connection.getClient().startSession();
    this.transactions.begun += 1;
    this.transactions.open += 1;
    try {
      return await session.withTransaction(() => work(session), {
        readConcern: { level: 'snapshot' },
        writeConcern: { w: 'majority' },
      });
    } finally {
      await session.endSession();
      this.transactions.open -= 1;
    }
  }

  /** How many transactions this process has begun; NaN while one of them is open. */
  transactionsBegun(): number {
    return this.transactions.open > 0 ? Number.NaN : this.transactions.begun;
  }

  /**
   * Does a client of this name, that is a replica of the component, have a transaction open on the server? Each user
   * may look at his own without further rights.
   */
  async hasTransactionOpen(): Promise<boolean> {
    const admin = this.connection.getClient().db('admin');
    const open = admin.aggregate([
      { $currentOp: { allUsers: false, idleSessions: true } },
      { $match: { appName: this.appName, transaction: { $exists: true } } },
      { $limit: 1 },
    ]);
    return (await open.toArray()).length > 0;
  }

  /** Resolves when the server answers within `timeoutMs`; rejects otherwise. For readiness probes. */
  async ping(timeoutMs = 1_000): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`MongoDB did not answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      await Promise.race([this.command({ ping: 1 }), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

/** True when MongoDB refused a write because a unique key is taken. */
export const isDuplicateKey = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 11000;

/** Codes of MongoDB, and of the driver before it sends, for a document beyond 16 MiB. */
const TOO_LARGE: readonly unknown[] = [10334, 17419, 17420, 'ERR_OUT_OF_RANGE'];

/** True when a document is larger than MongoDB holds (16 MiB), its pending events included. */
export const isTooLarge = (thrown: unknown): boolean =>
  typeof thrown === 'object' &&
  thrown !== null &&
  (('code' in thrown && TOO_LARGE.includes(thrown.code)) ||
    /larger than the maximum size|too large|BSONObj size/i.test(messageOf(thrown)));
