import { catalogListener, httpCatalog } from '@quotebridge/tmf/client';
import type { Component } from '@quotebridge/tmf/component';
import { ensureLock } from '@quotebridge/tmf/resource';
import { cancelHooks, cancellations, cancelRequests } from './cancellation';
import { CANCEL_LOCK, cancelProductOrderDefinition, productOrderDefinition } from './definition';
import { findOfferings } from './offerings';
import { orderHooks } from './order-hooks';
import { orderOfQuote } from './order-of-quote';
import { orderReports } from './order-ingest';
import { quoteOrders } from './quote-orders';
import type { ProductOrderSettings } from './settings';

/** TMFC003 Product Order Management: TMF622 in v4 and v5. */
export const productOrderComponent: Component<ProductOrderSettings> = {
  name: 'product-order',
  build: async (runtime) => {
    await ensureLock(runtime.store, CANCEL_LOCK);
    const catalog = httpCatalog(runtime.settings, runtime.clock);
    const hooks = orderHooks({
      offerings: (ids, trace) => findOfferings(catalog, ids, trace),
      orderOfQuote: (quoteId) => orderOfQuote(runtime.service('productOrder'), quoteId),
      quotesElsewhere: runtime.settings.quotesElsewhere,
    });
    return {
      resources: [productOrderDefinition(hooks), cancelProductOrderDefinition(cancelHooks(runtime))],
      ingest: { productOrder: orderReports, cancelProductOrder: cancelRequests },
      consumers: [quoteOrders(runtime), cancellations(runtime)],
      listeners: [catalogListener(catalog)],
    };
  },
};
