import Decimal from 'decimal.js';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { refused } from '../odata/errors';

/** How a condition type works on an item; the types of the made-up pricing procedure. */
const CONDITIONS: Record<string, { step: string; kind: 'price' | 'percent' | 'amount' }> = {
  PPR0: { step: '10', kind: 'price' },
  PR00: { step: '10', kind: 'price' },
  PMP0: { step: '20', kind: 'price' },
  DRG1: { step: '100', kind: 'percent' },
  RA01: { step: '110', kind: 'percent' },
  DRV1: { step: '120', kind: 'amount' },
};

/** An item's price and how it came about. */
export interface ItemPrice {
  /** Two decimals. */
  readonly net: string;
  readonly elements: readonly Row[];
}

interface Priced {
  readonly material: string;
  readonly quantity: string;
  readonly unit: string;
  readonly customer: string;
  /** Price list of the customer; empty when he has none. */
  readonly priceList: string;
  readonly currency: string;
  readonly salesOrganization: string;
  readonly distributionChannel: string;
  /** Milliseconds; decides which prices are valid. */
  readonly at: number;
}

const money = (value: Decimal): Decimal => value.toDecimalPlaces(2, Decimal.ROUND_HALF_UP);

const number = (value: unknown, otherwise: string): Decimal =>
  new Decimal(typeof value === 'string' && value !== '' ? value : otherwise);

/** From how particular a key is: one customer, one price list, everybody. Undefined when it is for somebody else. */
const nearness = (validity: Row, item: Priced): number | undefined => {
  const [customer, list] = [String(validity['Customer'] ?? ''), String(validity['PriceListType'] ?? '')];
  if (customer !== '') return customer === item.customer ? 0 : undefined;
  if (list !== '') return list === item.priceList ? 1 : undefined;
  return 2;
};

const isFor = (validity: Row, item: Priced, type: string): boolean =>
  validity['ConditionType'] === type &&
  validity['SalesOrganization'] === item.salesOrganization &&
  validity['DistributionChannel'] === item.distributionChannel &&
  nearness(validity, item) !== undefined &&
  Number(validity['ConditionValidityStartDate']) <= item.at &&
  Number(validity['ConditionValidityEndDate']) + 86_400_000 > item.at;

/** Finds the record of a condition type for an item: the customer's own before his price list's before that for everybody. */
const findRecord = (tables: Tables, item: Priced, type: string): Row | undefined => {
  const records = tables
    .where('A_SlsPrcgCndnRecdValidity', 'Material', item.material)
    .filter((validity) => isFor(validity, item, type))
    .sort((a, b) => (nearness(a, item) ?? 0) - (nearness(b, item) ?? 0))
    .map((validity) => tables.get('A_SlsPrcgConditionRecord', String(validity['ConditionRecord'])));
  return records.find((record) => record !== undefined && record['ConditionIsDeleted'] !== true);
};

const scaledRate = (tables: Tables, record: Row, quantity: Decimal): Decimal => {
  const reached = tables
    .where('A_SlsPrcgCndnRecordScale', 'ConditionRecord', record['ConditionRecord'])
    .filter((scale) => number(scale['ConditionScaleQuantity'], '0').lte(quantity))
    .sort((a, b) => number(a['ConditionScaleQuantity'], '0').cmp(number(b['ConditionScaleQuantity'], '0')));
  return number(reached.at(-1)?.['ConditionRateValue'] ?? record['ConditionRateValue'], '0');
};

const fromRecord = (tables: Tables, item: Priced): Row => {
  const record = findRecord(tables, item, 'PPR0');
  if (record === undefined) {
    throw refused(
      400,
      'V1/801',
      `Pricing error: mandatory condition PPR0 is missing for material ${item.material}.`,
    );
  }
  return {
    ConditionType: 'PPR0',
    ConditionRateValue: scaledRate(tables, record, new Decimal(item.quantity)).toFixed(2),
    ConditionCurrency: record['ConditionCurrency'] ?? item.currency,
    ConditionQuantity: record['ConditionQuantity'] ?? '1',
    ConditionQuantityUnit: record['ConditionQuantityUnit'] ?? item.unit,
    ConditionRecord: record['ConditionRecord'] ?? '',
    ConditionOrigin: 'A',
  };
};

/** The discount that the records grant without being asked: a schedule of percentages by quantity. */
const grantedDiscount = (tables: Tables, item: Priced): Row[] => {
  const record = findRecord(tables, item, 'DRG1');
  if (record === undefined) return [];
  const rate = scaledRate(tables, record, new Decimal(item.quantity));
  if (rate.isZero()) return [];
  return [
    {
      ConditionType: 'DRG1',
      ConditionRateValue: rate.toFixed(),
      ConditionRecord: record['ConditionRecord'] ?? '',
      ConditionOrigin: 'A',
    },
  ];
};

const kindOf = (element: Row): { step: string; kind: 'price' | 'percent' | 'amount' } => {
  const type = String(element['ConditionType'] ?? '');
  const condition = Object.hasOwn(CONDITIONS, type) ? CONDITIONS[type] : undefined;
  if (condition !== undefined) return condition;
  throw refused(400, 'V1/143', `Condition type ${type} is not in the pricing procedure.`, 'ConditionType');
};

/** What one condition adds. Discounts always lower the price, whichever sign they were sent with. */
const amountOf = (element: Row, item: Priced, base: Decimal): Decimal => {
  const rate = number(element['ConditionRateValue'], '0');
  const { kind } = kindOf(element);
  if (kind === 'percent') return money(base.times(rate.abs()).div(100)).neg();
  if (kind === 'amount') return rate.abs().neg();
  return money(rate.div(number(element['ConditionQuantity'], '1')).times(item.quantity));
};

/**
 * Prices one item from the price conditions sent with it, or from the condition records when none was sent.
 * Throws a 400 refusal when there is no price.
 */
export const priceItem = (tables: Tables, item: Priced, sent: readonly Row[]): ItemPrice => {
  const manual = sent.map((element) => ({
    ...element,
    ConditionOrigin: 'C',
    ConditionIsManuallyChanged: true,
  }));
  const hasPrice = manual.some((element) => kindOf(element).kind === 'price');
  const all: Row[] = hasPrice
    ? manual
    : [fromRecord(tables, item), ...grantedDiscount(tables, item), ...manual];
  const ordered = all.sort((a, b) => Number(kindOf(a).step) - Number(kindOf(b).step));
  // A manual price (PMP0) replaces the list price before it.
  const price = ordered.filter((element) => kindOf(element).kind === 'price').at(-1);
  const base = price === undefined ? new Decimal(0) : amountOf(price, item, new Decimal(0));
  let net = base;
  const elements = ordered.map((element, index): Row => {
    const { step, kind } = kindOf(element);
    const amount = amountOf(element, item, base);
    if (kind !== 'price') net = net.plus(amount);
    return {
      ConditionCurrency: kind === 'percent' ? '' : item.currency,
      ConditionQuantity: '1',
      ConditionQuantityUnit: kind === 'price' ? item.unit : '',
      ...element,
      PricingProcedureStep: step,
      PricingProcedureCounter: String(index + 1),
      ConditionCalculationType: { price: 'C', percent: 'A', amount: 'B' }[kind],
      ConditionAmount: amount.toFixed(2),
      ConditionBaseValue: (kind === 'percent' ? base : new Decimal(item.quantity)).toString(),
      TransactionCurrency: item.currency,
    };
  });
  return { net: net.toFixed(2), elements };
};
