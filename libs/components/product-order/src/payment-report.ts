import { objectAt, type JsonObject } from '@quotebridge/platform/core';

/**
 * The order with the payment status that an outside system tells. Who does not have the last word tells what he knew (`was`):
 * when that is not what the order has, somebody else changed it meanwhile, and that stands.
 */
export const withPayment = (order: JsonObject, report: JsonObject): JsonObject => {
  const told = objectAt(report, 'businessOrder');
  const { paymentStatus: value = null } = told;
  const { paymentStatus: current = null, ...others } = objectAt(order, 'businessOrder');
  const isUnseen = told['was'] !== undefined && told['was'] !== current;
  if (told['paymentStatus'] === undefined || value === current || isUnseen) return order;
  return { ...order, businessOrder: value === null ? others : { ...others, paymentStatus: value } };
};
