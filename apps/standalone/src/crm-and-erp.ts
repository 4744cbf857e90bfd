import {
  startConnector,
  type ConnectorAppSettings,
  type RunningConnector,
} from '@quotebridge/connectors/runtime';
import { s4hana } from '@quotebridge/connectors/s4hana';
import { salesforce } from '@quotebridge/connectors/salesforce';
import { S4_SANDBOX_CREDENTIALS, S4_SANDBOX_SALES_AREA, startS4Sandbox } from '@quotebridge/sandbox/s4hana';
import { SALESFORCE_SANDBOX_CREDENTIALS, startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import { PAYMENT_TEXT } from './clerk';
import { HOST, portOf, type StandaloneSettings } from './settings';
import type { AtTheEnd } from './start-together';

/** Names of the connector instances: owners of the external identifiers they give. */
export const S4_INSTANCE = 's4hana';
export const SALESFORCE_INSTANCE = 'salesforce';

/** Part of the after-sales business that S/4HANA has: 10 customers, 60 spare parts, 16 machines. More makes the start slow. */
const AFTER_SALES = 0.02;

/** Where the two simulated systems listen. */
export interface SandboxUrls {
  readonly s4SandboxUrl: string;
  readonly salesforceSandboxUrl: string;
}

/** Starts the simulated S/4HANA system and the simulated Salesforce org. */
export const startSandboxes = async (
  settings: StandaloneSettings,
  dataFile: (name: string) => string,
  atTheEnd: AtTheEnd,
): Promise<SandboxUrls> => {
  const s4 = await startS4Sandbox({
    host: HOST,
    port: portOf(settings, settings.s4SandboxPort),
    dataFile: dataFile('s4hana'),
    afterSales: AFTER_SALES,
  });
  atTheEnd(() => s4.close());
  const org = await startSalesforceSandbox({
    host: HOST,
    port: portOf(settings, settings.salesforceSandboxPort),
    dataFile: dataFile('salesforce'),
  });
  atTheEnd(() => org.close());
  return { s4SandboxUrl: s4.url, salesforceSandboxUrl: org.url };
};

const s4Settings = (url: string) => ({
  baseUrl: url,
  client: '100',
  auth: {
    kind: 'clientCredentials',
    clientId: S4_SANDBOX_CREDENTIALS.clientId,
    tokenUrl: `${url}/sap/bc/sec/oauth2/token`,
  },
  salesOrganization: S4_SANDBOX_SALES_AREA.SalesOrganization,
  distributionChannel: S4_SANDBOX_SALES_AREA.DistributionChannel,
  plant: '1710',
  payment: { text: PAYMENT_TEXT },
});

const salesforceSettings = (url: string) => ({
  instanceUrl: url,
  clientId: SALESFORCE_SANDBOX_CREDENTIALS.clientId,
  offeringSource: S4_INSTANCE,
  currency: 'EUR',
  fields: {
    quoteId: 'QuoteBridge_Quote_Id__c',
    orderNumber: 'ERP_Order_Number__c',
    orderStatus: 'ERP_Order_Status__c',
  },
  // What the ERP calls a customer counts.
  accountOwners: { name: 'quotebridge' },
  orders: {
    idField: 'QuoteBridge_Order__c',
    fields: { state: 'ERP_Order_Status__c', number: 'ERP_Order_Number__c' },
    take: { from: '2026-01-01T00:00:00Z' },
    payment: { field: 'Payment_Status__c' },
  },
});

/** What all connectors are told. */
export type ConnectorBase = Pick<
  ConnectorAppSettings,
  'mongodbUri' | 'database' | 'natsUrl' | 'host' | 'outbound' | 'logger'
>;

/** Connectors to the two simulated systems. */
export interface CrmAndErpConnectors {
  readonly s4Connector: RunningConnector;
  readonly salesforceConnector: RunningConnector;
}

/** Starts the connectors to the two simulated systems. */
export const startConnectors = async (
  base: ConnectorBase,
  settings: StandaloneSettings,
  { s4SandboxUrl, salesforceSandboxUrl }: SandboxUrls,
  atTheEnd: AtTheEnd,
): Promise<CrmAndErpConnectors> => {
  const s4Connector = await startConnector({
    ...base,
    definition: s4hana,
    instance: S4_INSTANCE,
    port: portOf(settings, settings.s4ConnectorPort),
    settings: s4Settings(s4SandboxUrl),
    secrets: { clientSecret: S4_SANDBOX_CREDENTIALS.clientSecret },
  });
  atTheEnd(() => s4Connector.stop());
  const salesforceConnector = await startConnector({
    ...base,
    definition: salesforce,
    instance: SALESFORCE_INSTANCE,
    port: portOf(settings, settings.salesforceConnectorPort),
    settings: salesforceSettings(salesforceSandboxUrl),
    secrets: { clientSecret: SALESFORCE_SANDBOX_CREDENTIALS.clientSecret },
  });
  atTheEnd(() => salesforceConnector.stop());
  return { s4Connector, salesforceConnector };
};
