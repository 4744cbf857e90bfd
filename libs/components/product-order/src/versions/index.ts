import {
  at,
  each,
  externalId,
  lazy,
  mapper,
  narrowedState,
  object,
  product,
  relatedChannel,
  relatedPartyRef,
  rename,
  type Lens,
  type VersionMapper,
} from '@quotebridge/tmf/versions';

const productOrderItem: Lens = object(
  at('product', product),
  at('productOfferingQualificationItem', object(rename('id', 'itemId'))),
  each(
    'productOrderItem',
    lazy(() => productOrderItem),
  ),
  at('quoteItem', object(rename('id', 'quoteItemId'))),
  narrowedState('state', { partial: 'failed' }),
);

/** TMF622 `productOrder`. A draft waits for its client, so v4 shows it as pending. */
export const productOrderMapper: VersionMapper = mapper([
  rename('orderDate', 'creationDate'),
  each('channel', relatedChannel),
  each('productOrderItem', productOrderItem),
  each('relatedParty', relatedPartyRef),
  externalId,
  narrowedState('state', { draft: 'pending', 'inProgress.accepted': 'inProgress' }),
]);

/** TMF622 `cancelProductOrder`: v4 knows one way for a cancellation not to happen. */
export const cancelProductOrderMapper: VersionMapper = mapper([
  narrowedState('state', { rejected: 'terminatedWithError', cancelled: 'terminatedWithError' }),
]);
