import { err, ok, type Fault, type JsonObject, type Result } from '@quotebridge/platform/core';
import { textAt } from '@quotebridge/connectors/sdk';
import { Decimal } from 'decimal.js';
import { expanded, readDate } from '../odata-values';
import type { S4Settings } from '../settings';
import { decimalOf, numberOf } from './decimal';

/** A price of a condition record: the whole of it, or one tier of its quantity scale. */
export interface PriceTier {
  /** `<condition record>`, or `<condition record>-<scale line>` for a tier. */
  readonly externalId: string;
  readonly rate: Decimal;
  /** Of money; a percentage has none. */
  readonly currency?: string;
  /** First and last quantity of the tier; both absent for a price without scale. */
  readonly from?: number;
  readonly to?: number;
}

/** A condition record that is a price or a discount of one material in our sales area. */
export interface PriceCondition {
  readonly record: string;
  readonly type: string;
  /** The one customer that it is for, or the price list; for everybody when there is neither. */
  readonly customer: string | undefined;
  readonly priceList: string | undefined;
  readonly isDiscount: boolean;
  readonly material: string;
  readonly isDeleted: boolean;
  readonly per: Decimal;
  readonly unit: string | undefined;
  readonly validFrom: string | undefined;
  /** First moment after the validity; undefined = open end. */
  readonly validUntil: string | undefined;
  readonly tiers: readonly PriceTier[];
}

/** SAP's "for ever". */
const LAST_YEAR = 9999;
const DAY_MS = 86_400_000;
/** Wholly numeric scale base: a quantity scale that gives from-values. */
const QUANTITY_SCALE = 'C';
const PERCENT = '%';

type Area = Pick<S4Settings, 'salesOrganization' | 'distributionChannel' | 'discountConditionTypes'>;

/** True when the price is deleted, or its validity ended before the moment (date-time). */
export const isOver = ({ isDeleted, validUntil }: PriceCondition, now: string): boolean =>
  isDeleted || (validUntil !== undefined && Date.parse(validUntil) <= Date.parse(now));

/** True for a list price: what everybody pays. */
export const isListPrice = ({ customer, priceList, isDiscount }: PriceCondition): boolean =>
  customer === undefined && priceList === undefined && !isDiscount;

/** The key under which the record prices a material in our sales area. Groups of customers are not known here. */
const keyOf = (record: JsonObject, area: Area): JsonObject | undefined =>
  expanded(record, 'to_SlsPrcgCndnRecdValidity').find(
    (key) =>
      textAt(key, 'Material') !== undefined &&
      textAt(key, 'SalesOrganization') === area.salesOrganization &&
      textAt(key, 'DistributionChannel') === area.distributionChannel &&
      textAt(key, 'CustomerPriceGroup') === undefined,
  );

/**
 * Reads a condition record with its expanded keys and scales. `undefined`: prices nothing in our sales area.
 * Faults are JSON Pointers into the record.
 */
export const readPriceCondition = (
  record: JsonObject,
  area: Area,
): Result<PriceCondition | undefined, readonly Fault[]> => {
  const key = keyOf(record, area);
  const material = key === undefined ? undefined : textAt(key, 'Material');
  if (key === undefined || material === undefined) return ok(undefined);
  const number = textAt(record, 'ConditionRecord');
  const type = textAt(record, 'ConditionType') ?? '';
  const isDiscount = area.discountConditionTypes.includes(type);
  const per = decimalOf(record['ConditionQuantity']);
  const [customer, priceList] = [textAt(key, 'Customer'), textAt(key, 'PriceListType')];
  // A discount of nothing is none, but what is nearer to the customer takes the place of what is for others.
  const counts = ({ rate }: PriceTier): boolean =>
    !isDiscount || !rate.isZero() || customer !== undefined || priceList !== undefined;
  const tiers =
    number === undefined ? err([fault('ConditionRecord')]) : readTiers(number, record, isDiscount);
  if (!tiers.ok) return tiers;
  const end = readDate(record['ConditionValidityEndDate'] ?? key['ConditionValidityEndDate']);
  return ok({
    record: number ?? '',
    type,
    material,
    customer,
    priceList,
    isDiscount,
    isDeleted: record['ConditionIsDeleted'] === true,
    per: per === undefined || !per.greaterThan(0) ? new Decimal(1) : per,
    unit: textAt(record, 'ConditionQuantityUnit'),
    validFrom: readDate(record['ConditionValidityStartDate'] ?? key['ConditionValidityStartDate']),
    validUntil: end === undefined || end.startsWith(String(LAST_YEAR)) ? undefined : nextDay(end),
    tiers: tiers.value.filter(counts),
  });
};

const nextDay = (iso: string): string => new Date(Date.parse(iso) + DAY_MS).toISOString();

const fault = (name: string, message = 'is missing'): Fault => ({ path: `/${name}`, message, code: 'price' });

/**
 * What a record or a line of its scale says: a ratio in percent, else an amount or a percentage. Newer releases tell amounts with
 * more decimals, and percentages as ratios only.
 */
const saidIn = (record: JsonObject): { rate: Decimal | undefined; unit: string | undefined } => {
  const { ConditionRateRatio: ratio, ConditionRateAmount: amount, ConditionRateValue: value } = record;
  if (textAt(record, 'ConditionRateRatioUnit') === PERCENT) return { rate: decimalOf(ratio), unit: PERCENT };
  const unit = textAt(record, 'ConditionRateValueUnit') ?? textAt(record, 'ConditionCurrency');
  return { rate: decimalOf(unit === PERCENT ? (value ?? amount) : (amount ?? value)), unit };
};

const readRate = (
  record: JsonObject,
  path: string,
  isDiscount: boolean,
): Result<{ rate: Decimal; currency?: string }, readonly Fault[]> => {
  const { rate, unit: currency } = saidIn(record);
  if (rate === undefined) return err([fault(`${path}ConditionRateValue`, 'is no decimal')]);
  if (numberOf(rate) === undefined) {
    return err([fault(`${path}ConditionRateValue`, 'has more digits than a JSON number can carry')]);
  }
  if (isDiscount && currency === PERCENT) return ok({ rate });
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency)) {
    return err([
      fault(
        `${path}ConditionRateValueUnit`,
        'is no currency: prices are fixed, only discounts are percentages',
      ),
    ]);
  }
  return ok({ rate, currency });
};

/** The tiers in ascending order, without gaps between them. Below the first one the record's own rate holds. */
const readTiers = (
  number: string,
  record: JsonObject,
  isDiscount: boolean,
): Result<readonly PriceTier[], readonly Fault[]> => {
  const own = readRate(record, '', isDiscount);
  if (!own.ok) return own;
  const basis = textAt(record, 'PricingScaleBasis') ?? QUANTITY_SCALE;
  const lines = expanded(record, 'to_SlsPrcgCndnRecordScale');
  if (lines.length === 0) return ok([{ externalId: number, ...own.value }]);
  if (basis !== QUANTITY_SCALE) {
    return err([
      fault('PricingScaleBasis', `is ${basis}: only quantity scales (${QUANTITY_SCALE}) can be tiers`),
    ]);
  }
  const starts: PriceTier[] = [];
  for (const [index, line] of lines.entries()) {
    const path = `to_SlsPrcgCndnRecordScale/results/${index}/`;
    const rate = readRate({ ...pickCurrency(record), ...line }, path, isDiscount);
    const from = decimalOf(line['ConditionScaleQuantity']);
    if (!rate.ok) return rate;
    // TMF620 ranges hold whole numbers (`valueFrom` is an integer).
    if (from === undefined || !from.isInteger() || from.isNegative()) {
      return err([fault(`${path}ConditionScaleQuantity`, 'is no whole number of 0 or more')]);
    }
    const name = textAt(line, 'ConditionScaleLine') ?? String(index + 1);
    starts.push({ externalId: `${number}-${name}`, ...rate.value, from: Math.max(1, from.toNumber()) });
  }
  starts.sort((left, right) => (left.from ?? 0) - (right.from ?? 0));
  if ((starts[0]?.from ?? 1) > 1) starts.unshift({ externalId: number, ...own.value, from: 1 });
  return ok(withoutRepeats(starts).map((tier, index, all) => endingBefore(tier, all[index + 1]?.from)));
};

const pickCurrency = (record: JsonObject): JsonObject =>
  Object.fromEntries(
    ['ConditionRateValueUnit', 'ConditionCurrency', 'ConditionRateRatioUnit'].flatMap((name) =>
      record[name] === undefined ? [] : [[name, record[name]]],
    ),
  );

/** Two lines that begin at the same quantity: the later one counts. */
const withoutRepeats = (tiers: readonly PriceTier[]): readonly PriceTier[] =>
  tiers.filter((tier, index) => tiers[index + 1]?.from !== tier.from);

const endingBefore = (tier: PriceTier, next: number | undefined): PriceTier =>
  next === undefined ? tier : { ...tier, to: next - 1 };
