import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';

const SHOWN = ['currency', 'units', 'list', 'net', 'validUntil'];

/**
 * A price as the API tells it, from master data or from the ERP: list, net, the discounts on the way, and every step by its
 * name with the amount that it adds and the amount reached.
 */
export const priceView = (price: JsonObject): JsonObject => {
  const steps = Array.isArray(price['steps']) ? price['steps'].filter(isJsonObject) : [];
  const isDiscount = ({ rule, amount }: JsonObject): boolean =>
    rule === 'discount' || (rule === undefined && typeof amount === 'number' && amount < 0);
  return {
    ...Object.fromEntries(SHOWN.flatMap((name) => (price[name] === undefined ? [] : [[name, price[name]]]))),
    discounts: steps.filter(isDiscount).map(({ name, percentage, amount }) => ({
      name,
      ...(percentage === undefined ? {} : { percentage }),
      amount,
    })),
    steps,
  };
};
