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
  const database = mongo.database('gateway');
  const start: GatewaySuite['start'] = (more = {}) =>
    startComponent(
      gatewayComponent,
      loadSettings(gatewaySettings, {
        ...common,
        DATABASE: database,
        ORDER_URL: ordering.orders?.url,
        CATALOG_URL: new URL(ordering.orderEnv['CATALOG_URL'] ?? '').origin,
        CUSTOMER_URL: customers.url,
        ...env,
        ...more,
      }),
    );
  const gateway = await start();
  return {
    ordering,
    customers,
    gateway,
    database,
    start,
    api: () => request(gateway.url),
    sell: async (part, value = 100) => {
      await ordering.offer(part, value, ['Launched'], { id: stableId('s4hana', 'productOffering', part) });
    },
    stop: async () => {
      await gateway.close();
      await customers.close();
      await ordering.stop();
    },
  };
};
