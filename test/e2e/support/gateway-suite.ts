import { productInventory, productInventorySettings } from '@quotebridge/components/product-inventory';
import { salesComponent, salesSettings } from '@quotebridge/components/sales';
import { customerComponent, customerSettings } from '@quotebridge/components/customer';
import { gatewayComponent, gatewaySettings } from '@quotebridge/components/gateway';
import { loadSettings } from '@quotebridge/platform/config';
import { stableId } from '@quotebridge/platform/core';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { startOrderingSuite, type OrderingSuite } from './ordering-suite';

/** The business API in front of running components. */
export interface GatewaySuite {
  readonly ordering: OrderingSuite;
  readonly customers: RunningComponent;
  readonly inventory: RunningComponent;
  readonly sales: RunningComponent;
  /** Address of the catalog, without a path. */
  readonly catalogUrl: string;
  readonly gateway: RunningComponent;
  readonly database: string;
  api(): ReturnType<typeof request>;
  /** Puts a part of the ERP on sale for that many EUR. */
  sell(part: string, value?: number): Promise<void>;
  /** One more gateway on the same data, with other settings; it is the test's to close. */
  start(more?: Readonly<Record<string, string>>): Promise<RunningComponent>;
  stop(): Promise<void>;
}

/** Starts it without access control, on servers of its own. */
export const startGatewaySuite = async (
  env: Readonly<Record<string, string>> = {},
): Promise<GatewaySuite> => {
  const ordering = await startOrderingSuite();
  const { mongo, nats } = ordering;
  const common = {
    AUTH: 'off',
    LOG_LEVEL: 'error',
    MONGODB_URI: mongo.uri,
    NATS_URL: nats.url,
    RATE_LIMIT_PER_MINUTE: '0',
  };
  const customers = await startComponent(
    customerComponent,
    loadSettings(customerSettings, { ...common, DATABASE: mongo.database('customer') }),
  );
  const inventory = await startComponent(
    productInventory,
    loadSettings(productInventorySettings, { ...common, DATABASE: mongo.database('inventory') }),
  );
  const sales = await startComponent(
    salesComponent,
    loadSettings(salesSettings, { ...common, DATABASE: mongo.database('sales') }),
  );
  const catalogUrl = new URL(ordering.orderEnv['CATALOG_URL'] ?? '').origin;
  const database = mongo.database('gateway');
  const start: GatewaySuite['start'] = (more = {}) =>
    startComponent(
      gatewayComponent,
      loadSettings(gatewaySettings, {
        ...common,
        DATABASE: database,
        ORDER_URL: ordering.orders?.url,
        CATALOG_URL: catalogUrl,
        INVENTORY_URL: inventory.url,
        SALES_URL: sales.url,
        // What is tested is what is answered, not how fast this machine is.
        MASTER_DEADLINE: '20s',
        LOOKUP_DEADLINE: '20s',
        CUSTOMER_URL: customers.url,
        // Orders need a customer, and most tests none of his data.
        UNKNOWN_CUSTOMERS: 'take',
        ...env,
        ...more,
      }),
    );
  const gateway = await start();
  return {
    ordering,
    customers,
    inventory,
    sales,
    catalogUrl,
    gateway,
    database,
    start,
    api: () => request(gateway.url),
    sell: async (part, value = 100) => {
      await ordering.offer(part, value, ['Launched'], { id: stableId('s4hana', 'productOffering', part) });
    },
    stop: async () => {
      await gateway.close();
      await sales.close();
      await inventory.close();
      await customers.close();
      await ordering.stop();
    },
  };
};
