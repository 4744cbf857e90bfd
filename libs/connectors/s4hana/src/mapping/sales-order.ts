import { err, ok, type JsonObject, type Result } from '@quotebridge/platform/core';
import { objectAt, objectsIn, textAt } from '@quotebridge/connectors/sdk';
import { type Decimal } from 'decimal.js';
import type { S4Settings } from '../settings';
import { decimalOf } from './decimal';
import { orderText } from './order-text';
import { fieldsOf, wishedIn } from './wished';

/** Leads from the id of a productOffering to the material number; undefined for offerings of others. */
export type MaterialOf = (offeringId: string) => string | undefined;

/** An item that orders something. */
interface Line {
  readonly item: JsonObject;
  /** How many lines there are down to the one that it is part of; absent for one that is part of none. */
  readonly above?: number;
}

/** The lines of a sales order, in their order: what an item is part of comes before it. */
const linesOf = (order: JsonObject): readonly Line[] => {
  const lines: Line[] = [];
  const walk = (items: readonly JsonObject[], above?: number): void => {
    for (const item of items) {
      const isOrdered = item['action'] === 'add' && offeringOf(item) !== undefined;
      const here = isOrdered ? lines.push({ item, ...(above === undefined ? {} : { above }) }) : above;
      walk(objectsIn(item['productOrderItem']), here);
    }
  };
  walk(objectsIn(order['productOrderItem']));
  return lines;
};

/** Items that order something, nested ones included. */
export const orderedItems = (order: JsonObject): readonly JsonObject[] =>
  linesOf(order).map(({ item }) => item);

const numberOfLine = (place: number): string => String(place * 10);

/** An item and the line of the sales order that it is. */
interface NumberedItem {
  readonly line: string;
  readonly item: JsonObject;
}

const numberedItems = (order: JsonObject): readonly NumberedItem[] =>
  linesOf(order).map(({ item }, index) => ({ line: numberOfLine(index + 1), item }));

/** What a line is to be, since the product order changed that. */
export interface WishedLine {
  /** Number of the line of the sales order. */
  readonly line: string;
  /** Id of the offering, by which the line is told from another one. */
  readonly offering: string;
}

/** How many of an item there are to be. */
export interface WishedQuantity extends WishedLine {
  /** Exact decimal. */
  readonly quantity: string;
}

const lineOf = ({ line, item }: NumberedItem): WishedLine => ({ line, offering: offeringOf(item) ?? '' });

const isTakenOut = ({ item }: NumberedItem): boolean => item['state'] === 'cancelled';

/** The quantities that were changed after the order was handed over: their items say what was taken over. */
export const wishedQuantities = (order: JsonObject): readonly WishedQuantity[] =>
  numberedItems(order).flatMap((one) => {
    const quantity = decimalOf(one.item['quantity'] ?? 1);
    if (one.item['takenOver'] === undefined || isTakenOut(one) || quantity === undefined) return [];
    return [{ ...lineOf(one), quantity: quantity.toFixed() }];
  });

/** The lines of items that were added after the order was handed over. */
export const addedLines = (order: JsonObject): readonly WishedLine[] =>
  numberedItems(order)
    .filter((one) => objectAt(one.item, 'takenOver')['isAdded'] === true && !isTakenOut(one))
    .map(lineOf);

/** The lines of items that were taken out of an order which goes on. */
export const takenOutLines = (order: JsonObject): readonly WishedLine[] =>
  numberedItems(order).filter(isTakenOut).map(lineOf);

/** Id of the offering that an item orders. */
export const offeringOf = (item: JsonObject): string | undefined =>
  textAt(objectAt(item, 'productOffering'), 'id');

/** Id of the party in the role `customer`: its number in this system, or that of the resource which this system has brought. */
export const soldTo = (order: JsonObject): string | undefined => {
  const customer = objectsIn(order['relatedParty']).find(
    ({ role }) => typeof role === 'string' && role.toLowerCase() === 'customer',
  );
  if (customer === undefined) return undefined;
  const party = objectAt(customer, 'partyOrPartyRole');
  return textAt(party, 'id') ?? textAt(customer, 'id');
};

/** The header text with what people have to know, when there is a place for it and something to say. */
const textsOf = (order: JsonObject, settings: S4Settings): JsonObject => {
  const { orderText: LongTextID, language: Language } = settings;
  const LongText = orderText(order);
  return LongTextID === undefined || LongText === '' ? {} : { to_Text: [{ Language, LongTextID, LongText }] };
};

interface ItemPrice {
  readonly amount: Decimal;
  readonly currency: string;
}

/** What the item costs in all, before tax: its total, else the sum of its prices. Usage is billed later. */
const priceOf = (item: JsonObject): Result<ItemPrice | undefined, string> => {
  const totals = objectsIn(item['itemTotalPrice']);
  const entries = (totals.length > 0 ? totals : objectsIn(item['itemPrice'])).filter(
    ({ priceType }) => priceType !== 'usage',
  );
  let sum: ItemPrice | undefined;
  for (const entry of entries) {
    const money = objectAt(objectAt(entry, 'price'), 'dutyFreeAmount');
    const amount = decimalOf(money['value']);
    const currency = textAt(money, 'unit');
    if (amount === undefined || currency === undefined) return err('has a price without dutyFreeAmount');
    if (sum !== undefined && sum.currency !== currency) return err('has prices in several currencies');
    sum = { amount: amount.plus(sum?.amount ?? 0), currency };
  }
  return ok(sum);
};

/** The line of a sales order that an item becomes, and the currency of its price. */
interface OrderLine {
  readonly row: JsonObject;
  readonly currency: string;
}

/** The error says what is missing. */
const toLine = (
  { item, above }: Line,
  place: number,
  settings: S4Settings,
  materialOf: MaterialOf,
): Result<OrderLine, string> => {
  const name = `item ${textAt(item, 'id') ?? place}`;
  const offering = offeringOf(item) ?? '';
  const material = materialOf(offering);
  if (material === undefined)
    return err(`${name} orders the offering ${offering}, which is no material here`);
  const quantity = decimalOf(item['quantity'] ?? 1);
  if (quantity === undefined || !quantity.greaterThan(0)) return err(`${name} has no quantity above zero`);
  const price = priceOf(item);
  if (!price.ok) return err(`${name} ${price.error}`);
  if (price.value === undefined) return err(`${name} has no price`);
  const { amount, currency } = price.value;
  const row = {
    SalesOrderItem: numberOfLine(place),
    ...(settings.orderStructure && above !== undefined ? { HigherLevelItem: numberOfLine(above) } : {}),
    Material: material,
    RequestedQuantity: quantity.toFixed(),
    to_PricingElement: [
      {
        ConditionType: settings.manualPriceConditionType,
        ConditionRateValue: amount.toFixed(),
        ConditionCurrency: currency,
        ConditionQuantity: quantity.toFixed(),
      },
    ],
  };
  return ok({ row, currency });
};

/** An item of the order as a line that a sales order in that currency gets afterwards. */
export const toAddedLine = (
  order: JsonObject,
  line: string,
  salesOrderCurrency: string | undefined,
  settings: S4Settings,
  materialOf: MaterialOf,
): Result<JsonObject, string> => {
  const lines = linesOf(order);
  const index = lines.findIndex((_one, place) => numberOfLine(place + 1) === line);
  const found = lines[index];
  if (found === undefined) return err(`the order has no item for line ${line}`);
  const made = toLine(found, index + 1, settings, materialOf);
  if (!made.ok) return made;
  const { row, currency } = made.value;
  if (salesOrderCurrency === undefined || salesOrderCurrency === currency) return ok(row);
  return err(
    `item ${textAt(found.item, 'id') ?? line} has a price in ${currency}, the sales order is in ${salesOrderCurrency}`,
  );
};

/**
 * TMF622 productOrder (v5) → A_SalesOrder as a deep insert. The order's own prices go along as manual conditions:
 * the amount of the whole item for its whole quantity, so that nothing is lost by dividing. A component names the line that
 * it is part of. The error says what is missing.
 */
export const toSalesOrder = (
  order: JsonObject & { readonly id: string },
  settings: S4Settings,
  materialOf: MaterialOf,
  /** The number of a customer, by whatever id the order names. */
  customerOf: (id: string) => string = (id) => id,
): Result<JsonObject, string> => {
  const customer = soldTo(order);
  if (customer === undefined) return err('the order names no related party in the role customer');
  const items: JsonObject[] = [];
  const currencies = new Set<string>();
  for (const [index, line] of linesOf(order).entries()) {
    const made = toLine(line, index + 1, settings, materialOf);
    if (!made.ok) return made;
    currencies.add(made.value.currency);
    items.push(made.value.row);
  }
  if (items.length === 0) return err('the order has no item with the action add');
  if (currencies.size > 1) return err(`the order mixes the currencies ${[...currencies].join(', ')}`);
  const [currency = ''] = currencies;
  return ok({
    SalesOrderType: settings.salesOrderType,
    SalesOrganization: settings.salesOrganization,
    DistributionChannel: settings.distributionChannel,
    OrganizationDivision: settings.division,
    SoldToParty: customerOf(customer),
    TransactionCurrency: currency,
    ExternalDocumentID: order.id,
    SenderBusinessSystemName: settings.senderSystem,
    ...fieldsOf(wishedIn(order, settings)),
    ...textsOf(order, settings),
    to_Item: items,
  });
};
