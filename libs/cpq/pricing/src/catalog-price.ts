import {
  err,
  isJsonObject,
  objectsAt,
  ok,
  referencedId,
  type JsonObject,
  type Result,
} from '@quotebridge/platform/core';
import type { Decimal } from 'decimal.js';
import { decimalOf, Exact, isCurrency, type Amount } from './money';
import { chargePeriod } from './period';
import { isCharge, priceKind, type PriceKind } from './price-type';
import { unpriced, type Unpriced } from './unpriced';
import { readValueUses, type ValueUse } from './value-use';

/** A link from one price to another (`popRelationship`). */
export interface PriceLink {
  readonly id: string;
  /** Under which it is read, the version included when the link names one (`referencedId`). */
  readonly key: string;
  readonly type: string;
}

/** A productOfferingPrice (TMF620 v5) as the calculation sees it. */
export interface CatalogPrice {
  readonly id: string;
  readonly name: string;
  readonly version?: string;
  readonly isBundle: boolean;
  /** Undefined for a bundle, whose components have kinds of their own. */
  readonly kind?: PriceKind;
  readonly amount?: Amount;
  readonly percentage?: Decimal;
  readonly period?: string;
  /** The amount is for so many units (`unitOfMeasure`), 1 when it does not say. */
  readonly per: Decimal;
  readonly unit?: string;
  /** False when the price has no `unitOfMeasure` at all. */
  readonly isPerUnit: boolean;
  readonly components: readonly PriceLink[];
  readonly links: readonly PriceLink[];
  readonly uses: readonly ValueUse[];
  /** Sum of the tax rates in per cent. */
  readonly taxRate: Decimal;
  /** Sum of the fixed taxes that have no rate, for `per` units. */
  readonly fixedTax: readonly Amount[];
  readonly priority: number;
  /** Alterations written into the price itself (`priceAlteration[]`, carried over from older catalogs). */
  readonly embedded: readonly JsonObject[];
}

/** What documents say that is the same on every day, as long as they are in memory: most are asked for again and again. */
const timeless = new WeakMap<JsonObject, Result<CatalogPrice, Unpriced> & { readonly id: string }>();

/**
 * Reads a price document, or says what is wrong with it. `date` decides which value uses are valid. A document that was
 * read must not be changed.
 */
export const readCatalogPrice = (
  id: string,
  json: JsonObject,
  date: string,
): Result<CatalogPrice, Unpriced> => {
  const known = timeless.get(json);
  if (known?.id === id) return known;
  const found = readAt(id, json, date);
  if (json['prodSpecCharValueUse'] === undefined) timeless.set(json, { ...found, id });
  return found;
};

const readAt = (id: string, json: JsonObject, date: string): Result<CatalogPrice, Unpriced> => {
  const name = typeof json['name'] === 'string' ? json['name'] : id;
  const components = linksAt(json, 'bundledPopRelationship');
  const isBundle = json['isBundle'] === true || components.length > 0;
  const kind = priceKind(json['priceType']);
  const amount = readMoney(json['price']);
  const percentage = decimalOf(json['percentage']);
  const measure = isJsonObject(json['unitOfMeasure']) ? json['unitOfMeasure'] : undefined;
  const per = decimalOf(measure?.['amount']) ?? new Exact(1);
  const taxes = objectsAt(json, 'tax');
  const period = readPeriod(json);

  const refuse = (code: Unpriced['code'], what: string): Result<never, Unpriced> =>
    err(unpriced(code, `The price '${name}' (${id}) ${what}.`, id));
  if (amount === 'bad')
    return refuse('badPrice', 'has an amount without a number or without a currency code');
  if (!isBundle && kind === undefined) {
    return refuse(
      'unknownPriceType',
      `has the price type '${String(json['priceType'])}', which is not known`,
    );
  }
  if (!isBundle && kind === 'recurring' && period === undefined) {
    return refuse('noPeriod', 'is recurring but has no recurringChargePeriodType');
  }
  if (isBundle && components.length === 0)
    return refuse('badPrice', 'is a bundle without bundledPopRelationship');
  if (isBundle && amount !== undefined && !amount.value.isZero()) {
    return refuse('badPrice', 'is a bundle and has an amount of its own; only one of the two can be charged');
  }
  if (!per.isPositive() || per.isZero())
    return refuse('badPrice', 'has a unitOfMeasure that is not above zero');
  if (!isBundle && isCharge(kind) && amount === undefined) {
    const byAlgorithm = objectsAt(json, 'pricingLogicAlgorithm').length > 0;
    return byAlgorithm
      ? refuse('externalAlgorithm', 'is calculated by an outside pricing algorithm, which cannot be asked')
      : refuse('badPrice', 'has no amount');
  }

  const units = measure?.['units'];
  const version = json['version'];
  const priority = json['priority'];
  return ok({
    id,
    name,
    isBundle,
    per,
    isPerUnit: measure !== undefined,
    components,
    links: linksAt(json, 'popRelationship'),
    uses: readValueUses(json, date),
    taxRate: taxes.reduce((sum, tax) => sum.plus(decimalOf(tax['taxRate']) ?? 0), new Exact(0)),
    fixedTax: taxes
      .filter((tax) => decimalOf(tax['taxRate']) === undefined)
      .map((tax) => readMoney(tax['taxAmount']))
      .filter((tax) => tax !== undefined && tax !== 'bad'),
    priority: typeof priority === 'number' ? priority : Infinity,
    embedded: objectsAt(json, 'priceAlteration'),
    ...(isBundle || kind === undefined ? {} : { kind }),
    ...(amount === undefined || isBundle ? {} : { amount }),
    ...(percentage === undefined ? {} : { percentage }),
    ...(period === undefined ? {} : { period }),
    ...(typeof units === 'string' && units.trim() !== '' ? { unit: units } : {}),
    ...(typeof version === 'string' ? { version } : {}),
  });
};

/** Keys (see `referencedId`) of every price that must be at hand to price with this one: bundle components and linked prices. */
export const relatedPriceIds = (json: JsonObject): readonly string[] => [
  ...linksAt(json, 'bundledPopRelationship').map(({ key }) => key),
  ...linksAt(json, 'popRelationship').map(({ key }) => key),
];

const readMoney = (money: unknown): Amount | 'bad' | undefined => {
  if (!isJsonObject(money) || money['value'] === undefined) return undefined;
  const value = decimalOf(money['value']);
  return value === undefined || !isCurrency(money['unit']) ? 'bad' : { value, currency: money['unit'] };
};

const readPeriod = (json: JsonObject): string | undefined => {
  const type = json['recurringChargePeriodType'];
  if (typeof type !== 'string' || type.trim() === '') return undefined;
  const length = json['recurringChargePeriodLength'];
  return chargePeriod(type, typeof length === 'number' && length > 0 ? length : 1);
};

const linksAt = (json: JsonObject, name: string): readonly PriceLink[] =>
  objectsAt(json, name).flatMap((link) => {
    const { id } = link;
    const key = referencedId(link);
    return typeof id === 'string' && key !== undefined
      ? [{ id, key, type: String(link['relationshipType'] ?? '') }]
      : [];
  });
