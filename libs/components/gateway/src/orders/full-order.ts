import { isJsonObject, objectsIn, type Json, type JsonObject } from '@quotebridge/platform/core';
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
import type { BusinessOrder, OrderedPart, PostalAddress } from './business-order';

/** Levels of a structure that may be sent with an order, the ordered part itself included. */
const LEVELS = 6;

const ADDRESS: ApiSchema = object('A postal address.', {
  name: text('Who is there'),
  street: text('Street and number'),
  city: text('City'),
  postalCode: text('Postal code', 20),
  country: { type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166, for example DE' },
});

const partSchema = (levels: number): ApiSchema =>
  object(
    'A part with its structure.',
    {
      part: text('Part number'),
      name: text('What it is called'),
      quantity: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000_000,
        description: 'How many, for all of what it is built into',
      },
      unitPrice: decimal(
        'Net price of one; from the catalog unless given, none for parts of something that has a price',
      ),
      components:
        levels > 1
          ? listOf(partSchema(levels - 1), 'What it is built of')
          : { type: 'array', maxItems: 0, items: {}, description: `Nothing: ${LEVELS} levels are taken` },
    },
    ['part', 'quantity'],
  );

/** The body of an order with its whole structure and what is known of the customer. */
export const FULL_BODY: ApiSchema = object(
  'An order with its whole structure and what is known of the customer.',
  {
    orderNumber: wholeNumber('Number of the order in the calling system; the same number is the same order'),
    customer: object(
      'Who orders.',
      {
        id: text('Number of the customer in the ERP'),
        name: text('Name'),
        email: { type: 'string', format: 'email', maxLength: 320 },
        phone: text('Telephone number', 50),
        shipTo: ADDRESS,
        billTo: ADDRESS,
      },
      ['id'],
    ),
    items: listOf(partSchema(LEVELS), 'What is ordered', 1),
    currency: { type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217, for example EUR' },
    amount: decimal('What all of it costs; must be the sum of the items where these have prices'),
    payment: object('How it is paid.', {
      status: text('How the payment stands', 50),
      method: text('How it is paid', 50),
    }),
    orderDate: dateOrTime('Date of the order'),
    requestedDelivery: dateTime('When the customer wants it'),
    purchaseOrder: text('Number of the purchase order of the customer', 35),
    note: text('A remark', 1_000),
    callbackUrl: {
      type: 'string',
      format: 'uri',
      maxLength: 2_000,
      description: 'Where the signed confirmation goes',
    },
  },
  ['customer', 'items'],
);

const CONTRACT_NAMES = ['customer_id', 'order_number', 'customer_email', 'payment_status'];

/** Which of the two bodies is meant: that of the contract, unless it speaks of a customer in its own words. */
export const isContract = (body: JsonObject): boolean =>
  body['customer'] === undefined || CONTRACT_NAMES.some((name) => body[name] !== undefined);

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const given = <K extends string>(
  fields: Readonly<Record<K, string | undefined>>,
): Partial<Record<K, string>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
    Record<K, string>
  >;

const partOf = (item: JsonObject, isCovered: boolean): OrderedPart => {
  const unitPrice = decimalText(item['unitPrice']);
  return {
    part: String(item['part']),
    quantity: Number(item['quantity']),
    ...given({ name: textOf(item['name']), unitPrice: unitPrice ?? (isCovered ? '0' : undefined) }),
    components: objectsIn(item['components']).map((component) => partOf(component, true)),
  };
};

const addressOf = (value: Json | undefined): PostalAddress | undefined => {
  if (!isJsonObject(value)) return undefined;
  const { name, street, city, postalCode, country } = value;
  return given({
    name: textOf(name),
    street: textOf(street),
    city: textOf(city),
    postalCode: textOf(postalCode),
    country: textOf(country),
  });
};

/**
 * A full order. The price of a part covers what it is built of: a component is charged only where it has a price of its own.
 * The body is valid by {@link FULL_BODY}.
 */
export const readFullOrder = (body: JsonObject, defaultCurrency: string): BusinessOrder => {
  const customer = isJsonObject(body['customer']) ? body['customer'] : {};
  const payment = isJsonObject(body['payment']) ? body['payment'] : {};
  const [shipTo, billTo] = [addressOf(customer['shipTo']), addressOf(customer['billTo'])];
  return {
    ...(body['orderNumber'] === undefined ? {} : { number: Number(body['orderNumber']) }),
    customer: {
      id: String(customer['id']),
      ...given({
        name: textOf(customer['name']),
        email: textOf(customer['email']),
        phone: textOf(customer['phone']),
      }),
      ...(shipTo ? { shipTo } : {}),
      ...(billTo ? { billTo } : {}),
    },
    payment: given({ status: textOf(payment['status']), method: textOf(payment['method']) }),
    currency: textOf(body['currency']) ?? defaultCurrency,
    items: objectsIn(body['items']).map((item) => partOf(item, false)),
    ...given({
      amount: decimalText(body['amount']),
      date: textOf(body['orderDate']),
      callback: textOf(body['callbackUrl']),
      requestedDelivery: textOf(body['requestedDelivery']),
      purchaseOrder: textOf(body['purchaseOrder']),
      note: textOf(body['note']),
    }),
  };
};
