import type { Component, OwnApi, Runtime } from '@quotebridge/tmf/component';
import { Alerts } from './alerts/alerts';
import { apiDocument } from './api/document';
import type { ApiOperation, BusinessVersion } from './api/operation';
import { apiRoutes } from './api/routes';
import { ComponentClient } from './component-client';
import { Confirmations } from './confirmations/confirmations';
import { Buyers } from './customers/buyers';
import { customerOperations } from './customers/customer-operations';
import { KnownCustomers } from './customers/known-customers';
import { LiveErp } from './lookups/live-erp';
import { LookUp } from './lookups/look-up';
import { lookUpOperations } from './lookups/look-up-operations';
import { MasterData } from './lookups/master-data';
import { outgoingRoutes } from './outgoing/outgoing-routes';
import { opportunityOperations } from './opportunities/opportunity-operations';
import { orderOperations } from './orders/order-operations';
import { OrderService } from './orders/order-service';
import { PartPrices } from './orders/part-prices';
import { UsedKeys } from './orders/used-keys';
import type { GatewaySettings } from './settings';
import { TransactionLog } from './transactions/transaction-log';
import { transactionOperations } from './transactions/transaction-operations';

const clientOf = ({ settings }: Runtime<GatewaySettings>, name: string, url: string): ComponentClient => {
  const { componentApiKey } = settings;
  return new ComponentClient({
    name,
    baseUrl: url.replace(/\/+$/, ''),
    connections: settings.componentConnections,
    deadlineMs: settings.componentDeadline,
    ...(componentApiKey === undefined ? {} : { apiKey: () => componentApiKey.reveal() }),
  });
};

/** Answers to look-ups, and customers as buyers, that are kept in memory, and the characters that these answers may have. */
const MAX_ANSWERS = 10_000;
const MAX_ANSWER_CHARACTERS = 32_000_000;
/** Most answers of an ERP that is well come within this part of its time; later ones are worth asking the master data as well. */
const ALONE_PART = 0.8;

/** The business API in both versions; what names no version is the first one. */
export const gatewayComponent: Component<GatewaySettings> = {
  name: 'gateway',
  build: async (runtime) => {
    const { settings, store, clock, ids, logger } = runtime;
    const log = await TransactionLog.open(store, settings.transactionDays);
    const customers = clientOf(runtime, 'customer component', settings.customerUrl);
    const catalog = clientOf(runtime, 'product catalog', settings.catalogUrl);
    const buyers = new Buyers({
      customers,
      clock,
      freshMs: settings.lookupFresh,
      maxEntries: MAX_ANSWERS,
      erp: settings.erpInstance,
    });
    const service = new OrderService({
      orders: clientOf(runtime, 'product ordering', settings.orderUrl),
      prices: new PartPrices(catalog, buyers, settings.componentDeadline),
      keys: await UsedKeys.open(store),
      offeringSource: settings.offeringSource,
      clock,
      ids,
    });
    const known =
      settings.unknownCustomers === 'take'
        ? undefined
        : new KnownCustomers({
            buyers,
            clock,
            deadlineMs: settings.masterDeadline,
            maxEntries: MAX_ANSWERS,
            noteAway: (reason) =>
              logger.warn({ reason }, 'Orders are taken without knowing whether their customers are there'),
          });
    const inventory = clientOf(runtime, 'product inventory', settings.inventoryUrl);
    const sales = clientOf(runtime, 'sales component', settings.salesUrl);
    const lookUps = {
      erp: new LiveErp({
        bus: runtime.bus,
        instance: settings.liveLookups ? settings.erpInstance : '',
        deadlineMs: settings.liveDeadline,
      }),
      master: new MasterData(catalog, inventory, buyers, settings.masterDeadline),
      lookUp: new LookUp({
        clock,
        freshMs: settings.lookupFresh,
        maxEntries: MAX_ANSWERS,
        maxCharacters: MAX_ANSWER_CHARACTERS,
        aloneMs: settings.liveDeadline * ALONE_PART,
        deadlineMs: settings.lookupDeadline,
      }),
    };
    const confirmations = await Confirmations.open(runtime);
    const alerts = await Alerts.open(runtime);
    const { currency, confirmWithin: confirmWithinMs } = settings;
    const operationsOf = (version: BusinessVersion, baseUrl: string): readonly ApiOperation[] => [
      ...orderOperations({ service, known, confirmations, baseUrl, currency, confirmWithinMs }, version),
      ...lookUpOperations(lookUps, version),
      ...opportunityOperations(sales, version),
      ...customerOperations(customers, settings.erpInstance, version),
      ...transactionOperations(log),
    ];
    const apiOf = (name: string, basePath: string, version: BusinessVersion): OwnApi => {
      const operations = operationsOf(version, `${settings.publicUrl}${basePath}`);
      return {
        name,
        basePath,
        document: apiDocument(version, operations),
        routes: apiRoutes(version, operations, {
          log,
          clock,
          ids,
          logger,
          failed: (call) => alerts.callFailed(call),
        }),
      };
    };
    return {
      resources: [],
      consumers: [confirmations.consumer(), ...alerts.consumers()],
      listeners: [confirmations.listener()],
      background: [() => confirmations.start(), ...alerts.background()],
      routes: (scope) => {
        outgoingRoutes({
          name: 'confirmation',
          messages: confirmations.notices.messages,
          clock,
          about: ({ orderId, status }) => ({ orderId, status }),
          filters: ['orderId'],
        })(scope);
        outgoingRoutes({
          name: 'alert',
          messages: alerts.messages,
          clock,
          about: ({ kind, source, text }) => ({ kind, source, text }),
          filters: ['kind', 'source'],
        })(scope);
      },
      apis: [
        apiOf('gateway', '/api', 'v1'),
        apiOf('gateway/v1', '/api/v1', 'v1'),
        apiOf('gateway/v2', '/api/v2', 'v2'),
      ],
    };
  },
};
