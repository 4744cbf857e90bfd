import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import { PermanentError, TMF_EVENTS, type ConsumerSpec } from '@quotebridge/platform/events';
import { isTransientStoreError } from '@quotebridge/platform/store';
import type { Context } from '@quotebridge/platform/telemetry';
import type { ConsumerBinding, Runtime } from '@quotebridge/tmf/component';
import { attributesOf, type ResourceService } from '@quotebridge/tmf/resource';
import { annotateTypes } from '@quotebridge/tmf-specs';
import { orderFromQuote } from './from-quote';
import { orderIdsOfQuote, orderOfQuote } from './order-of-quote';
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

/** Places the order under this id; false when the id is that of another order. */
const place = async (
  orders: ResourceService,
  order: JsonObject,
  { id, quoteId }: { readonly id: string; readonly quoteId: string },
  trace: Context,
): Promise<boolean> => {
  try {
    await orders.create({ ...order, id }, { actor: 'event:quote', origin: 'event', trace });
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    if (thrown.code === 'alreadyExists')
      return quoteIdsOf(attributesOf(await orders.require(id))).includes(quoteId);
    if (thrown.status < 500) throw new PermanentError(thrown.message, { cause: thrown });
    throw thrown;
  }
};

/**
 * Makes one order of each accepted quote. The order's ids follow from the quote's, so a second delivery finds it there and is
 * done: exactly once, without a memory of events.
 */
export const quoteOrders = (runtime: Runtime): ConsumerBinding => ({
  spec,
  handle: async (delivery, trace) => {
    const quote = acceptedQuote(delivery.json());
    if (!quote) return;
    const order = orderFromQuote(quote);
    if (!order.ok) throw new PermanentError(order.error);
    const quoteId = String(quote['id']);
    const orders = runtime.service('productOrder');
    const typed = annotateTypes('TMF622', 'ProductOrder', order.value);
    if ((await orderOfQuote(orders, quoteId)) !== undefined) return;
    for (const id of orderIdsOfQuote(quoteId)) if (await place(orders, typed, { id, quoteId }, trace)) return;
    throw new PermanentError(
      `Each id that the order of the quote ${quoteId} may have is that of another order`,
    );
  },
});
