import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { customerComponent, customerSettings } from '@quotebridge/components/customer';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { productInventory, productInventorySettings } from '@quotebridge/components/product-inventory';
import { productOrderComponent, productOrderSettings } from '@quotebridge/components/product-order';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { salesComponent, salesSettings } from '@quotebridge/components/sales';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import { mongo } from 'mongoose';
import request from 'supertest';
import { startNats } from '../../e2e/support';

const OFFERINGS = '/tmf-api/productCatalogManagement/v5/productOffering';

/** All components, and a launched offering that quotes and orders may name. */
export interface RunningSuite {
  /** Address of an API without its path. */
  readonly url: (api: string) => string;
  readonly offering: string;
  readonly specification: string;
  /** Where jobs of the catalog read and write. */
  readonly jobsFolder: string;
  close(): Promise<void>;
}

const launchedOffering = async (url: string): Promise<{ offering: string; specification: string }> => {
  const base = { lifecycleStatus: 'Active', lastUpdate: '2026-01-01T00:00:00Z' };
  const post = async (resource: string, body: object): Promise<string> => {
    const path = `/tmf-api/productCatalogManagement/v5/${resource}`;
    return (await request(url).post(path).send(body).expect(201)).body.id as string;
  };
  const specification = await post('productSpecification', {
    '@type': 'ProductSpecification',
    name: 'Pump',
    ...base,
  });
  const price = await post('productOfferingPrice', {
    '@type': 'ProductOfferingPrice',
    name: 'List price',
    priceType: 'oneTime',
    price: { '@type': 'Money', unit: 'EUR', value: 100 },
    ...base,
  });
  const offering = await post('productOffering', {
    '@type': 'ProductOffering',
    name: 'Pump',
    ...base,
    productSpecification: { '@type': 'ProductSpecificationRef', id: specification },
    productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: price }],
  });
  const launch = { '@type': 'ProductOffering', lifecycleStatus: 'Launched' };
  await request(url).patch(`${OFFERINGS}/${offering}`).send(launch).expect(200);
  return { offering, specification };
};

/** Starts the components with databases of their own, which `close` drops. */
export const startRunningSuite = async (): Promise<RunningSuite> => {
  const databases: string[] = [];
  const jobsFolder = await mkdtemp(join(tmpdir(), 'quotebridge-jobs-'));
  // Of its own: orders that other files' quotes became must not be listed here.
  const nats = await startNats();
  const source = (name: string): Record<string, string | undefined> => {
    const database = `conformance-${name}-${randomUUID().slice(0, 8)}`;
    databases.push(database);
    return {
      ...process.env,
      AUTH: 'off',
      DATABASE: database,
      LOG_LEVEL: 'error',
      NATS_URL: nats.url,
      OUTBOUND_ALLOW: 'loopback',
    };
  };
  const started: RunningComponent[] = [];
  const keep = async (starting: Promise<RunningComponent>): Promise<RunningComponent> => {
    const component = await starting;
    started.push(component);
    return component;
  };
  const catalog = await keep(
    startComponent(
      productCatalog,
      loadSettings(productCatalogSettings, { ...source('catalog'), JOBS_FOLDER: jobsFolder }),
    ),
  );
  const CATALOG_URL = catalog.addresses['TMF620/v5'];
  await keep(
    startComponent(quoteComponent, loadSettings(quoteSettings, { ...source('quote'), CATALOG_URL })),
  );
  await keep(
    startComponent(
      productOrderComponent,
      loadSettings(productOrderSettings, { ...source('order'), CATALOG_URL }),
    ),
  );
  await keep(startComponent(customerComponent, loadSettings(customerSettings, source('customer'))));
  await keep(startComponent(productInventory, loadSettings(productInventorySettings, source('inventory'))));
  await keep(startComponent(salesComponent, loadSettings(salesSettings, source('sales'))));
  return {
    url: (api) => started.find(({ addresses }) => addresses[`${api}/v5`] !== undefined)?.url ?? '',
    ...(await launchedOffering(catalog.url)),
    jobsFolder,
    close: async () => {
      await Promise.all(started.map((component) => component.close()));
      await nats.stop();
      await rm(jobsFolder, { recursive: true, force: true });
      const client = await new mongo.MongoClient(process.env['MONGODB_URI'] ?? '').connect();
      for (const name of databases) await client.db(name).dropDatabase();
      await client.close();
    },
  };
};
