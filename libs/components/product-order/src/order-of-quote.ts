import { stableId } from '@quotebridge/platform/core';
import { attributesOf, type ResourceService } from '@quotebridge/tmf/resource';
import { orderIdOfQuote } from './from-quote';
import { quoteIdsOf } from './patch-rules';

/** Ids beside the usual one: so many orders of others may stand in the way. */
const OTHERS = 7;

/**
 * The ids that the order of a quote may have, in the order in which they are tried: a client may have given the first to an order
 * of his own (ADR 0044).
 */
export const orderIdsOfQuote = (quoteId: string): readonly string[] => [
  orderIdOfQuote(quoteId),
  ...Array.from({ length: OTHERS }, (_, index) =>
    stableId('quote', 'productOrder', quoteId, 'instead', String(index + 1)),
  ),
];

/** The id of the order that a quote has become, if it has. */
export const orderOfQuote = async (
  { repository }: Pick<ResourceService, 'repository'>,
  quoteId: string,
): Promise<string | undefined> => {
  const found = await Promise.all(orderIdsOfQuote(quoteId).map((id) => repository.find(id)));
  return found.find((order) => order !== null && quoteIdsOf(attributesOf(order)).includes(quoteId))?._id;
};
