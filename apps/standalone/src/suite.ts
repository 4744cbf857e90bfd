import { join } from 'node:path';
import { customerComponent, customerSettings } from '@quotebridge/components/customer';
import { gatewayComponent, gatewaySettings } from '@quotebridge/components/gateway';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { productInventory, productInventorySettings } from '@quotebridge/components/product-inventory';
import { productOrderComponent, productOrderSettings } from '@quotebridge/components/product-order';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { salesComponent, salesSettings } from '@quotebridge/components/sales';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { s4hana } from '@quotebridge/connectors/s4hana';
import { salesforce } from '@quotebridge/connectors/salesforce';
import { loadSettings } from '@quotebridge/platform/config';
import { createLogger, type Logger } from '@quotebridge/platform/telemetry';
import { S4_SANDBOX_CREDENTIALS, S4_SANDBOX_SALES_AREA, startS4Sandbox } from '@quotebridge/sandbox/s4hana';
import { SALESFORCE_SANDBOX_CREDENTIALS, startSalesforceSandbox } from '@quotebridge/sandbox/salesforce';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import { fieldKeysIn } from './field-keys';
import type { StandaloneSettings } from './settings';
import { startSuppliers, type Suppliers } from './suppliers';

const HOST = '127.0.0.1';
const STREAMS_EVERY = 'every 5s';
/** Part of the after-sales business that S/4HANA has: 10 customers, 60 spare parts, 16 machines. More makes the start slow. */
const AFTER_SALES = 0.02;

/** Everything that runs, and where it is. */
export interface Suite {
  readonly components: readonly RunningComponent[];
  readonly s4Connector: RunningConnector;
  readonly salesforceConnector: RunningConnector;
  readonly s4SandboxUrl: string;
  readonly salesforceSandboxUrl: string;
  readonly suppliers: Suppliers;
  /** Runs all streams again and again until the suite is closed. */
  startSchedules(): void;
  close(): Promise<void>;
}

/** Names of the connector instances: owners of the external identifiers they give. */
export const S4_INSTANCE = 's4hana';
export const SALESFORCE_INSTANCE = 'salesforce';

type Say = (line: string) => void;

const portOf = (settings: StandaloneSettings, port: number): number => (settings.ports === 'free' ? 0 : port);

/** What all components are told; access control is off because everything listens on loopback only. */
const commonSource = (settings: StandaloneSettings): Record<string, string> => ({
  HOST,
  AUTH: 'off',
  MONGODB_URI: settings.mongodbUri,
  NATS_URL: settings.natsUrl,
  ALLOW_PRIVATE_CALLBACKS: 'true',
  LOG_LEVEL: settings.logLevel,
  TRACE_RATIO: settings.traceRatio,
  ...(settings.otlpEndpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: settings.otlpEndpoint }),
});

const startComponents = async (settings: StandaloneSettings, started: RunningComponent[]): Promise<void> => {
  const fieldKeys = await fieldKeysIn(settings.dataFolder);
  const source = (name: string, port: number): Record<string, string> => ({
    ...commonSource(settings),
    FIELD_KEYS: fieldKeys,
    PORT: String(portOf(settings, port)),
    DATABASE: `${settings.databasePrefix}-${name}`,
  });
  const catalog = await startComponent(
    productCatalog,
    loadSettings(productCatalogSettings, {
      ...source('product-catalog', settings.catalogPort),
      JOBS_FOLDER: join(settings.dataFolder, 'jobs'),
    }),
  );
  started.push(catalog);
  const catalogUrl = catalog.addresses['TMF620/v5'] ?? '';
  const others = await Promise.allSettled([
    startComponent(
      quoteComponent,
      loadSettings(quoteSettings, { ...source('quote', settings.quotePort), CATALOG_URL: catalogUrl }),
    ),
    startComponent(
      productOrderComponent,
      loadSettings(productOrderSettings, {
        ...source('product-order', settings.orderPort),
        CATALOG_URL: catalogUrl,
      }),
    ),
    startComponent(
      customerComponent,
      loadSettings(customerSettings, source('customer', settings.customerPort)),
    ),
    startComponent(
      productInventory,
      loadSettings(productInventorySettings, source('product-inventory', settings.inventoryPort)),
    ),
    startComponent(salesComponent, loadSettings(salesSettings, source('sales', settings.salesPort))),
  ]);
  // What did start is closed with the suite, also when another one could not.
  for (const one of others) if (one.status === 'fulfilled') started.push(one.value);
  const failed = others.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  const urlOf = (name: string): string => started.find((one) => one.name === name)?.url ?? '';
  started.push(
    await startComponent(
      gatewayComponent,
      loadSettings(gatewaySettings, {
        ...source('gateway', settings.gatewayPort),
        ORDER_URL: urlOf('product-order'),
        CUSTOMER_URL: urlOf('customer'),
        CATALOG_URL: catalog.url,
        INVENTORY_URL: urlOf('product-inventory'),
        SALES_URL: urlOf('sales'),
        ERP_INSTANCE: S4_INSTANCE,
        OFFERING_SOURCE: S4_INSTANCE,
        // Everything listens on loopback only; whoever tries it needs to know it.
        WEBHOOK_SECRET: 'quotebridge on loopback',
      }),
    ),
  );
};

const connectorBase = (settings: StandaloneSettings, logger: Logger) => ({
  mongodbUri: settings.mongodbUri,
  database: `${settings.databasePrefix}-connectors`,
  natsUrl: settings.natsUrl,
  host: HOST,
  outbound: { allow: ['loopback' as const] },
  logger,
});

/** Starts the sandboxes, the components and the connectors, in the order in which they need one another. */
export const startSuite = async (settings: StandaloneSettings, say: Say): Promise<Suite> => {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closers.reverse()) await step();
  };
  const logger = createLogger({ service: 'standalone', level: settings.logLevel });
  try {
    const sandboxFile = (name: string): string => join(settings.dataFolder, 'sandbox', `${name}.json`);
    const s4 = await startS4Sandbox({
      host: HOST,
      port: portOf(settings, settings.s4SandboxPort),
      dataFile: sandboxFile('s4hana'),
      afterSales: AFTER_SALES,
    });
    closers.push(() => s4.close());
    const salesforceSandbox = await startSalesforceSandbox({
      host: HOST,
      port: portOf(settings, settings.salesforceSandboxPort),
      dataFile: sandboxFile('salesforce'),
    });
    closers.push(() => salesforceSandbox.close());
    say(`  sandboxes     S/4HANA ${s4.url}, Salesforce ${salesforceSandbox.url}`);

    const components: RunningComponent[] = [];
    closers.push(() => Promise.all(components.map((component) => component.close())));
    await startComponents(settings, components);
    say(`  components    ${components.map(({ name, url }) => `${name} ${url}`).join(', ')}`);

    const s4Connector = await startConnector({
      ...connectorBase(settings, logger),
      definition: s4hana,
      instance: S4_INSTANCE,
      port: portOf(settings, settings.s4ConnectorPort),
      settings: {
        baseUrl: s4.url,
        client: '100',
        auth: {
          kind: 'clientCredentials',
          clientId: S4_SANDBOX_CREDENTIALS.clientId,
          tokenUrl: `${s4.url}/sap/bc/sec/oauth2/token`,
        },
        salesOrganization: S4_SANDBOX_SALES_AREA.SalesOrganization,
        distributionChannel: S4_SANDBOX_SALES_AREA.DistributionChannel,
        plant: '1710',
      },
      secrets: { clientSecret: S4_SANDBOX_CREDENTIALS.clientSecret },
    });
    closers.push(() => s4Connector.stop());
    const salesforceConnector = await startConnector({
      ...connectorBase(settings, logger),
      definition: salesforce,
      instance: SALESFORCE_INSTANCE,
      port: portOf(settings, settings.salesforceConnectorPort),
      settings: {
        instanceUrl: salesforceSandbox.url,
        clientId: SALESFORCE_SANDBOX_CREDENTIALS.clientId,
        offeringSource: S4_INSTANCE,
        fields: {
          quoteId: 'QuoteBridge_Quote_Id__c',
          orderNumber: 'ERP_Order_Number__c',
          orderStatus: 'ERP_Order_Status__c',
        },
      },
      secrets: { clientSecret: SALESFORCE_SANDBOX_CREDENTIALS.clientSecret },
    });
    closers.push(() => salesforceConnector.stop());
    say(
      `  connectors    ${S4_INSTANCE} ${s4Connector.url}, ${SALESFORCE_INSTANCE} ${salesforceConnector.url}`,
    );
    const suppliers = await startSuppliers({
      base: connectorBase(settings, logger),
      ports: {
        sftp: portOf(settings, settings.sftpSandboxPort),
        sftpPage: portOf(settings, settings.sftpPagePort),
        rest: portOf(settings, settings.restSandboxPort),
        partsConnector: portOf(settings, settings.partsConnectorPort),
        supplierConnector: portOf(settings, settings.supplierConnectorPort),
      },
      dataFile: sandboxFile,
    });
    closers.push(() => suppliers.close());
    const { partsConnector, supplierConnector } = suppliers;
    say(`  suppliers     files ${partsConnector.url}, API ${supplierConnector.url}`);
    // The deal runs the streams itself, step by step; afterwards a schedule does.
    const startSchedules = (): void => {
      for (const connector of [s4Connector, salesforceConnector, partsConnector, supplierConnector]) {
        connector.schedule({ schedule: STREAMS_EVERY, timeZone: 'UTC' });
      }
    };
    return {
      startSchedules,
      components,
      s4Connector,
      salesforceConnector,
      s4SandboxUrl: s4.url,
      salesforceSandboxUrl: salesforceSandbox.url,
      suppliers,
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
};
