import type { Component } from '@quotebridge/tmf/component';
import { cancelHooks, cancellations } from './cancellation';
import { cancelProductOrderDefinition, productOrderDefinition } from './definition';
import { orderIdOfQuote } from './from-quote';
import { HttpOfferings } from './http-offerings';
import { orderHooks } from './order-hooks';
import { orderReports } from './order-ingest';
import { quoteOrders } from './quote-orders';
import type { ProductOrderSettings } from './settings';

/** TMFC003 Product Order Management: TMF622 in v4 and v5. */
export const productOrderComponent: Component<ProductOrderSettings> = {
  name: 'product-order',
  build: (runtime) => {
    const { settings, clock } = runtime;
    const { catalogApiKey } = settings;
    const offerings = new HttpOfferings({
      baseUrl: settings.catalogUrl.replace(/\/+$/, ''),
      deadlineMs: settings.catalogDeadline,
      freshMs: settings.catalogFresh,
      clock,
      ...(catalogApiKey === undefined ? {} : { apiKey: () => catalogApiKey.reveal() }),
    });
    return {
      resources: [
        productOrderDefinition(
          orderHooks({
            offerings: (ids) => offerings.find(ids),
            orderOfQuote: async (quoteId) =>
              (await runtime.service('productOrder').repository.find(orderIdOfQuote(quoteId)))?._id,
          }),
        ),
        cancelProductOrderDefinition(cancelHooks(runtime)),
      ],
      consumers: [orderReports(runtime), quoteOrders(runtime), cancellations(runtime)],
    };
  },
};
