import { defineSettings } from './schema';

/** What every process can be told about its traces. */
export const traceSettings = defineSettings({
  otlpEndpoint: {
    type: 'url',
    optional: true,
    doc: 'OTLP/HTTP receiver of traces.',
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
  },
  traceRatio: { type: 'ratio', default: 0.1, doc: 'Share of new traces that are recorded, 0 to 1.' },
});

/** The networks that a process may call at the wish of others. */
export const outboundSettings = defineSettings({
  outboundAllow: {
    type: 'list',
    values: ['loopback', 'private', 'link-local', 'reserved'],
    default: [],
    doc: 'Networks besides public ones that addresses from clients and settings may lead to.',
  },
});

/** How much of what happens is logged. */
export const logSettings = defineSettings({
  logLevel: {
    type: 'enum',
    values: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    doc: 'Least level that is logged.',
  },
});
