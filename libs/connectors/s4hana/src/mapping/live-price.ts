import type { JsonObject } from '@quotebridge/platform/core';
import { textAt } from '@quotebridge/connectors/sdk';
import { Decimal } from 'decimal.js';
import { expanded } from '../odata-values';
import { decimalOf, jsonNumber, numberOf } from './decimal';

/** Taxes and costs stand in the same list, but are no part of the net price. */
const TAX = 'D';

const counts = (element: JsonObject): boolean =>
  element['ConditionIsForStatistics'] !== true &&
  textAt(element, 'ConditionInactiveReason') === undefined &&
  textAt(element, 'ConditionClass') !== TAX;

const isPercent = (element: JsonObject): boolean => textAt(element, 'ConditionCalculationType') === 'A';

/** A manual price makes the one before it void. */
const inForce = (elements: readonly JsonObject[], priceTypes: ReadonlySet<string>): readonly JsonObject[] => {
  const last = elements
    .map((element) => priceTypes.has(textAt(element, 'ConditionType') ?? ''))
    .lastIndexOf(true);
  return elements.filter(
    (element, index) => index === last || !priceTypes.has(textAt(element, 'ConditionType') ?? ''),
  );
};

/**
 * The first item of a simulated order as an answer to `price`: net amount, currency, and the conditions as steps, each with
 * the amount that it adds and the amount reached. `list` is the amount before discounts and surcharges. Undefined when the
 * system gave no item with an amount.
 */
export const livePrice = (order: JsonObject, priceTypes: ReadonlySet<string>): JsonObject | undefined => {
  const [item] = expanded(order, 'to_Item');
  const net = item === undefined ? undefined : jsonNumber(item['NetAmount']);
  const currency = textAt(item ?? {}, 'TransactionCurrency') ?? textAt(order, 'TransactionCurrency');
  if (item === undefined || net === undefined || currency === undefined) return undefined;
  let reached = new Decimal(0);
  let list: number | undefined;
  const steps = inForce(expanded(item, 'to_PricingElement').filter(counts), priceTypes).map((element) => {
    const amount = decimalOf(element['ConditionAmount']) ?? new Decimal(0);
    const isPrice = priceTypes.has(textAt(element, 'ConditionType') ?? '');
    reached = reached.plus(amount);
    if (isPrice) list = numberOf(reached);
    const percentage = isPercent(element) ? decimalOf(element['ConditionRateValue'])?.abs() : undefined;
    return {
      name: textAt(element, 'ConditionTypeName') ?? textAt(element, 'ConditionType') ?? '',
      rule: isPrice ? 'price' : amount.isNegative() ? 'discount' : 'surcharge',
      ...(percentage === undefined ? {} : { percentage: percentage.toNumber() }),
      amount: amount.toNumber(),
      result: reached.toNumber(),
    };
  });
  const units = textAt(item, 'RequestedQuantityUnit');
  return {
    net,
    currency,
    ...(units === undefined ? {} : { units }),
    ...(list === undefined ? {} : { list }),
    steps,
  };
};
