import {
  at,
  attachment,
  contactMedium,
  each,
  externalId,
  lazy,
  mapper,
  narrowedState,
  object,
  product,
  relatedPartyOrRole,
  rename,
  type Lens,
  type VersionMapper,
} from '@quotebridge/tmf/versions';

const authorization = object(each('approver', relatedPartyOrRole));

const quoteItem: Lens = object(
  each('attachment', attachment),
  at('product', product),
  at('productOfferingQualificationItem', object(rename('id', 'itemId'))),
  each(
    'quoteItem',
    lazy(() => quoteItem),
  ),
  each('quoteItemAuthorization', authorization),
  each('relatedParty', relatedPartyOrRole),
);

/** TMF648 `quote`. A quote not yet worked on is in progress for v4, one that was declined is cancelled. */
export const quoteMapper: VersionMapper = mapper([
  rename('quoteDate', 'creationDate'),
  each('authorization', authorization),
  each('contactMedium', contactMedium),
  each('quoteItem', quoteItem),
  each('relatedParty', relatedPartyOrRole),
  externalId,
  narrowedState('state', { acknowledged: 'inProgress', declined: 'cancelled' }),
]);
