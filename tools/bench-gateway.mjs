// Measures the business API: npm run bench:gateway -- --seconds=600
// Orders at an even pace through gateway, product ordering and the S/4HANA connector into a simulated ERP that takes its time, and
// what became of each; then look-ups, live from an ERP that takes 100 ms and from master data alone.
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../test/bench/data.mjs';
import { readNumbers } from '../test/bench/options.mjs';
import { measurePaced } from '../test/bench/paced.mjs';
import { startProgram } from '../test/bench/processes.mjs';
import { buildAndTell } from './lib/build.mjs';
import { lockFolder } from './lib/lock.mjs';
import { dataDir, root, writableDir } from './lib/paths.mjs';
import { freePort } from './lib/ports.mjs';
import { runTool, say, SetupError } from './lib/say.mjs';
import { startServices } from './lib/services.mjs';

const require = createRequire(import.meta.url);
const ADMIN = 'bench-admin-token-0123456789';
const CUSTOMER = '10100001';
const LOOKUP_LATENCY = 100;
/** Between two counts of what the ERP has: each reads the whole collection, which takes time from those who work. */
const COUNT_MS = 10_000;
const NOBODY = 'http://127.0.0.1:9';
const CATALOG = '/tmf-api/productCatalogManagement/v5';

const OPTIONS = {
  seconds: [10, 1, 'how long orders come'],
  'per-minute': [10_000, 60, 'orders a minute'],
  latency: [150, 0, 'ms that the ERP takes for each answer'],
  'calls-at-once': [64, 1, 'calls that the connector has in work together'],
  'lookup-seconds': [5, 1, 'how long each kind of look-up comes'],
  'lookups-per-second': [50, 1, 'look-ups a second'],
  'wait-minutes': [120, 1, 'how long the ERP may take for the orders that are still on their way'],
};

const ms = (value) => (value === undefined ? '-' : `${value.toFixed(1)} ms`);
const line = (name, text) => process.stdout.write(`${name.padEnd(26)} ${text}\n`);

/** Starts programs of this workspace one by one; `replace` ends the one of that name first, on the same data. */
const site = async (folder, closers) => {
  const services = await startServices(folder, { ...process.env, MONGODB_URI: '', NATS_URL: '' });
  closers.push(services.stop);
  const client = await openDatabase(services.mongodbUri);
  closers.push(() => client.close());
  const running = new Map();
  const start = async (app, env, more = {}) => {
    await running.get(app)?.stop();
    const program = await startProgram({
      name: app,
      folder,
      args: [join(root, `dist/apps/${app}/src/main.js`)],
      env: {
        AUTH: 'off',
        MONGODB_URI: services.mongodbUri,
        NATS_URL: services.natsUrl,
        DATABASE: `bench-${app}`,
        RATE_LIMIT_PER_MINUTE: '0',
        LOG_LEVEL: 'warn',
        ...env,
      },
      ...more,
    });
    running.set(app, program);
    return program;
  };
  closers.push(() => Promise.all([...running.values()].map((program) => program.stop())));
  return { client, start, collection: (app, name) => client.db(`bench-${app}`).collection(name) };
};

const erpAt = async ({ start }, latency, port) => {
  const ports = ['SALESFORCE_PORT', 'SFTP_PAGE_PORT', 'SFTP_PORT', 'REST_PORT'];
  const others = await Promise.all(ports.map(async (name) => [name, String(await freePort())]));
  return start(
    'sandbox',
    { ...Object.fromEntries(others), SANDBOX_LATENCY: `${latency}ms`, SANDBOX_AFTER_SALES: '0' },
    { ready: '/', portName: 'S4HANA_PORT', ...(port === undefined ? {} : { port }) },
  );
};

const startConnector = ({ start }, erp, callsAtOnce) => {
  const s4 = require(join(root, 'dist/libs/sandbox/s4hana/src/index.js'));
  const { SalesOrganization, DistributionChannel } = s4.S4_SANDBOX_SALES_AREA;
  const { clientId, clientSecret } = s4.S4_SANDBOX_CREDENTIALS;
  return start('connector', {
    CONNECTOR_TYPE: 's4hana',
    CONNECTOR_INSTANCE: 's4hana',
    CONNECTOR_SETTINGS: JSON.stringify({
      baseUrl: erp.url,
      client: '100',
      auth: { kind: 'clientCredentials', clientId, tokenUrl: `${erp.url}/sap/bc/sec/oauth2/token` },
      salesOrganization: SalesOrganization,
      distributionChannel: DistributionChannel,
      callsAtOnce,
    }),
    CONNECTOR_SECRETS: JSON.stringify({ clientSecret }),
    STREAM_SCHEDULE: 'event',
    OUTBOUND_ALLOW: 'loopback',
    ADMIN_TOKEN: ADMIN,
  });
};

const MASTER_DATA = [
  'productSpecifications',
  'productOfferingPrices',
  'productOfferings',
  'organizations',
  'customers',
];

const loadMasterData = async (connector) => {
  for (const stream of MASTER_DATA) {
    const answer = await fetch(`${connector.url}/streams/${stream}/run`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ wait: true }),
    });
    const run = await answer.json();
    if (!answer.ok || run.counts?.rejected > 0)
      throw new SetupError(`The ${stream} could not be loaded: ${JSON.stringify(run)}`);
  }
};

const order = (number) => ({
  method: 'POST',
  path: '/api/v1/orders',
  body: JSON.stringify({
    customer_id: CUSTOMER,
    order_number: number,
    customer_email: 'buying@presses.example',
    payment_status: 'open',
    payment_method: 'invoice',
    amount: '25.00',
    items: [{ part: 'SP-1001', quantity: 2, unit_price: '12.50' }],
  }),
});

const shown = (tally) => JSON.stringify(Object.fromEntries(Object.entries(tally).sort()));

const countBy = (values) =>
  values.reduce((sum, value) => sum.set(value, (sum.get(value) ?? 0) + 1), new Map());

/** Sends the orders, waits until the ERP has them, and tells whether each is everywhere once. */
const measureOrders = async (bench, gateway, erp, options) => {
  const { collection } = bench;
  const perSecond = options['per-minute'] / 60;
  const { total, ...paced } = await measurePaced({
    url: gateway.url,
    requests: (sent) => order(sent + 1),
    status: [201],
    perSecond,
    seconds: options.seconds,
  });
  line(
    'POST /api/v1/orders',
    `${options['per-minute']} a minute for ${options.seconds} s, ERP at ${options.latency} ms: mean ${ms(paced.mean)}, p50 ${ms(paced.p50)}, p99 ${ms(paced.p99)}; ${total} sent, ${paced.bad} not answered with 201`,
  );
  const orders = collection('product-order', 'productOrder');
  const began = performance.now();
  const end = began + options['wait-minutes'] * 60_000;
  const handed = () => orders.countDocuments({ 'externalId.externalIdentifierType': 'salesOrder' });
  const atFirst = await handed();
  let inErp = atFirst;
  while (inErp < total && performance.now() < end) {
    await sleep(COUNT_MS);
    inErp = await handed();
  }
  const waited = (performance.now() - began) / 1_000;
  const rate = waited > 1 ? ` (${Math.round((inErp - atFirst) / waited)} a second)` : '';
  line(
    'handed to the ERP',
    `${atFirst} when the last was answered, ${inErp} after ${waited.toFixed(0)} s more${rate}`,
  );
  const numbers = countBy(
    (await orders.find({}, { projection: { 'businessOrder.number': 1 } }).toArray()).map(
      (one) => one.businessOrder.number,
    ),
  );
  const sales = await (await fetch(`${erp.url}/__sandbox/tables/A_SalesOrder`)).json();
  const ours = new Set((await orders.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id));
  const sold = countBy(sales.map((one) => one.ExternalDocumentID).filter((id) => ours.has(id)));
  const logged = await collection('gateway', 'transactions').countDocuments({
    operation: 'createOrder',
    outcome: 'succeeded',
  });
  const doubled = (counts) => [...counts.values()].filter((count) => count > 1).length;
  line('product orders', `${numbers.size} of ${total}, ${doubled(numbers)} doubled`);
  line('sales orders', `${sold.size} of ${total}, ${doubled(sold)} doubled`);
  line('transaction log', `${logged} of ${total}`);
  const isWhole =
    [numbers.size, sold.size, logged].every((count) => count === total) &&
    doubled(numbers) + doubled(sold) === 0;
  line('lost or doubled', isWhole && paced.bad === 0 ? 'none' : 'SOME: see above');
  return isWhole && paced.bad === 0;
};

/** Look-ups of which no two ask the same, so that none is answered from the cache. */
const measureLookUps = async (
  gateway,
  name,
  path,
  { 'lookup-seconds': seconds, 'lookups-per-second': perSecond },
) => {
  const tally = {};
  const { total, mean, p50, p99, bad } = await measurePaced({
    url: gateway.url,
    requests: (sent) => ({ method: 'GET', path: path(sent + 1) }),
    status: [200],
    perSecond,
    seconds,
    read: (text) => {
      const { source, fallbackReason, code } = JSON.parse(text);
      const from = [source ?? code, fallbackReason].filter(Boolean).join(': ');
      tally[from] = (tally[from] ?? 0) + 1;
    },
  });
  line(
    name,
    `${perSecond} a second for ${seconds} s: mean ${ms(mean)}, p50 ${ms(p50)}, p99 ${ms(p99)}; ${total} sent, ${bad} bad, ${shown(tally)}`,
  );
};

await runTool(async () => {
  const options = readNumbers(OPTIONS);
  const folder = writableDir(join(dataDir(), 'bench-gateway'), 'QUOTEBRIDGE_DATA');
  const unlock = lockFolder(folder, 'another npm run bench:gateway runs in this checkout; wait for it');
  const own = join(folder, 'servers');
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  const closers = [];
  try {
    buildAndTell(root);
    const bench = await site(own, closers);
    const erp = await erpAt(bench, 0);
    const catalog = await bench.start('product-catalog', {});
    const customers = await bench.start('customer', {});
    const orders = await bench.start('product-order', { CATALOG_URL: `${catalog.url}${CATALOG}` });
    const connector = await startConnector(bench, erp, options['calls-at-once']);
    await loadMasterData(connector);
    const startGateway = (env) =>
      bench.start('gateway', {
        ORDER_URL: orders.url,
        CATALOG_URL: catalog.url,
        CUSTOMER_URL: customers.url,
        INVENTORY_URL: NOBODY,
        SALES_URL: NOBODY,
        ...env,
      });
    const { port } = new URL(erp.url);
    const slow = await erpAt(bench, options.latency, port);
    const isWhole = await measureOrders(bench, await startGateway({}), slow, options);

    await erpAt(bench, LOOKUP_LATENCY, port);
    const price = (sent) => `/api/v2/pricing/customer?customer=${CUSTOMER}&part=SP-1001&quantity=${sent}`;
    const live = await startGateway({});
    await measureLookUps(live, `prices, ERP at ${LOOKUP_LATENCY} ms`, price, options);
    const master = await startGateway({ LIVE_LOOKUPS: 'false' });
    await measureLookUps(master, 'prices, master data', price, options);
    return isWhole ? 0 : 1;
  } finally {
    for (const close of closers.reverse()) await close().catch((error) => say(error.message));
    unlock();
  }
});
