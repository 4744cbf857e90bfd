// Measures the business API: npm run bench:gateway -- --seconds=600
// Orders at an even pace through gateway, product ordering and the S/4HANA connector into a simulated ERP that takes its time, and
// what became of each; then look-ups, live from an ERP that takes 100 ms and from master data alone.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { measureLookUps } from '../test/bench/gateway-look-ups.mjs';
import { measureOrders } from '../test/bench/gateway-orders.mjs';
import { erpAt, loadMasterData, openGatewaySite, startConnector } from '../test/bench/gateway-site.mjs';
import { readNumbers } from '../test/bench/options.mjs';
import { buildAndTell } from './lib/build.mjs';
import { lockFolder } from './lib/lock.mjs';
import { dataDir, root, writableDir } from './lib/paths.mjs';
import { runTool, say } from './lib/say.mjs';

const CUSTOMER = '10100001';
const LOOKUP_LATENCY = 100;
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
    const bench = await openGatewaySite(own, closers);
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
    const isWhole = await measureOrders(bench, await startGateway({}), slow, CUSTOMER, options);

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
