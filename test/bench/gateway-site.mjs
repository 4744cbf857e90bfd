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

/** Starts programs of this workspace one by one; `replace` ends the one of that name first, on the same data. */
export const openGatewaySite = async (folder, closers) => {
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

/** The simulated ERP that takes `latency` ms for each answer; on `port` it stands in for the one before. */
export const erpAt = async ({ start }, latency, port) => {
  const ports = ['SALESFORCE_PORT', 'SFTP_PAGE_PORT', 'SFTP_PORT', 'REST_PORT'];
  const others = await Promise.all(ports.map(async (name) => [name, String(await freePort())]));
  return start(
    'sandbox',
    { ...Object.fromEntries(others), SANDBOX_LATENCY: `${latency}ms`, SANDBOX_AFTER_SALES: '0' },
    { ready: '/', portName: 'S4HANA_PORT', ...(port === undefined ? {} : { port }) },
  );
};

/** The connector of that ERP, with that many calls at once; it runs its streams only when it is told. */
export const startConnector = ({ start }, erp, callsAtOnce) => {
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
