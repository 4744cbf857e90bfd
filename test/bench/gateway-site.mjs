// The processes of the business API's measurement: one of each, with a simulated ERP that takes its time.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../tools/lib/paths.mjs';
import { freePort } from '../../tools/lib/ports.mjs';
import { SetupError } from '../../tools/lib/say.mjs';
import { startServices } from '../../tools/lib/services.mjs';
import { openDatabase } from './data.mjs';
import { startProgram } from './processes.mjs';

const require = createRequire(import.meta.url);
const ADMIN = 'bench-admin-token-0123456789';
/** Whose stock and structures the ERP is asked for. */
const PLANT = '1710';

/** Per cent of the after-sales business that the simulated ERP has: two models with their machines and structures, a hundred parts. */
const AFTER_SALES = '5';

/** Starts programs of this workspace one by one; one of a name that runs already ends first, on the same data. */
export const openGatewaySite = async (folder, closers) => {
  const services = await startServices(folder, { ...process.env, MONGODB_URI: '', NATS_URL: '' });
  closers.push(services.stop);
  const client = await openDatabase(services.mongodbUri);
  closers.push(() => client.close());
  const running = new Map();
  const start = async (app, env, { name = app, ...more } = {}) => {
    await running.get(name)?.stop();
    const program = await startProgram({
      name,
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
    running.set(name, program);
    return program;
  };
  closers.push(() => Promise.all([...running.values()].map((program) => program.stop())));
  return { client, start, collection: (app, name) => client.db(`bench-${app}`).collection(name) };
};

/** The simulated ERP that takes `latency` ms for each answer; on `port` it stands in for the one before. */
export const erpAt = async ({ start }, latency, port) => {
  const ports = ['SALESFORCE_PORT', 'SFTP_PAGE_PORT', 'SFTP_PORT', 'REST_PORT'];
  const others = await Promise.all(ports.map(async (name) => [name, String(await freePort())]));
  return start(
    'sandbox',
    { ...Object.fromEntries(others), SANDBOX_LATENCY: `${latency}ms`, SANDBOX_AFTER_SALES: AFTER_SALES },
    { ready: '/', portName: 'S4HANA_PORT', ...(port === undefined ? {} : { port }) },
  );
};

/** So many replicas of the connector of that ERP, each with that many calls at once; they run streams only when told. Gives the first. */
export const startConnectors = async ({ start }, erp, { connectors, callsAtOnce }) => {
  const s4 = require(join(root, 'dist/libs/sandbox/s4hana/src/index.js'));
  const { SalesOrganization, DistributionChannel } = s4.S4_SANDBOX_SALES_AREA;
  const { clientId, clientSecret } = s4.S4_SANDBOX_CREDENTIALS;
  const env = {
    CONNECTOR_TYPE: 's4hana',
    CONNECTOR_INSTANCE: 's4hana',
    CONNECTOR_SETTINGS: JSON.stringify({
      baseUrl: erp.url,
      client: '100',
      auth: { kind: 'clientCredentials', clientId, tokenUrl: `${erp.url}/sap/bc/sec/oauth2/token` },
      salesOrganization: SalesOrganization,
      distributionChannel: DistributionChannel,
      plant: PLANT,
      callsAtOnce,
    }),
    CONNECTOR_SECRETS: JSON.stringify({ clientSecret }),
    STREAM_SCHEDULE: 'event',
    OUTBOUND_ALLOW: 'loopback',
    ADMIN_TOKEN: ADMIN,
  };
  const first = await start('connector', env);
  for (let more = 2; more <= connectors; more += 1)
    await start('connector', env, { name: `connector-${more}` });
  return first;
};

const MASTER_DATA = [
  'productSpecifications',
  'productOfferingPrices',
  'productOfferings',
  'organizations',
  'customers',
  'spareParts',
  'components',
  'machines',
];

/** Loads what orders and look-ups need from the ERP, one stream after the other. */
export const loadMasterData = async (connector) => {
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
