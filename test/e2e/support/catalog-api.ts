import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import type { mongo } from 'mongoose';
import request from 'supertest';
import { startMongo } from './mongo';
import { startOwnNats } from './nats';

export const CATALOG_V4 = '/tmf-api/productCatalogManagement/v4';
export const CATALOG_V5 = '/tmf-api/productCatalogManagement/v5';
export const OFFERINGS = `${CATALOG_V5}/productOffering`;

/** A catalog in this process with a client, for tests of what all resources have in common. */
export interface CatalogApi {
  /** Address of the broker. */
  readonly nats: string;
  api(): ReturnType<typeof request>;
  /** Sends a request with any method at all. */
  raw(method: string, path: string): Promise<Response>;
  /** Stores an offering. */
  create(more?: object): Promise<{ id: string }>;
  /** A second catalog on the same data with other settings; it is the test's to close. */
  start(more: Readonly<Record<string, string>>): Promise<RunningComponent>;
  /** A connected client of the store. */
  store(): Promise<mongo.MongoClient>;
  /** A database name that nobody else uses. */
  database(word: string): string;
  stop(): Promise<void>;
}

/** A v5 offering in its first state. */
export const offering = (more: object = {}) => ({
  '@type': 'ProductOffering',
  name: 'Hydraulic pump',
  lifecycleStatus: 'In Study',
  lastUpdate: '2026-01-01T00:00:00Z',
  ...more,
});

/** Names of the resources of a list. */
export const namesOf = (body: { name: string }[]): string[] => body.map(({ name }) => name);

/** Starts the catalog on the servers that are given (`MONGODB_URI`, `NATS_URL`), or on its own. */
export const startCatalogApi = async (): Promise<CatalogApi> => {
  const mongod = await startMongo();
  const own = process.env['NATS_URL'] === undefined ? await startOwnNats() : undefined;
  const nats = own?.url ?? process.env['NATS_URL'] ?? '';
  const database = mongod.database('resource-http');
  const start = (more: Readonly<Record<string, string>> = {}): Promise<RunningComponent> =>
    startComponent(
      productCatalog,
      loadSettings(productCatalogSettings, {
        AUTH: 'off',
        MONGODB_URI: mongod.uri,
        NATS_URL: nats,
        DATABASE: database,
        LOG_LEVEL: 'silent',
        COUNT_CAP: '5',
        ...more,
      }),
    );
  const catalog = await start();
  const api = () => request(catalog.url);
  return {
    nats,
    api,
    raw: (method, path) => fetch(`${catalog.url}${path}`, { method }),
    start,
    create: async (more = {}) =>
      (await api().post(OFFERINGS).send(offering(more)).expect(201)).body as { id: string },
    store: () => mongod.client(),
    database: (word) => mongod.database(word),
    stop: async () => {
      await catalog.close();
      await own?.stop();
      await mongod.stop();
    },
  };
};
