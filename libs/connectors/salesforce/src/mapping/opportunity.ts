import type { Json, JsonObject } from '@quotebridge/platform/core';
import { externalIdsOf, objectAt, objectsIn, textAt } from '@quotebridge/connectors/sdk';
import { Decimal } from 'decimal.js';
import type { ReportFields, SalesforceSettings } from '../settings';
import { linesOf } from './quote';

/** What has to be written so that an opportunity shows its quote; empty when it already does. */
export interface OpportunityPlan {
  readonly fields: JsonObject;
  readonly lines: readonly { readonly id: string; readonly fields: JsonObject }[];
}

/** Net amount of a list of TMF prices, usage left out; undefined when there is none or currencies are mixed. */
export const netOf = (prices: Json | undefined): Decimal | undefined => {
  let sum: Decimal | undefined;
  const currencies = new Set<string>();
  for (const entry of objectsIn(prices)) {
    const money = objectAt(objectAt(entry, 'price'), 'dutyFreeAmount');
    const { value } = money;
    if (entry['priceType'] === 'usage' || typeof value !== 'number') continue;
    currencies.add(textAt(money, 'unit') ?? '');
    sum = new Decimal(value).plus(sum ?? 0);
  }
  return currencies.size > 1 ? undefined : sum;
};

const flatItems = (items: Json | undefined): readonly JsonObject[] =>
  objectsIn(items).flatMap((item) => [item, ...flatItems(item['quoteItem'])]);

/** Net total of a quote: the sum of its items, which its lines mirror. */
export const quoteNet = (quote: JsonObject): Decimal | undefined => {
  const nets = flatItems(quote['quoteItem']).flatMap((item) => netOf(item['quoteItemPrice']) ?? []);
  return nets.length === 0 ? undefined : nets.reduce((sum, net) => sum.plus(net), new Decimal(0));
};

/**
 * Unit price that makes the line's total equal the item's net amount, as exactly as the org's decimals allow. The line
 * keeps its discount, which Salesforce takes off the unit price; a line with 100 per cent has no such price.
 */
export const unitPriceFor = (net: Decimal, line: JsonObject, decimals: number): Decimal | undefined => {
  const { Quantity: quantity, Discount: discount } = line;
  if (typeof quantity !== 'number' || quantity <= 0) return undefined;
  const kept = new Decimal(100).minus(typeof discount === 'number' ? discount : 0);
  if (!kept.greaterThan(0)) return undefined;
  return net.times(100).dividedBy(kept).dividedBy(quantity).toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP);
};

type PlanSettings = Pick<
  SalesforceSettings,
  'fields' | 'stageByQuoteState' | 'lineAmountField' | 'unitPriceDecimals'
>;

// A total of a line with 100 per cent discount would ask for an infinite unit price.
const lineAmount = (net: Decimal, line: JsonObject, settings: PlanSettings): Decimal | undefined => {
  const unitPrice = unitPriceFor(net, line, settings.unitPriceDecimals);
  return settings.lineAmountField === 'UnitPrice' || unitPrice === undefined ? unitPrice : net;
};

const newestOrder = (quote: JsonObject): JsonObject => objectsIn(quote['productOrder']).at(-1) ?? {};

/** What the quote knows of itself and of its newest order, which its component notes in `productOrder[]`. */
const reported = (
  quote: JsonObject,
  net: Decimal | undefined,
): Readonly<Record<keyof ReportFields, Json | undefined>> => ({
  quoteId: textAt(quote, 'id'),
  quoteState: textAt(quote, 'state'),
  quoteAmount: net?.toNumber(),
  orderId: textAt(newestOrder(quote), 'id'),
  orderNumber: externalIdsOf(quote, 'salesOrder').at(-1),
  orderStatus: textAt(newestOrder(quote), 'state'),
});

/** Only what differs, so that a second delivery of the same event writes nothing. */
const differing = (wanted: JsonObject, current: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => value !== undefined && current[name] !== value),
  );

/**
 * What to write into the opportunity so that it shows the quote: amounts of the lines (Amount is their sum and not
 * writable while there are lines), the stage for the quote's state, and the report fields. Pure.
 */
export const planOpportunity = (
  quote: JsonObject,
  opportunity: JsonObject,
  settings: PlanSettings,
): OpportunityPlan => {
  const items = new Map(flatItems(quote['quoteItem']).map((item) => [textAt(item, 'id') ?? '', item]));
  const existing = linesOf(opportunity);
  const lines = existing.flatMap((line) => {
    const id = textAt(line, 'Id');
    const net = id === undefined ? undefined : netOf(items.get(id)?.['quoteItemPrice']);
    const amount = net === undefined ? undefined : lineAmount(net, line, settings);
    if (id === undefined || amount === undefined) return [];
    const fields = differing({ [settings.lineAmountField]: amount.toNumber() }, line);
    return Object.keys(fields).length === 0 ? [] : [{ id, fields }];
  });
  const net = quoteNet(quote);
  const values = reported(quote, net);
  const report: JsonObject = {};
  for (const [kind, field] of Object.entries(settings.fields) as [keyof ReportFields, string][]) {
    report[field] = values[kind];
  }
  const stage = settings.stageByQuoteState[textAt(quote, 'state') ?? ''];
  const wanted = {
    ...report,
    ...(stage === undefined ? {} : { StageName: stage }),
    ...(existing.length > 0 || net === undefined ? {} : { Amount: net.toNumber() }),
  };
  return { fields: differing(wanted, opportunity), lines };
};
