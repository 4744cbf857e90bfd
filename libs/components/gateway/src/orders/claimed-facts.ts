import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { TransactionFacts } from '../transactions/transaction';
import { decimalText } from './amounts';

const MOST_TEXT = 200;

const textOf = (value: Json | undefined): string | undefined => {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value);
  return text === '' ? undefined : text.slice(0, MOST_TEXT);
};

const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** An amount that the log can keep exactly. */
const amountOf = (value: Json | undefined): string | undefined => {
  const amount = decimalText(value);
  return amount !== undefined && /^\d{1,15}(\.\d{1,6})?$/.test(amount) ? amount : undefined;
};

const numberOf = (value: Json | undefined): number | undefined => {
  const text = textOf(value) ?? '';
  return /^\d{1,100}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
};

/**
 * What the body of an order, in either shape, says of itself before anybody has looked whether it is right: so that the log
 * tells of a refused call what was tried. Only what is well-formed by itself.
 */
export const claimedFacts = (body: JsonObject): TransactionFacts => {
  const customer = objectOf(body['customer']);
  const payment = objectOf(body['payment']);
  const facts = {
    orderNumber: numberOf(body['order_number'] ?? body['orderNumber']),
    customerId: textOf(body['customer_id'] ?? customer['id']),
    paymentMethod: textOf(body['payment_method'] ?? payment['method']),
    amount: amountOf(body['amount']),
    currency: textOf(body['currency']),
    date: textOf(body['order_date'] ?? body['orderDate']),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
};
