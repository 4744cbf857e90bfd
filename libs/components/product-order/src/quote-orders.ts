import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import { PermanentError, TMF_EVENTS, type ConsumerSpec } from '@quotebridge/platform/events';
import { isTransientStoreError } from '@quotebridge/platform/store';
import type { ConsumerBinding, Runtime } from '@quotebridge/tmf/component';
import { attributesOf } from '@quotebridge/tmf/resource';
import { annotateTypes } from '@quotebridge/tmf-specs';
import { orderFromQuote, orderIdOfQuote } from './from-quote';
import { quoteIdsOf } from './patch-rules';

const spec: ConsumerSpec = {
  durable: 'order-accepted-quotes',
  stream: TMF_EVENTS,
  subjects: ['tmf.TMF648.quote.QuoteStateChangeEvent'],
  concurrency: 32,
  maxAttempts: 8,
  backoffMs: [200, 1_000, 5_000, 30_000],
  ackWaitMs: 5_000,
  isTransient: isTransientStoreError,
};

/** The quote of an event, or undefined when it has not been accepted. */
const acceptedQuote = (envelope: unknown): JsonObject | undefined => {
  const event = isJsonObject(envelope) && isJsonObject(envelope['event']) ? envelope['event'] : {};
  const quote = event['quote'];
  if (!isJsonObject(quote)) throw new PermanentError('The message is not an event about a quote');
  return quote['state'] === 'accepted' ? quote : undefined;
};

/**
 * Makes one order of each accepted quote. The order's id follows from the quote's, so a second delivery finds it
 * taken and is done: exactly once, without a memory of events.
 */
export const quoteOrders = (runtime: Runtime): ConsumerBinding => ({
  spec,
  handle: async (delivery, trace) => {
    const quote = acceptedQuote(delivery.json());
    if (!quote) return;
    const order = orderFromQuote(quote);
    if (!order.ok) throw new PermanentError(order.error);
    const quoteId = String(quote['id']);
    const id = orderIdOfQuote(quoteId);
    const orders = runtime.service('productOrder');
    const typed = annotateTypes('TMF622', 'ProductOrder', order.value);
    try {
      await orders.create({ ...typed, id }, { actor: 'event:quote', origin: 'event', trace });
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      if (thrown.code === 'alreadyExists') {
        const existing = attributesOf(await orders.require(id));
        if (quoteIdsOf(existing).includes(quoteId)) return;
        throw new PermanentError(
          `The order ${id}, which the quote ${quoteId} would become, is another order`,
        );
      }
      if (thrown.status < 500) throw new PermanentError(thrown.message, { cause: thrown });
      throw thrown;
    }
  },
});
