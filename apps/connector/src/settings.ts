import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import {
  checkedBy,
  defineSettings,
  logSettings,
  outboundSettings,
  traceSettings,
} from '@quotebridge/platform/config';
import { readStreamOptions, type StreamFile } from '@quotebridge/connectors/runtime';
import { readSchedule } from '@quotebridge/connectors/sdk';
import { connectorTypes } from './connectors';

/** Settings of the process, from the environment. */
export const processSettings = defineSettings({
  connectorType: { type: 'enum', values: connectorTypes, doc: 'Kind of connector to run.' },
  connectorInstance: {
    type: 'string',
    doc: 'Name of the instance; owner of the external identifiers it gives.',
  },
  connectorSettings: { type: 'string', optional: true, doc: 'Settings of the connector as JSON text.' },
  connectorSettingsFile: {
    type: 'string',
    optional: true,
    doc: 'File with the settings as JSON, instead of the text.',
  },
  connectorSecrets: { type: 'secret', optional: true, doc: 'Secrets as a JSON object of texts.' },
  connectorSecretsDir: { type: 'string', optional: true, doc: 'Folder with one file for each secret.' },
  mongodbUri: {
    type: 'url',
    schemes: ['mongodb', 'mongodb+srv'],
    doc: 'MongoDB replica set for checkpoints and runs.',
  },
  connectorDatabase: { type: 'string', default: 'quotebridge_connectors', doc: 'Database in it.' },
  natsUrl: { type: 'string', doc: 'NATS servers, separated by commas.' },
  startupWait: {
    type: 'duration',
    default: '0s',
    doc: 'How long a start waits for a MongoDB or NATS that cannot be used yet, and says so, before it gives up.',
  },
  host: { type: 'string', default: '127.0.0.1', doc: 'Address to listen on.' },
  port: { type: 'port', default: 8090, doc: 'Port of probes and operations.' },
  adminToken: {
    type: 'secret',
    minLength: 16,
    optional: true,
    doc: 'Bearer token of the operations routes.',
  },
  connectorStreams: {
    type: 'string',
    optional: true,
    doc: 'How single streams and actions run, as JSON text: schedule, time zone, mode, mapping.',
  },
  connectorStreamsFile: {
    type: 'string',
    optional: true,
    doc: 'File with the same as JSON, instead of the text.',
  },
  connectorState: {
    type: 'enum',
    values: ['running', 'paused'],
    default: 'running',
    doc: 'Paused: begins nothing by itself, but takes commands.',
  },
  streamSchedule: {
    type: 'string',
    default: '0 2 * * *',
    check: checkedBy((text) => readSchedule(text, 'UTC')),
    doc: 'When streams run: a cron expression, daily, hourly, "every 60s", or event (only when told).',
  },
  streamTimeZone: {
    type: 'string',
    default: 'UTC',
    check: checkedBy((timeZone) => readSchedule('daily', timeZone)),
    doc: 'Time zone of the schedules (IANA name).',
  },
  settleTime: {
    type: 'duration',
    default: '15s',
    doc: 'Longest time in which a sent order becomes visible.',
  },
  ...outboundSettings,
  outboundAllowHosts: { type: 'list', default: [], doc: 'Hosts that may be in any network.' },
  ...logSettings,
  ...traceSettings,
});

const parseObject = (text: string, what: string): JsonObject => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isJsonObject(value)) throw new Error(`${what} is not a JSON object`);
  return value;
};

/** The connector's settings from the text or the file; one of the two must be given. */
export const readConnectorSettings = (text: string | undefined, file: string | undefined): JsonObject => {
  if (text !== undefined) return parseObject(text, 'CONNECTOR_SETTINGS');
  if (file === undefined) throw new Error('Give CONNECTOR_SETTINGS or CONNECTOR_SETTINGS_FILE');
  return parseObject(readFileSync(file, 'utf8'), `The file ${file}`);
};

/** How streams and actions run, from the text or the file; as the connector declares when neither is given. */
export const readStreams = (text: string | undefined, file: string | undefined): StreamFile => {
  if (text !== undefined) return readStreamOptions(parseObject(text, 'CONNECTOR_STREAMS'));
  if (file === undefined) return readStreamOptions({});
  return readStreamOptions(parseObject(readFileSync(file, 'utf8'), `The file ${file}`));
};

/** Secrets from the JSON text and from a folder as Kubernetes mounts them; the folder wins. */
export const readSecrets = (text: string | undefined, folder: string | undefined): Record<string, string> => {
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(
    text === undefined ? {} : parseObject(text, 'CONNECTOR_SECRETS'),
  )) {
    if (typeof value === 'string') secrets[name] = value;
  }
  if (folder === undefined) return secrets;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    // Kubernetes keeps its bookkeeping in names that begin with two dots.
    if (entry.name.startsWith('.') || entry.isDirectory()) continue;
    secrets[entry.name] = readFileSync(join(folder, entry.name), 'utf8').trim();
  }
  return secrets;
};
