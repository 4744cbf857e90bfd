import { ACCESS_DATABASE } from '@quotebridge/platform/security';
import {
  defineSettings,
  logSettings,
  onlyOrigins,
  outboundSettings,
  traceSettings,
  urlOrPath,
  type SettingsOf,
} from '@quotebridge/platform/config';

/** The settings that every component has. Each app may add its own. */
export const componentSettings = defineSettings({
  host: { type: 'string', default: '127.0.0.1', doc: 'Address to listen on.' },
  port: { type: 'port', default: 0, doc: 'Port to listen on; 0 takes a free one.' },
  publicUrl: {
    type: 'string',
    default: '',
    check: urlOrPath,
    doc: 'Prefix of every href, such as https://example.com/deals or /deals; requests may begin with its path.',
  },
  mongodbUri: {
    type: 'url',
    schemes: ['mongodb', 'mongodb+srv'],
    doc: 'MongoDB replica set to keep the data in.',
    env: 'MONGODB_URI',
  },
  database: {
    type: 'string',
    optional: true,
    doc: 'Name of the database; the name of the component unless given.',
  },
  natsUrl: {
    type: 'url',
    schemes: ['nats', 'tls', 'ws', 'wss'],
    doc: 'NATS server with JetStream.',
    env: 'NATS_URL',
  },
  startupWait: {
    type: 'duration',
    default: '0s',
    doc: 'How long a start waits for a MongoDB or NATS that cannot be used yet, and says so, before it gives up.',
  },
  auth: {
    type: 'enum',
    values: ['on', 'off'],
    default: 'on',
    doc: 'Access control; off only when listening on loopback.',
  },
  fieldKeys: {
    type: 'secret',
    optional: true,
    doc: 'Keys of personal data, <id>:<32 bytes in base64>, separated by commas; the first one encrypts, all decrypt.',
  },
  fieldEncryption: {
    type: 'enum',
    values: ['on', 'off'],
    default: 'on',
    doc: 'Whether a component with personal data refuses to start without FIELD_KEYS, unless it listens on loopback.',
  },
  jwksUri: { type: 'url', optional: true, doc: 'Where the keys of the token issuer are.' },
  jwtIssuer: { type: 'string', optional: true, doc: 'Issuer that tokens must name.' },
  jwtAudience: { type: 'string', optional: true, doc: 'Audience that tokens must name.' },
  jwtRolesClaim: {
    type: 'string',
    default: 'roles',
    doc: 'Claim of tokens that lists roles; a path where it is nested, for example realm_access.roles.',
  },
  accessDatabase: {
    type: 'string',
    default: ACCESS_DATABASE,
    doc: 'Database of the API keys, shared by all components.',
  },
  corsOrigins: {
    type: 'list',
    default: [],
    check: onlyOrigins,
    doc: 'Origins that browsers may call from; * for all.',
  },
  trustProxy: { type: 'boolean', default: false, doc: 'Whether a proxy in front sets X-Forwarded-For.' },
  rateLimitPerMinute: {
    type: 'int',
    default: 60_000,
    min: 0,
    doc: 'Requests per minute and client; 0 for no limit.',
  },
  bodyLimitBytes: {
    type: 'int',
    default: 10_485_760,
    min: 1_024,
    max: 16_777_216,
    doc: 'Largest request body in bytes.',
  },
  requestTimeout: {
    type: 'duration',
    default: '30s',
    min: '1s',
    doc: 'Longest time a client may take to send a request.',
  },
  defaultLimit: {
    type: 'int',
    default: 100,
    min: 1,
    max: 1_000,
    doc: 'Items of a list when the client names no limit.',
  },
  maxLimit: { type: 'int', default: 1_000, min: 1, max: 10_000, doc: 'Most items of a list page.' },
  countCap: { type: 'int', default: 1_000, min: 1, doc: 'Totals of filtered lists are counted up to here.' },
  queryTime: {
    type: 'duration',
    default: '2s',
    min: '10ms',
    doc: 'Longest time a list query may take in the store.',
  },
  requireIfMatch: { type: 'boolean', default: false, doc: 'Refuse changes without If-Match with 428.' },
  ...outboundSettings,
  hubParkAfter: {
    type: 'int',
    default: 15,
    min: 1,
    doc: 'Tries of one notification before its subscriber is parked.',
  },
  hubTimeout: {
    type: 'duration',
    default: '10s',
    min: '100ms',
    doc: 'Longest time a subscriber may take to answer.',
  },
  ...traceSettings,
  autoInstrumentation: {
    type: 'boolean',
    default: false,
    doc: 'Trace libraries automatically; costs a third of the throughput.',
  },
  ...logSettings,
});

/** Values of {@link componentSettings}. */
export type ComponentSettings = SettingsOf<typeof componentSettings>;
