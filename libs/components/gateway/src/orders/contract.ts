import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import {
  dateOrTime,
  dateTime,
  decimal,
  listOf,
  object,
  text,
  wholeNumber,
  type ApiSchema,
} from '../api/schema';
import { decimalText } from './amounts';
import type { BusinessOrder, OrderedPart } from './business-order';

const CURRENCY: ApiSchema = {
  type: 'string',
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217, for example EUR',
};
const EMAIL: ApiSchema = {
  type: 'string',
  format: 'email',
  maxLength: 320,
  description: 'E-mail of the customer',
};

const quantity: ApiSchema = { type: 'integer', minimum: 1, maximum: 1_000_000_000, description: 'How many' };

const V1_PROPERTIES: Readonly<Record<string, ApiSchema>> = {
  customer_id: {
    description: 'Number of the customer in the ERP, as a text or a whole number',
    oneOf: [
      { type: 'string', minLength: 1, maxLength: 200 },
      { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    ],
  },
  order_number: wholeNumber('Number of the order in the calling system; the same number is the same order'),
  customer_email: EMAIL,
  payment_status: text('How the payment stands, for example paid', 50),
  payment_method: text('How it is paid, for example card', 50),
  amount: decimal('What all of it costs; must be the sum of the items where these have prices'),
  currency: CURRENCY,
  order_date: dateOrTime('Date of the order'),
  callback_url: {
    type: 'string',
    format: 'uri',
    maxLength: 2_000,
    description: 'Where the signed confirmation goes',
  },
  items: listOf(
    object(
      'A part that is ordered.',
      {
        part: text('Part number'),
        quantity,
        unit_price: decimal('Net price of one; from the catalog unless given'),
      },
      ['part', 'quantity'],
    ),
    'What is ordered',
    1,
  ),
};

const REQUIRED = ['customer_id', 'order_number', 'customer_email', 'payment_status', 'items'];

/** The body of the Salesforce–SAP contract, by version. */
export const CONTRACT_BODY = {
  v1: object('An order in the words of the CRM.', V1_PROPERTIES, REQUIRED),
  v2: object(
    'An order in the words of the CRM.',
    {
      ...V1_PROPERTIES,
      requested_delivery_date: dateTime('When the customer wants it'),
      purchase_order: text('Number of the purchase order of the customer', 35),
      note: text('A remark', 1_000),
    },
    REQUIRED,
  ),
} as const;

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const given = <K extends string>(
  fields: Readonly<Record<K, string | undefined>>,
): Partial<Record<K, string>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    Record<K, string>
  >;

const partOf = (item: JsonObject): OrderedPart => ({
  part: String(item['part']),
  quantity: Number(item['quantity']),
  components: [],
  ...given({ unitPrice: decimalText(item['unit_price']) }),
});

/**
 * The contract's field mapping: customer_id becomes the customer's number as text, order_number a whole number,
 * customer_email the e-mail and payment_status the status. The body is valid by {@link CONTRACT_BODY}.
 */
export const readContract = (body: JsonObject, defaultCurrency: string): BusinessOrder => {
  const { customer_email: email, items } = body;
  return {
    number: Number(body['order_number']),
    customer: { id: String(body['customer_id']), ...given({ email: textOf(email) }) },
    payment: given({ status: textOf(body['payment_status']), method: textOf(body['payment_method']) }),
    currency: textOf(body['currency']) ?? defaultCurrency,
    items: Array.isArray(items) ? items.filter(isJsonObject).map(partOf) : [],
    ...given({
      amount: decimalText(body['amount']),
      date: textOf(body['order_date']),
      callback: textOf(body['callback_url']),
      requestedDelivery: textOf(body['requested_delivery_date']),
      purchaseOrder: textOf(body['purchase_order']),
      note: textOf(body['note']),
    }),
  };
};

const ITEM = object('A part that is ordered.', {
  part: { type: 'string' },
  quantity: { type: 'integer' },
  unit_price: { type: 'string', description: 'Exact decimal, where the caller gave it' },
});

const V1_ANSWER: Readonly<Record<string, ApiSchema>> = {
  id: { type: 'string', description: 'Id of the order here' },
  cust_id: { type: 'string', description: 'From customer_id' },
  order_id: { type: 'integer', description: 'From order_number' },
  email: { type: 'string', description: 'From customer_email' },
  status: { type: 'string', description: 'From payment_status' },
  payment_method: { type: 'string' },
  amount: { type: 'string', description: 'Exact decimal' },
  currency: { type: 'string' },
  order_date: { type: 'string' },
  state: { type: 'string', description: 'State of the order (TMF622)' },
  items: { type: 'array', items: ITEM },
};

/** What is answered, by version. */
export const CONTRACT_ANSWER = {
  v1: object('An order in the words of the ERP.', V1_ANSWER),
  v2: object('An order in the words of the ERP.', {
    ...V1_ANSWER,
    sales_order: { type: 'string', description: 'Number of the sales order in the ERP, once it has one' },
    requested_delivery_date: { type: 'string', format: 'date-time' },
    purchase_order: { type: 'string' },
    note: { type: 'string' },
    created_at: { type: 'string', format: 'date-time' },
    status_url: { type: 'string', description: 'Where its progress is told' },
  }),
} as const;
