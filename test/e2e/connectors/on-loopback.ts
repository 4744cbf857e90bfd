import { createLogger } from '@quotebridge/platform/telemetry';

/** How a connector of a test runs: on a free port of this machine, allowed to call it, and silent. */
export const ON_LOOPBACK = {
  host: '127.0.0.1',
  port: 0,
  outbound: { allow: ['loopback'] },
  logger: createLogger({ service: 'test', level: 'silent' }),
} as const;
