import { isJsonObject, objectsAt, type JsonObject } from '@quotebridge/platform/core';
import { PermanentError, TMF_EVENTS, type ConsumerSpec } from '@quotebridge/platform/events';
import { isTransientStoreError } from '@quotebridge/platform/store';
import type { ConsumerBinding, Runtime } from '@quotebridge/tmf/component';
import { attributesOf, mergeIdentifiers } from '@quotebridge/tmf/resource';

/** What an order event says about the quotes that the order came from. */
export interface OrderNews {
  readonly orderId: string;
  readonly href?: string;
  readonly state: string;
  readonly eventTime: string;
  readonly quoteIds: readonly string[];
  /** Numbers of the order in outside systems, for example the sales order in the ERP. */
  readonly numbers: readonly JsonObject[];
}

/** Reads an order event (TMF622 v5 envelope); undefined when the order did not come from a quote. */
export const readOrderNews = (envelope: unknown): OrderNews | undefined => {
  const event = isJsonObject(envelope) && isJsonObject(envelope['event']) ? envelope['event'] : {};
  const order = event['productOrder'];
  if (!isJsonObject(envelope) || !isJsonObject(order) || typeof order['id'] !== 'string') {
    throw new PermanentError('The message is not an event about a productOrder');
  }
  const ids = [
    ...objectsAt(order, 'quote').map(({ id }) => id),
    ...objectsAt(order, 'productOrderItem').map(({ quoteItem }) =>
      isJsonObject(quoteItem) ? quoteItem['quoteId'] : '',
    ),
  ];
  const quoteIds = [...new Set(ids.filter((id) => typeof id === 'string' && id !== ''))] as string[];
  if (quoteIds.length === 0) return undefined;
  const numbers = [...objectsAt(order, 'externalId'), ...objectsAt(order, 'externalIdentifier')];
  return {
    orderId: order['id'],
    ...(typeof order['href'] === 'string' ? { href: order['href'] } : {}),
    state: String(order['state']),
    eventTime: String(envelope['eventTime']),
    quoteIds,
    numbers: numbers.filter(({ id }) => typeof id === 'string'),
  };
};

/**
 * The quote with the order noted on it: `productOrder[]` (reference, state, numbers) and each number of the order
 * among the quote's own `externalId`. An older event than the noted one changes nothing.
 */
export const noteOrder = (quote: JsonObject, news: OrderNews): JsonObject => {
  const noted = objectsAt(quote, 'productOrder');
  const known = noted.find(({ id }) => id === news.orderId);
  if (known !== undefined && Date.parse(String(known['stateDate'])) > Date.parse(news.eventTime))
    return quote;
  const entry: JsonObject = {
    '@type': 'ProductOrderRef',
    '@referredType': 'ProductOrder',
    id: news.orderId,
    ...(news.href === undefined ? {} : { href: news.href }),
    state: news.state,
    stateDate: known?.['state'] === news.state ? (known['stateDate'] ?? news.eventTime) : news.eventTime,
    ...(news.numbers.length === 0 ? {} : { externalId: [...news.numbers] }),
  };
  const others = noted.filter(({ id }) => id !== news.orderId);
  const own = objectsAt(quote, 'externalId');
  const fresh = news.numbers.filter((number) => !own.some((known) => isSame(known, number)));
  return {
    ...quote,
    productOrder: [...others, entry],
    ...(fresh.length === 0 ? {} : { externalId: mergeIdentifiers(quote['externalId'], fresh) }),
  };
};

const isSame = (left: JsonObject, right: JsonObject): boolean =>
  ['owner', 'externalIdentifierType', 'id'].every((name) => left[name] === right[name]);

const spec: ConsumerSpec = {
  durable: 'quote-order-notes',
  stream: TMF_EVENTS,
  subjects: [
    'tmf.TMF622.productOrder.ProductOrderCreateEvent',
    'tmf.TMF622.productOrder.ProductOrderStateChangeEvent',
    'tmf.TMF622.productOrder.ProductOrderAttributeValueChangeEvent',
  ],
  concurrency: 8,
  maxAttempts: 8,
  backoffMs: [200, 1_000, 5_000, 30_000],
  ackWaitMs: 10_000,
  isTransient: isTransientStoreError,
};

/** Notes orders on the quotes they came from. Applying an event twice changes nothing. */
export const orderNotes = ({ service, logger }: Runtime): ConsumerBinding => ({
  spec,
  handle: async (delivery, trace) => {
    const news = readOrderNews(delivery.json());
    if (news === undefined) return;
    for (const id of news.quoteIds) {
      const quotes = service('quote');
      if ((await quotes.repository.find(id)) === null) {
        logger.warn({ quote: id, order: news.orderId }, 'An order names a quote that does not exist');
        continue;
      }
      await quotes.change(id, (current) => noteOrder(attributesOf(current), news), {
        actor: 'event:productOrder',
        origin: 'event',
        trace,
      });
    }
  },
});
