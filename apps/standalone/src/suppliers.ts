import { rest } from '@quotebridge/connectors/rest';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { sftp } from '@quotebridge/connectors/sftp';
import type { JsonObject } from '@quotebridge/platform/core';
import { REST_SANDBOX_CREDENTIALS, startRestSandbox } from '@quotebridge/sandbox/rest';
import { SFTP_SANDBOX_CREDENTIALS, startSftpSandbox, type SftpSandbox } from '@quotebridge/sandbox/sftp';
import type { ConnectorBase } from './crm-and-erp';
import { startTogether } from './start-together';

/** Names of the connector instances: owners of the external identifiers they give. */
export const PARTS_INSTANCE = 'parts';
const SUPPLIER_INSTANCE = 'supplier';

/** Two suppliers of parts: one drops files, one has an API. */
export interface Suppliers {
  readonly partsConnector: RunningConnector;
  readonly supplierConnector: RunningConnector;
  readonly sftpSandboxUrl: string;
  readonly restSandboxUrl: string;
  close(): Promise<void>;
}

/** What starting them needs: what all connectors are told, ports, and where the sandboxes keep their data. */
interface SuppliersOptions {
  readonly base: ConnectorBase;
  readonly ports: Readonly<
    Record<'sftp' | 'sftpPage' | 'rest' | 'partsConnector' | 'supplierConnector', number>
  >;
  dataFile(name: string): string;
}

/** A tenth of the usual 2,000 parts: everything is to be up soon. */
const SUPPLIER_SIZE = 0.1;

const PART = 'Teilenummer';
const LIFECYCLE: JsonObject = { from: 'Status', values: { A: 'Launched', S: 'Launched', O: 'Retired' } };
const common = { id: PART, idType: 'part', changed: { from: 'Geaendert', format: 'dd.MM.yyyy' } };

/** A parts list becomes specifications, list prices and offerings. */
const STREAMS: JsonObject[] = [
  {
    ...common,
    name: 'partSpecifications',
    resource: 'productSpecification',
    fields: {
      name: { from: 'Description', required: true },
      description: 'Bezeichnung',
      productNumber: PART,
      isBundle: { constant: false },
      lifecycleStatus: LIFECYCLE,
    },
  },
  {
    ...common,
    name: 'partPrices',
    resource: 'productOfferingPrice',
    fields: {
      name: PART,
      priceType: { constant: 'oneTime' },
      isBundle: { constant: false },
      lifecycleStatus: { constant: 'Launched' },
      'price.value': { from: 'Listenpreis', type: 'decimal', decimal: ',', group: '.', required: true },
      'price.unit': 'Waehrung',
      'unitOfMeasure.amount': { constant: 1 },
      'unitOfMeasure.units': { from: 'Einheit', values: { ST: 'PC' } },
    },
  },
  {
    ...common,
    name: 'partOfferings',
    resource: 'productOffering',
    fields: {
      name: { from: 'Description', required: true },
      isBundle: { constant: false },
      isSellable: { from: 'Status', values: { A: true, S: false, O: false } },
      lifecycleStatus: LIFECYCLE,
      'productSpecification.id': { from: PART, reference: 'productSpecification' },
      'productOfferingPrice[0].id': { from: PART, reference: 'productOfferingPrice' },
    },
  },
];

const fileSettings = (sandbox: SftpSandbox): JsonObject => ({
  host: '127.0.0.1',
  port: sandbox.sftpPort,
  user: SFTP_SANDBOX_CREDENTIALS.user,
  auth: { kind: 'password' },
  hostKeys: [sandbox.hostKey],
  inbox: '/inbox',
  archive: '/archive',
  results: '/results',
  drops: [
    {
      name: 'parts',
      files: 'parts-*.csv',
      format: { kind: 'csv', delimiter: ';' },
      complete: { kind: 'stable', seconds: 0 },
      streams: STREAMS,
    },
  ],
});

const apiSettings = (url: string): JsonObject => ({
  baseUrl: url,
  auth: {
    kind: 'clientCredentials',
    tokenUrl: `${url}/oauth/token`,
    clientId: REST_SANDBOX_CREDENTIALS.clientId,
  },
  check: '/api/status',
  streams: [
    {
      name: 'supplierParts',
      path: '/api/cursor/parts',
      query: { limit: '500' },
      records: 'data.parts',
      paging: { kind: 'cursor', parameter: 'cursor', path: 'meta.next' },
      delta: { parameter: 'updated_since' },
      resource: 'productSpecification',
      id: 'number',
      idType: 'supplierPart',
      changed: { from: 'changedAt' },
      fields: {
        name: { from: 'texts.en', required: true },
        productNumber: 'number',
        isBundle: { constant: false },
      },
    },
  ],
  webhooks: [{ name: 'parts', stream: 'supplierParts', records: 'data.parts' }],
});

/** Starts the sandboxes of both suppliers and a connector for each. */
export const startSuppliers = ({ base, ports, dataFile }: SuppliersOptions): Promise<Suppliers> =>
  startTogether(async (atTheEnd) => {
    const files = await startSftpSandbox({
      host: base.host,
      port: ports.sftpPage,
      sftpPort: ports.sftp,
      size: SUPPLIER_SIZE,
      dataFile: dataFile('sftp'),
    });
    atTheEnd(() => files.close());
    const api = await startRestSandbox({
      host: base.host,
      port: ports.rest,
      dataFile: dataFile('rest'),
      size: SUPPLIER_SIZE,
    });
    atTheEnd(() => api.close());
    const partsConnector = await startConnector({
      ...base,
      definition: sftp,
      instance: PARTS_INSTANCE,
      port: ports.partsConnector,
      settings: fileSettings(files),
      secrets: { password: SFTP_SANDBOX_CREDENTIALS.password },
    });
    atTheEnd(() => partsConnector.stop());
    const supplierConnector = await startConnector({
      ...base,
      definition: rest,
      instance: SUPPLIER_INSTANCE,
      port: ports.supplierConnector,
      settings: apiSettings(api.url),
      secrets: {
        clientSecret: REST_SANDBOX_CREDENTIALS.clientSecret,
        'webhook-parts': 'supplier-webhook-secret',
      },
    });
    atTheEnd(() => supplierConnector.stop());
    return { partsConnector, supplierConnector, sftpSandboxUrl: files.url, restSandboxUrl: api.url };
  });
