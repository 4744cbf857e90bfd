import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { customerComponent, customerSettings } from '@quotebridge/components/customer';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { productOrderComponent, productOrderSettings } from '@quotebridge/components/product-order';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import type { mongo } from 'mongoose';
import { runApp } from './test-process';

/** Databases of the components below, each with the name of its component. */
export const DATABASES = ['product-catalog', 'quote', 'product-order', 'customer'];

/** Components with access control and encryption, all on one MongoDB and one NATS. */
export interface RestorableSuite {
  readonly catalog: RunningComponent;
  readonly quotes: RunningComponent;
  readonly orders: RunningComponent;
  readonly customers: RunningComponent;
  close(): Promise<void>;
}

/** Makes an API key of a role in the store of access control. */
export const makeKey = async (mongodbUri: string, role: string): Promise<string> => {
  const args = ['api-key', 'create', '--name', role, '--role', role];
  const { lines } = await runApp('admin', args, { MONGODB_URI: mongodbUri });
  const key = lines.find((line) => line.startsWith('qb_'));
  if (key === undefined) throw new Error(lines.join('\n'));
  return key;
};

/** Starts the components. */
export const startRestorable = async (servers: {
  readonly mongodbUri: string;
  readonly natsUrl: string;
  readonly fieldKeys: string;
  /** With it quotes and orders read the catalog. */
  readonly catalogKey: string;
}): Promise<RestorableSuite> => {
  const common = {
    LOG_LEVEL: 'silent',
    MONGODB_URI: servers.mongodbUri,
    NATS_URL: servers.natsUrl,
    FIELD_KEYS: servers.fieldKeys,
    CATALOG_API_KEY: servers.catalogKey,
    OUTBOUND_ALLOW: 'loopback',
    RATE_LIMIT_PER_MINUTE: '0',
  };
  const catalog = await startComponent(productCatalog, loadSettings(productCatalogSettings, common));
  const own = { ...common, CATALOG_URL: `${catalog.url}/tmf-api/productCatalogManagement/v5` };
  const quotes = await startComponent(quoteComponent, loadSettings(quoteSettings, own));
  const orders = await startComponent(productOrderComponent, loadSettings(productOrderSettings, own));
  const customers = await startComponent(customerComponent, loadSettings(customerSettings, own));
  return {
    catalog,
    quotes,
    orders,
    customers,
    close: async () => {
      await Promise.all([catalog, quotes, orders, customers].map((one) => one.close()));
    },
  };
};

/** A subscriber that takes whatever it is sent. */
export interface Listener {
  readonly url: string;
  /** Ids of the events that came, in their order. */
  readonly got: readonly string[];
  close(): Promise<void>;
}

/** Starts a subscriber. */
export const startListener = async (): Promise<Listener> => {
  const got: string[] = [];
  const server: Server = createServer((message, answer) => {
    let text = '';
    message.on('data', (chunk: Buffer) => (text += chunk.toString()));
    message.on('end', () => {
      got.push((JSON.parse(text) as { eventId: string }).eventId);
      answer.writeHead(201).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/listener`,
    got,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

// What is only true of running processes.
const OF_PROCESSES = ['leases'];

/** All documents and indexes of the databases as they are stored, by `database/collection`. */
export const everythingIn = async (
  client: mongo.MongoClient,
  databases: readonly string[],
): Promise<Record<string, object>> => {
  const found: Record<string, object> = {};
  for (const database of databases) {
    const db = client.db(database);
    const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
    for (const name of names.filter((one) => !OF_PROCESSES.includes(one)).sort())
      found[`${database}/${name}`] = {
        documents: await db.collection(name).find().sort({ _id: 1 }).toArray(),
        indexes: await db.collection(name).indexes(),
      };
  }
  return found;
};

/** Ids of the events that wait in the databases for the broker. */
export const waitingEvents = async (
  client: mongo.MongoClient,
  databases: readonly string[],
): Promise<string[]> => {
  const ids: string[] = [];
  for (const database of databases) {
    const db = client.db(database);
    for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
      const waiting = db.collection(name).find({ _outbox: { $exists: true } });
      for await (const document of waiting)
        ids.push(...(document['_outbox'] as { id: string }[]).map(({ id }) => id));
    }
  }
  return ids.sort();
};
