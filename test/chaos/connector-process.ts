import { fake } from '@quotebridge/connectors/fake';
import { startConnector } from '@quotebridge/connectors/runtime';
import { s4hana } from '@quotebridge/connectors/s4hana';
import { salesforce } from '@quotebridge/connectors/salesforce';
import type { StreamOptions } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { createLogger } from '@quotebridge/platform/telemetry';

/** What a connector in a process of its own is told, as JSON. */
export interface ConnectorOrder {
  readonly type: 'fake' | 's4hana' | 'salesforce';
  readonly instance: string;
  readonly settings: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  readonly mongodbUri: string;
  readonly database: string;
  readonly natsUrl: string;
  readonly schedule: string;
  readonly streams?: readonly StreamOptions[];
  readonly batchSize: number;
  /** After how long others take over when it was killed; a store that stands still for so long ends its runs. A second unless given. */
  readonly leaseMs?: number;
}

// A connector to be killed.
const { type, schedule, leaseMs = 1_000, ...order } = JSON.parse(process.argv[2] ?? '{}') as ConnectorOrder;

startConnector({
  ...order,
  definition: { fake, s4hana, salesforce }[type],
  host: '127.0.0.1',
  port: 0,
  schedule: { schedule, timeZone: 'UTC' },
  outbound: { allow: ['loopback'] },
  logger: createLogger({ service: 'test', level: 'warn' }),
  settleMs: 500,
  leaseMs,
}).then(
  ({ url }) => process.stdout.write(`${JSON.stringify({ ready: url })}\n`),
  (thrown: unknown) => {
    process.stderr.write(`${String(thrown)}\n`);
    process.exit(1);
  },
);
