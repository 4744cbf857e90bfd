import { catalogListener, HttpCatalog } from '@quotebridge/tmf/client';
import type { Component, Runtime } from '@quotebridge/tmf/component';
import { cancelHooks, cancellations } from './cancellation';
import { cancelProductOrderDefinition, productOrderDefinition } from './definition';
import { orderIdOfQuote } from './from-quote';
import { findOfferings } from './offerings';
import { orderHooks } from './order-hooks';
import { orderReports } from './order-ingest';
import { quoteOrders } from './quote-orders';
import type { ProductOrderSettings } from './settings';

const CONNECTIONS = 16;
const MAX_OFFERINGS = 10_000;

const catalogOf = ({ settings, clock }: Runtime<ProductOrderSettings>): HttpCatalog => {
  const { catalogApiKey } = settings;
  return new HttpCatalog({
    baseUrl: settings.catalogUrl.replace(/\/+$/, ''),
    clock,
    deadlineMs: settings.catalogDeadline,
    maxEntries: MAX_OFFERINGS,
    freshMs: settings.catalogFresh,
    connections: CONNECTIONS,
    ...(catalogApiKey === undefined ? {} : { apiKey: () => catalogApiKey.reveal() }),
  });
};

/** TMFC003 Product Order Management: TMF622 in v4 and v5. */
export const productOrderComponent: Component<ProductOrderSettings> = {
  name: 'product-order',
  build: (runtime) => {
    const catalog = catalogOf(runtime);
    const hooks = orderHooks({
      offerings: (ids, trace) => findOfferings(catalog, ids, trace),
      orderOfQuote: async (quoteId) =>
        (await runtime.service('productOrder').repository.find(orderIdOfQuote(quoteId)))?._id,
    });
    return {
      resources: [productOrderDefinition(hooks), cancelProductOrderDefinition(cancelHooks(runtime))],
      ingest: { productOrder: orderReports },
      consumers: [quoteOrders(runtime), cancellations(runtime)],
      listeners: [catalogListener(catalog)],
    };
  },
};
