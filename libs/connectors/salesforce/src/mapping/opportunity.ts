import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { externalIdsOf, objectAt, objectsIn, textAt } from '@quotebridge/connectors/sdk';
import { Decimal } from 'decimal.js';
import type { ReportFields, SalesforceSettings } from '../settings';
import { currencyOf, otherCurrency } from './currency';
import { currenciesIn, netOf } from './net';
import { itemIdOf, lineMark, linesOf } from './quote';

/** A line that an item of the quote lacks. `offering` leads to its product, `mark` to the item. */
export interface NewLine {
  readonly mark: string;
  readonly offering: string;
  readonly fields: JsonObject;
}

/** What has to be written so that an opportunity shows its quote; empty when it already does. */
export interface OpportunityPlan {
  readonly fields: JsonObject;
  readonly lines: readonly { readonly id: string; readonly fields: JsonObject }[];
  readonly newLines: readonly NewLine[];
  /** Ids of lines that no item of the quote stands for. */
  readonly goneLines: readonly string[];
}

/** Settings that a plan follows from. */
export type PlanSettings = Pick<
  SalesforceSettings,
  | 'fields'
  | 'stageByQuoteState'
  | 'lineAmountField'
  | 'unitPriceDecimals'
  | 'owners'
  | 'lineItemField'
  | 'currency'
>;

/** True when there is nothing to write. */
export const isDone = ({ fields, lines, newLines, goneLines }: OpportunityPlan): boolean =>
  lines.length + newLines.length + goneLines.length === 0 && Object.keys(fields).length === 0;

const itemsIn = (items: Json | undefined): readonly JsonObject[] =>
  objectsIn(items).flatMap((item) => [item, ...itemsIn(item['quoteItem'])]);

const pricesOf = (item: JsonObject): readonly JsonObject[] =>
  [item, ...itemsIn(item['quoteItem'])].flatMap((one) => objectsIn(one['quoteItemPrice']));

/** Net total of a quote: the sum of its items, which its lines mirror; none in another currency than the opportunity is known to have. */
const quoteNet = (quote: JsonObject, { currency }: Pick<PlanSettings, 'currency'>): Decimal | undefined =>
  netOf(objectsIn(quote['quoteItem']).flatMap(pricesOf), currency);

/** Why the amounts of a quote, owned here, are not written into its opportunity; undefined when they are. */
export const unwrittenAmounts = (
  quote: JsonObject,
  opportunity: JsonObject,
  settings: Pick<PlanSettings, 'currency' | 'owners' | 'fields'>,
): string | undefined => {
  if (settings.owners.price !== 'quotebridge' && settings.fields.quoteAmount === undefined) return undefined;
  const amounts = currenciesIn(objectsIn(quote['quoteItem']).flatMap(pricesOf));
  const reason = otherCurrency(amounts, currencyOf(opportunity, settings));
  return reason === undefined ? undefined : `amounts of the quote are not written: ${reason}`;
};

const percentOf = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);

/**
 * Unit price that makes the line's total equal the item's net amount, as exactly as the org's decimals allow.
 * Salesforce takes the line's discount off the unit price; a line with 100 per cent has no such price.
 */
const unitPriceFor = (net: Decimal, line: JsonObject, decimals: number): Decimal | undefined => {
  const { Quantity: quantity, Discount: discount } = line;
  if (typeof quantity !== 'number' || quantity <= 0) return undefined;
  const kept = new Decimal(100).minus(percentOf(discount));
  if (!kept.greaterThan(0)) return undefined;
  return net.times(100).dividedBy(kept).dividedBy(quantity).toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP);
};

// A total of a line with 100 per cent discount would ask for an infinite unit price.
const lineAmount = (net: Decimal, line: JsonObject, settings: PlanSettings): Decimal | undefined => {
  const unitPrice = unitPriceFor(net, line, settings.unitPriceDecimals);
  return settings.lineAmountField === 'UnitPrice' || unitPrice === undefined ? unitPrice : net;
};

/** The discount that was asked for an item, in per cent; undefined when it is none that a line can hold. */
const discountOf = (item: JsonObject): number | undefined => {
  const asked = new Set(
    objectsIn(item['quoteItemPrice']).flatMap((price) =>
      objectsIn(price['priceAlteration']).flatMap((alteration) => {
        const { percentage } = objectAt(alteration, 'price');
        // One that names a price comes from the catalog.
        const isAsked = alteration['productOfferingPrice'] === undefined;
        return isAsked && alteration['priceType'] === 'discount' ? [percentage] : [];
      }),
    ),
  );
  if (asked.size === 0) return 0;
  const [only] = asked;
  return asked.size === 1 && typeof only === 'number' ? only : undefined;
};

/** Fields of a line that are owned here, as its item wants them; the amount is not among them. */
const ownFields = (item: JsonObject, { owners }: PlanSettings): JsonObject => {
  const discount = discountOf(item);
  const note = textAt(objectsIn(item['note'])[0] ?? {}, 'text');
  const ours = (name: keyof typeof owners): boolean => owners[name] === 'quotebridge';
  return {
    ...(ours('quantity') ? { Quantity: item['quantity'] ?? 1 } : {}),
    ...(ours('discount') && discount !== undefined ? { Discount: discount } : {}),
    ...(ours('description') && note !== undefined ? { Description: note } : {}),
  };
};

const amountField = (item: JsonObject, line: JsonObject, settings: PlanSettings): JsonObject => {
  if (settings.owners.price !== 'quotebridge') return {};
  const net = netOf(pricesOf(item), settings.currency);
  const amount = net === undefined ? undefined : lineAmount(net, line, settings);
  return amount === undefined ? {} : { [settings.lineAmountField]: amount.toNumber() };
};

/** What a line's amount is for: when this changes in the CRM, an amount of before is none for it. */
export const lineShape = (line: JsonObject): string =>
  `${String(line['Quantity'])} at ${percentOf(line['Discount'])} %`;

const newestOrder = (quote: JsonObject): JsonObject => objectsIn(quote['productOrder']).at(-1) ?? {};

/** What the quote earns; null, so that an older figure goes, while it is not known as a whole. */
const marginIn = ({ margin }: JsonObject): Readonly<Record<'margin' | 'marginPercent', Json | undefined>> =>
  isJsonObject(margin)
    ? { margin: objectAt(margin, 'margin')['value'] ?? null, marginPercent: margin['percentage'] ?? null }
    : { margin: undefined, marginPercent: undefined };

/** What the quote knows of itself and of its newest order, which its component notes in `productOrder[]`. */
const reported = (
  quote: JsonObject,
  net: Decimal | undefined,
): Readonly<Record<keyof ReportFields, Json | undefined>> => ({
  quoteId: textAt(quote, 'id'),
  quoteState: textAt(quote, 'state'),
  quoteAmount: net?.toNumber(),
  ...marginIn(quote),
  orderId: textAt(newestOrder(quote), 'id'),
  orderNumber: externalIdsOf(quote, 'salesOrder').at(-1),
  orderStatus: textAt(newestOrder(quote), 'state'),
});

// A discount of nothing is shown as none.
const isSame = (name: string, wanted: Json | undefined, present: Json | undefined): boolean =>
  present === wanted || (name === 'Discount' && percentOf(present) === wanted);

/** Only what differs, so that a second delivery of the same event writes nothing. */
const differing = (wanted: JsonObject, current: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => value !== undefined && !isSame(name, value, current[name]),
    ),
  );

/** The stage that the state of a quote leads to; none when the stage is not owned here. */
export const stageFor = (
  quote: JsonObject,
  { stageByQuoteState, owners }: Pick<PlanSettings, 'stageByQuoteState' | 'owners'>,
): string | undefined => {
  if (owners.stage !== 'quotebridge') return undefined;
  const named = (name: string): string | undefined =>
    Object.hasOwn(stageByQuoteState, name) ? stageByQuoteState[name] : undefined;
  const state = named(textAt(quote, 'state') ?? '');
  return quote['stateReason'] === 'expired' ? (named('expired') ?? state) : state;
};

const newLine = (item: JsonObject, quote: string, settings: PlanSettings): NewLine[] => {
  const offering = textAt(objectAt(item, 'productOffering'), 'id');
  const id = textAt(item, 'id');
  if (offering === undefined || id === undefined) return [];
  const fields = { Quantity: item['quantity'] ?? 1, Discount: 0, ...ownFields(item, settings) };
  return [
    { mark: lineMark(quote, id), offering, fields: { ...fields, ...amountField(item, fields, settings) } },
  ];
};

/**
 * What to write into the opportunity so that it shows the quote: what is owned here of its lines (Amount is their sum
 * and not writable while there are lines), the stage for the quote's state, and the report fields. Pure.
 */
export const planOpportunity = (
  quote: JsonObject,
  opportunity: JsonObject,
  general: PlanSettings,
): OpportunityPlan => {
  const currency = currencyOf(opportunity, general);
  const settings: PlanSettings = currency === undefined ? general : { ...general, currency };
  const { owners, lineItemField } = settings;
  const id = textAt(quote, 'id') ?? '';
  const items = new Map(itemsIn(quote['quoteItem']).map((item) => [textAt(item, 'id') ?? '', item]));
  const existing = linesOf(opportunity).map((line) => ({ line, item: itemIdOf(line, id, lineItemField) }));
  const ownsLines = owners.lines === 'quotebridge';
  const lines = existing.flatMap(({ line, item: name }) => {
    const item = items.get(name ?? '');
    const lineId = textAt(line, 'Id');
    if (item === undefined || lineId === undefined) return [];
    const own = ownFields(item, settings);
    const fields = differing({ ...own, ...amountField(item, { ...line, ...own }, settings) }, line);
    return Object.keys(fields).length === 0 ? [] : [{ id: lineId, fields }];
  });
  const known = new Set(existing.map(({ item }) => item));
  const missing = objectsIn(quote['quoteItem']).filter((item) => !known.has(textAt(item, 'id')));
  const gone = existing.filter(({ item }) => !items.has(item ?? ''));
  const net = quoteNet(quote, settings);
  const values = reported(quote, net);
  const report: JsonObject = {};
  for (const [kind, field] of Object.entries(settings.fields) as [keyof ReportFields, string][]) {
    report[field] = values[kind];
  }
  const stage = stageFor(quote, settings);
  const name = textAt(quote, 'description');
  const hasAmount = existing.length === 0 && net !== undefined && owners.price === 'quotebridge';
  const wanted = {
    ...report,
    ...(owners.name === 'quotebridge' && name !== undefined ? { Name: name } : {}),
    ...(stage === undefined ? {} : { StageName: stage }),
    ...(hasAmount ? { Amount: net.toNumber() } : {}),
  };
  return {
    fields: differing(wanted, opportunity),
    lines,
    newLines: ownsLines ? missing.flatMap((item) => newLine(item, id, settings)) : [],
    goneLines: ownsLines ? gone.flatMap(({ line }) => textAt(line, 'Id') ?? []) : [],
  };
};
