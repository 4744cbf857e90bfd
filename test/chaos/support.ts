import { setTimeout as sleep } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import {
  envelopesInStream,
  eventually,
  startOwnMongo,
  startOwnNats,
  startProcess,
  type OwnMongo,
  type OwnNats,
  type TestProcess,
} from '../e2e/support';

/** Base path of TMF620 v4. */
export const V4 = '/tmf-api/productCatalogManagement/v4';

/** Far more than a recovery takes; machines that run tests are busy. */
const RECOVERED_WITHIN_MS = 60_000;
/** A disk may stand still for many seconds; an answer that waits for it still is one. */
const PATIENCE_MS = 60_000;

/** A running product catalog on servers of its own, all of which may be killed. */
export interface World {
  readonly mongod: OwnMongo;
  readonly nats: OwnNats;
  readonly catalog: TestProcess;
  readonly database: string;
  readonly db: mongo.Db;
  stop(): Promise<void>;
}

/** Starts a world. */
export const startWorld = async (): Promise<World> => {
  const [mongod, nats] = await Promise.all([startOwnMongo(), startOwnNats()]);
  const database = 'catalog-chaos';
  const catalog = await startProcess('product-catalog', {
    MONGODB_URI: mongod.uri,
    NATS_URL: nats.url,
    DATABASE: database,
    AUTH: 'off',
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_MINUTE: '0',
  });
  return {
    mongod,
    nats,
    catalog,
    database,
    db: (await mongod.client()).db(database),
    stop: async () => {
      await catalog.kill();
      await nats.stop();
      await mongod.stop();
    },
  };
};

/** Numbers between 0 and 1 that are the same for the same seed (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The seed of this run: `CHAOS_SEED`, or that of jest, which `npm test` fixes; it is printed so that a failure can be run again. */
export const seedOf = (test: string): number => {
  const seed = Number(process.env['CHAOS_SEED'] ?? jest.getSeed());
  process.stdout.write(`seed of "${test}": CHAOS_SEED=${seed}\n`);
  return seed;
};

/** An answer, or undefined when none came (the process is gone): what was asked may have happened or not. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

const NO_JSON = '\u0000not json';

/** Sends a request with a JSON body. */
export const call = async (
  url: string,
  method = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer | undefined> => {
  try {
    const answer = await fetch(url, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    let read: unknown;
    try {
      read = text === '' ? {} : JSON.parse(text);
    } catch {
      read = { [NO_JSON]: text };
    }
    return { status: answer.status, headers: answer.headers, body: read as Record<string, unknown> };
  } catch {
    return undefined;
  }
};

/** An event as it lies in the stream. */
export interface StreamedEvent {
  readonly eventId: string;
  readonly eventType: string;
  /** Id of the category. */
  readonly id: string;
  readonly category: Readonly<Record<string, unknown>>;
}

/** An event about a category out of its envelope. */
export const streamedEvent = (envelope: Readonly<Record<string, unknown>>): StreamedEvent => {
  const category = (envelope['event'] as { category: Record<string, unknown> }).category;
  return {
    eventId: String(envelope['eventId']),
    eventType: String(envelope['eventType']),
    id: String(category['id']),
    category,
  };
};

/** Everything in the stream of TMF events, in order; second copies of an event id are left out. */
export const streamedEvents = async (servers: string): Promise<StreamedEvent[]> => {
  const events = new Map<string, StreamedEvent>();
  for (const event of (await envelopesInStream({ servers })).map(streamedEvent)) {
    if (!events.has(event.eventId)) events.set(event.eventId, event);
  }
  return [...events.values()];
};

/** Waits until the relay has published everything. */
export const relayed = async ({ db, catalog }: World): Promise<void> => {
  let waiting = 0;
  await eventually(
    'the relay to have published everything',
    async () => {
      const [documents, tombstones] = await Promise.all([
        db.collection('category').countDocuments({ _outbox: { $exists: true } }),
        db.collection('tombstones').countDocuments(),
      ]);
      waiting = documents + tombstones;
      return waiting === 0;
    },
    RECOVERED_WITHIN_MS,
  ).catch((thrown: unknown) => {
    const said = catalog.lines().slice(-10).join('\n');
    throw new Error(`${waiting} documents wait with events. The component says:\n${said}`, { cause: thrown });
  });
};

/** Waits until `/health/ready` answers with the status. */
export const readiness = (url: string, status: number): Promise<unknown> =>
  eventually(
    `/health/ready to answer ${status}`,
    async () => (await call(`${url}/health/ready`))?.status === status,
    RECOVERED_WITHIN_MS,
  );

/** Between `from` and `to` milliseconds. */
export const pause = (random: () => number, from: number, to: number): Promise<void> =>
  sleep(from + random() * (to - from));
