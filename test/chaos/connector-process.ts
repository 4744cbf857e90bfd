import { fake } from '@quotebridge/connectors/fake';
import { startConnector } from '@quotebridge/connectors/runtime';
import { createLogger } from '@quotebridge/platform/telemetry';
import { FAKE_CREDENTIALS } from '@quotebridge/sandbox/fake';

// The fake connector in a process of its own, to be killed.
const [, , instance = '', sandbox = '', mongodbUri = '', natsUrl = ''] = process.argv;

startConnector({
  definition: fake,
  instance,
  settings: { baseUrl: sandbox, clientId: FAKE_CREDENTIALS.clientId, attemptSeconds: 5 },
  secrets: { clientSecret: FAKE_CREDENTIALS.clientSecret },
  mongodbUri,
  database: 'connector-chaos',
  natsUrl,
  host: '127.0.0.1',
  port: 0,
  schedule: { schedule: 'every 1s', timeZone: 'UTC' },
  outbound: { allow: ['loopback'] },
  logger: createLogger({ service: 'test', level: 'warn' }),
  settleMs: 500,
  leaseMs: 1_000,
  batchSize: 5,
}).then(
  () => process.stdout.write('{"ready":"connector"}\n'),
  (thrown: unknown) => {
    process.stderr.write(`${String(thrown)}\n`);
    process.exit(1);
  },
);
