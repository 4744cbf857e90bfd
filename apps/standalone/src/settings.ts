import { defineSettings, logSettings, traceSettings, type SettingsOf } from '@quotebridge/platform/config';

/** Settings of the standalone app; `npm start` sets the first three. */
export const standaloneSettings = defineSettings({
  mongodbUri: {
    type: 'url',
    schemes: ['mongodb', 'mongodb+srv'],
    doc: 'MongoDB replica set to keep the data in.',
  },
  natsUrl: { type: 'url', schemes: ['nats', 'tls'], doc: 'NATS server with JetStream.' },
  dataFolder: {
    type: 'string',
    env: 'QUOTEBRIDGE_DATA',
    doc: 'Folder for the addresses, the sandbox data and job files.',
  },
  databasePrefix: {
    type: 'string',
    default: 'quotebridge',
    env: 'QUOTEBRIDGE_DATABASE',
    doc: 'Beginning of the names of the databases.',
  },
  ports: {
    type: 'enum',
    values: ['fixed', 'free'],
    default: 'fixed',
    env: 'QUOTEBRIDGE_PORTS',
    doc: 'fixed: the ports below; free: any that are free, see addresses.json.',
  },
  catalogPort: {
    type: 'port',
    default: 8620,
    env: 'QUOTEBRIDGE_CATALOG_PORT',
    doc: 'Port of the product catalog (TMF620).',
  },
  orderPort: {
    type: 'port',
    default: 8622,
    env: 'QUOTEBRIDGE_ORDER_PORT',
    doc: 'Port of product ordering (TMF622).',
  },
  quotePort: { type: 'port', default: 8648, env: 'QUOTEBRIDGE_QUOTE_PORT', doc: 'Port of quotes (TMF648).' },
  customerPort: {
    type: 'port',
    default: 8629,
    env: 'QUOTEBRIDGE_CUSTOMER_PORT',
    doc: 'Port of customers, parties and party roles (TMF629, TMF632, TMF669).',
  },
  inventoryPort: {
    type: 'port',
    default: 8637,
    env: 'QUOTEBRIDGE_INVENTORY_PORT',
    doc: 'Port of the installed base (TMF637).',
  },
  salesPort: {
    type: 'port',
    default: 8699,
    env: 'QUOTEBRIDGE_SALES_PORT',
    doc: 'Port of leads and opportunities (TMF699).',
  },
  gatewayPort: {
    type: 'port',
    default: 8600,
    env: 'QUOTEBRIDGE_GATEWAY_PORT',
    doc: 'Port of the business API.',
  },
  salesforceConnectorPort: {
    type: 'port',
    default: 8701,
    env: 'QUOTEBRIDGE_SALESFORCE_CONNECTOR_PORT',
    doc: 'Port of the Salesforce connector.',
  },
  s4ConnectorPort: {
    type: 'port',
    default: 8702,
    env: 'QUOTEBRIDGE_S4_CONNECTOR_PORT',
    doc: 'Port of the S/4HANA connector.',
  },
  partsConnectorPort: {
    type: 'port',
    default: 8703,
    env: 'QUOTEBRIDGE_PARTS_CONNECTOR_PORT',
    doc: 'Port of the connector that reads parts lists by SFTP.',
  },
  supplierConnectorPort: {
    type: 'port',
    default: 8704,
    env: 'QUOTEBRIDGE_SUPPLIER_CONNECTOR_PORT',
    doc: 'Port of the connector to the API of a parts supplier.',
  },
  salesforceSandboxPort: {
    type: 'port',
    default: 8801,
    env: 'QUOTEBRIDGE_SALESFORCE_SANDBOX_PORT',
    doc: 'Port of the simulated Salesforce org.',
  },
  s4SandboxPort: {
    type: 'port',
    default: 8802,
    env: 'QUOTEBRIDGE_S4_SANDBOX_PORT',
    doc: 'Port of the simulated S/4HANA system.',
  },
  sftpPagePort: {
    type: 'port',
    default: 8803,
    env: 'QUOTEBRIDGE_SFTP_PAGE_PORT',
    doc: 'Port of the page of the simulated file server.',
  },
  sftpSandboxPort: {
    type: 'port',
    default: 8822,
    env: 'QUOTEBRIDGE_SFTP_SANDBOX_PORT',
    doc: 'Port of the simulated file server itself.',
  },
  restSandboxPort: {
    type: 'port',
    default: 8804,
    env: 'QUOTEBRIDGE_REST_SANDBOX_PORT',
    doc: 'Port of the simulated API of a parts supplier.',
  },
  ...traceSettings,
  logLevel: { ...logSettings.logLevel, default: 'warn' },
});

/** Values of {@link standaloneSettings}. */
export type StandaloneSettings = SettingsOf<typeof standaloneSettings>;

/** Nothing of `npm start` can be reached from elsewhere. */
export const HOST = '127.0.0.1';

/** The port a setting names, or any free one. */
export const portOf = (settings: StandaloneSettings, port: number): number =>
  settings.ports === 'free' ? 0 : port;
