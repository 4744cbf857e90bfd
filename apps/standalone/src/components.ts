import { join } from 'node:path';
import { customerComponent, customerSettings } from '@quotebridge/components/customer';
import { gatewayComponent, gatewaySettings } from '@quotebridge/components/gateway';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { productInventory, productInventorySettings } from '@quotebridge/components/product-inventory';
import { productOrderComponent, productOrderSettings } from '@quotebridge/components/product-order';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { salesComponent, salesSettings } from '@quotebridge/components/sales';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import { S4_INSTANCE } from './crm-and-erp';
import { fieldKeysIn } from './field-keys';
import { HOST, portOf, type StandaloneSettings } from './settings';

/** What all components are told; access control is off because everything listens on loopback only. */
const commonSource = (settings: StandaloneSettings): Record<string, string> => ({
  HOST,
  AUTH: 'off',
  MONGODB_URI: settings.mongodbUri,
  NATS_URL: settings.natsUrl,
  OUTBOUND_ALLOW: 'loopback',
  LOG_LEVEL: settings.logLevel,
  TRACE_RATIO: String(settings.traceRatio),
  ...(settings.otlpEndpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: settings.otlpEndpoint }),
});

/** Starts every component and adds each to `started` as soon as it runs, also when another one cannot start. */
export const startComponents = async (
  settings: StandaloneSettings,
  started: RunningComponent[],
): Promise<void> => {
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
  const inventory = await startComponent(
    productInventory,
    loadSettings(productInventorySettings, source('product-inventory', settings.inventoryPort)),
  );
  started.push(inventory);
  const others = await Promise.allSettled([
    startComponent(
      quoteComponent,
      loadSettings(quoteSettings, {
        ...source('quote', settings.quotePort),
        CATALOG_URL: catalogUrl,
        INVENTORY_URL: inventory.url,
        // One of the demonstration expires before one's eyes.
        EXPIRY_INTERVAL: '1s',
      }),
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
    startComponent(salesComponent, loadSettings(salesSettings, source('sales', settings.salesPort))),
  ]);
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
        INVENTORY_URL: inventory.url,
        SALES_URL: urlOf('sales'),
        ERP_INSTANCE: S4_INSTANCE,
        OFFERING_SOURCE: S4_INSTANCE,
        // Everything listens on loopback only; whoever tries it needs to know it.
        WEBHOOK_SECRET: 'quotebridge on loopback',
      }),
    ),
  );
};
