// Everything that belongs to one size of the data: servers of its own, so that sizes do not disturb one another.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../tools/lib/paths.mjs';
import { startServices } from '../../tools/lib/services.mjs';
import { copyForBare, makeApiKey, openDatabase, seedCatalog, seedCopies } from './data.mjs';
import { startProgram } from './processes.mjs';
import { openStream } from './stream.mjs';

const COUNT_CAP = '1000';
/** GB that the database of one size may keep: enough for 100,000 quotes twice over, ours and those of the bare server. */
const CACHE_GB = Math.max(0.25, Math.min(4, totalmem() / 2 ** 30 / 6));
const COMPONENTS = ['product-catalog', 'product-order', 'quote'];
const databaseOf = (component) => `bench-${component}`;
const bareDatabaseOf = (component) => `bare-${component}`;

/** Starts database and broker for a size, with empty data. `closers` gets what ends all that is started for it. */
export const openSite = async (size, { folder, otlpUrl, cores, profiles, closers }) => {
  const own = join(folder, String(size));
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  const env = { ...process.env, MONGODB_URI: '', NATS_URL: '' };
  const services = await startServices(own, env, { cacheGb: CACHE_GB });
  closers.push(services.stop);
  const client = await openDatabase(services.mongodbUri);
  closers.push(() => client.close());
  const headers = { 'x-api-key': await makeApiKey(client, COMPONENTS.map(databaseOf)) };
  const site = {
    size,
    headers,
    client,
    seed: undefined,
    catalog: undefined,
    ours: undefined,
    bare: undefined,
    stream: undefined,
    mongod: Number(readFileSync(join(own, 'mongodb.pid'), 'utf8')),
    collectionOf: ({ component, collection }) => client.db(databaseOf(component)).collection(collection),
  };

  const startComponent = (component, core) =>
    startProgram({
      name: component,
      folder: own,
      core,
      args: [
        ...(profiles === undefined
          ? []
          : ['--cpu-prof', '--cpu-prof-dir', join(profiles, `${component}-${size}`)]),
        join(root, `dist/apps/${component}/src/main.js`),
      ],
      env: {
        AUTH: 'on',
        DATABASE: databaseOf(component),
        MONGODB_URI: services.mongodbUri,
        NATS_URL: services.natsUrl,
        RATE_LIMIT_PER_MINUTE: '0',
        COUNT_CAP,
        OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
        TRACE_RATIO: '0.1',
        LOG_LEVEL: 'info',
        ...(component === 'product-catalog'
          ? {}
          : {
              CATALOG_URL: `${site.catalog.url}/tmf-api/productCatalogManagement/v5`,
              CATALOG_API_KEY: headers['x-api-key'],
            }),
      },
    });

  const startBare = (phase) =>
    startProgram({
      name: `bare-${phase.component}`,
      folder: own,
      core: cores?.server,
      args: [join(root, 'test/bench/bare-server.mjs')],
      env: {
        MONGODB_URI: services.mongodbUri,
        DATABASE: bareDatabaseOf(phase.component),
        COLLECTION: phase.collection,
        COUNT_CAP,
      },
    });

  /** Starts a phase: the component on the server's core, filled, and the bare server with the same data. */
  site.begin = async (phase) => {
    const isCatalog = phase.component === 'product-catalog';
    // In later phases the catalog only answers the component, from the other core.
    if (isCatalog || site.catalog === undefined)
      site.catalog = await startComponent('product-catalog', isCatalog ? cores?.server : cores?.load);
    const collection = site.collectionOf(phase);
    if (site.seed === undefined) {
      const catalog = client.db(databaseOf('product-catalog')).collection('productOffering');
      site.seed = await seedCatalog(site.catalog.url, headers, catalog, size);
    }
    site.ours = isCatalog ? site.catalog : await startComponent(phase.component, cores?.server);
    if (!isCatalog)
      site.seed.whole = await seedCopies(
        `${site.ours.url}${phase.base}`,
        headers,
        collection,
        size,
        (number) => phase.make(number, site.seed),
      );
    await copyForBare(client, collection, bareDatabaseOf(phase.component));
    site.bare = await startBare(phase);
    site.stream ??= await openStream(services.natsUrl);
  };

  /** Ends the processes of a phase and forgets its events. */
  site.end = async () => {
    const programs = new Set([site.ours, site.bare, site.catalog].filter(Boolean));
    await Promise.all([...programs].map((program) => program.stop()));
    Object.assign(site, { ours: undefined, bare: undefined, catalog: undefined });
    await site.stream?.purge();
  };

  closers.push(async () => {
    await site.end();
    await site.stream?.stop();
  });
  const server = await client.db('admin').command({ buildInfo: 1 });
  site.mongoVersion = server.version;
  return site;
};
