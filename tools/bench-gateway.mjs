// Measures the business API: npm run bench:gateway -- --seconds=600
// Orders at an even pace through gateway, product ordering and the S/4HANA connector into a simulated ERP that takes its time, and
// what became of each; then look-ups of each kind, live from an ERP that takes 100 ms and from master data alone.
import { measureLookUps, questionsAbout } from '../test/bench/gateway-look-ups.mjs';
import { measureOrders } from '../test/bench/gateway-orders.mjs';
import { erpAt, loadMasterData, openGatewaySite, startConnectors } from '../test/bench/gateway-site.mjs';
import { readNumbers } from '../test/bench/options.mjs';
import { runBench } from './lib/bench-run.mjs';
import { runTool } from './lib/say.mjs';

const CUSTOMER = '10100001';
const LOOKUP_LATENCY = 100;
const NOBODY = 'http://127.0.0.1:9';
const CATALOG = '/tmf-api/productCatalogManagement/v5';

const OPTIONS = {
  seconds: [10, 1, 'how long orders come'],
  'per-minute': [10_000, 60, 'orders a minute'],
  latency: [150, 0, 'ms that the ERP takes for each answer'],
  connectors: [1, 1, 'replicas of the connector, which share the hand-over'],
  'calls-at-once': [64, 1, 'calls that each of them has in work together'],
  'lookup-seconds': [5, 1, 'how long each kind of look-up comes'],
  'lookups-per-second': [50, 1, 'look-ups a second'],
  'wait-minutes': [120, 1, 'how long the ERP may take for the orders that are still on their way'],
};

await runTool(async () => {
  const options = readNumbers(OPTIONS);
  return runBench('bench:gateway', async (own, closers) => {
    const bench = await openGatewaySite(own, closers);
    const erp = await erpAt(bench, 0);
    const catalog = await bench.start('product-catalog', {});
    const customers = await bench.start('customer', {});
    const orders = await bench.start('product-order', { CATALOG_URL: `${catalog.url}${CATALOG}` });
    const inventory = await bench.start('product-inventory', {});
    const { connectors, 'calls-at-once': callsAtOnce } = options;
    await loadMasterData(await startConnectors(bench, erp, { connectors, callsAtOnce }));
    const startGateway = (env) =>
      bench.start('gateway', {
        ORDER_URL: orders.url,
        CATALOG_URL: catalog.url,
        CUSTOMER_URL: customers.url,
        INVENTORY_URL: inventory.url,
        SALES_URL: NOBODY,
        ...env,
      });
    const { port } = new URL(erp.url);
    const slow = await erpAt(bench, options.latency, port);
    const isWhole = await measureOrders(bench, await startGateway({}), slow, CUSTOMER, options);

    const questions = await questionsAbout(await erpAt(bench, LOOKUP_LATENCY, port), CUSTOMER);
    for (const [from, env] of [
      [`ERP at ${LOOKUP_LATENCY} ms`, {}],
      ['master data', { LIVE_LOOKUPS: 'false' }],
    ]) {
      const asked = await startGateway(env);
      for (const { name, path } of questions) await measureLookUps(asked, `${name}, ${from}`, path, options);
    }
    return isWhole ? 0 : 1;
  });
});
