import type { Component } from '@quotebridge/tmf/component';
import { cancelHooks, cancellations } from './cancellation';
import { cancelProductOrderDefinition, productOrderDefinition } from './definition';
import { HttpOfferings } from './http-offerings';
import { orderHooks } from './order-hooks';
import { orderIngest } from './order-ingest';
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
        productOrderDefinition(orderHooks((ids) => offerings.find(ids))),
        cancelProductOrderDefinition(cancelHooks(runtime)),
      ],
      ingest: { productOrder: orderIngest },
      consumers: [quoteOrders(runtime), cancellations(runtime)],
    };
  },
};
