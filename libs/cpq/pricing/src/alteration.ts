import { err, isJsonObject, ok, textAt, type JsonObject, type Result } from '@quotebridge/platform/core';
import type { Decimal } from 'decimal.js';
import { decimalOf, isCurrency, type Amount } from './money';
import { chargePeriod } from './period';
import { alterationKind, isCharge, priceKind, type AlterationKind, type ChargeKind } from './price-type';
import { unpriced, type Unpriced } from './unpriced';

/** A discount or surcharge that is ready to be applied. Exactly one of `percentage` and `amount` is set. */
export interface Alteration {
  readonly name: string;
  readonly kind: AlterationKind;
  /** Per cent of the amount reached so far; never negative, the kind says the direction. */
  readonly percentage?: Decimal;
  /** Never negative, the kind says the direction. */
  readonly amount?: Amount;
  /** Set when `amount` is for so many units and grows with the quantity; without it, it is given once. */
  readonly per?: { readonly count: Decimal; readonly unit?: string };
  /** Lower comes first; an alteration without a priority comes last. */
  readonly priority: number;
  /** Number of periods a recurring alteration lasts; carried along. */
  readonly applicationDuration?: number;
  readonly description?: string;
  readonly source: 'catalog' | 'request';
  /** The productOfferingPrice it comes from. */
  readonly priceId?: string;
  /** Only charges of this kind and period are altered. */
  readonly onlyKind?: ChargeKind;
  readonly onlyPeriod?: string;
  /** For whom it is, in words; set on what was agreed with a customer. */
  readonly basis?: string;
}

/** Where an alteration stands, for what its own attributes do not say. */
export interface AlterationOrigin {
  readonly source: 'catalog' | 'request';
  readonly priceId?: string;
  readonly onlyKind?: ChargeKind;
  readonly onlyPeriod?: string;
}

/**
 * Reads a TMF `PriceAlteration` (TMF648/622 shape; also the embedded `priceAlteration[]` of older catalogs).
 * Its percentage or amount stands in `price`; a percentage counts when both are there, because computed entries
 * carry both. A charge word as `priceType` and a `recurringChargePeriod` narrow what is altered.
 */
export const readAlteration = (json: JsonObject, origin: AlterationOrigin): Result<Alteration, Unpriced> => {
  const name =
    textAt(json, 'name') ?? textAt(json, 'description') ?? textAt(json, 'priceType') ?? 'alteration';
  const figure = readFigure(json, name);
  if (!figure.ok) return figure;
  const ownKind = priceKind(json['priceType']);
  const onlyKind = isCharge(ownKind) ? ownKind : origin.onlyKind;
  const ownPeriod = textAt(json, 'recurringChargePeriod');
  const onlyPeriod = ownPeriod === undefined ? origin.onlyPeriod : chargePeriod(ownPeriod);
  const priority = json['priority'];
  const duration = json['applicationDuration'];
  const description = textAt(json, 'description');
  return ok({
    name,
    kind: alterationKind(json['priceType']),
    ...figure.value,
    priority: typeof priority === 'number' ? priority : Infinity,
    source: origin.source,
    ...(typeof duration === 'number' && duration > 0 ? { applicationDuration: duration } : {}),
    ...(description === undefined ? {} : { description }),
    ...(origin.priceId === undefined ? {} : { priceId: origin.priceId }),
    ...(onlyKind === undefined ? {} : { onlyKind }),
    ...(onlyPeriod === undefined ? {} : { onlyPeriod }),
  });
};

/**
 * The one order in which alterations are applied, whatever order they came in: by priority, catalog before
 * request, surcharges before discounts, percentages before amounts, then by name and figure.
 */
export const inApplicationOrder = (alterations: readonly Alteration[]): readonly Alteration[] =>
  [...alterations].sort((left, right) => {
    const [a, b] = [sortKey(left), sortKey(right)];
    const at = a.findIndex((word, index) => word !== b[index]);
    if (at < 0) return 0;
    return (a[at] ?? '') < (b[at] ?? '') ? -1 : 1;
  });

const sortKey = (it: Alteration): readonly (string | number)[] => [
  it.priority,
  it.source,
  it.kind === 'surcharge' ? 0 : 1,
  it.percentage === undefined ? 1 : 0,
  it.name,
  it.priceId ?? '',
  (it.percentage ?? it.amount?.value)?.toString() ?? '',
];

type Figure = Pick<Alteration, 'percentage'> | Pick<Alteration, 'amount'>;

const readFigure = (json: JsonObject, name: string): Result<Figure, Unpriced> => {
  const price = isJsonObject(json['price']) ? json['price'] : {};
  const percentage = decimalOf(price['percentage'] ?? json['percentage']);
  const money = [price['dutyFreeAmount'], price].find(isMoney);
  const value = decimalOf(money?.['value']);
  if (percentage !== undefined && (!percentage.isZero() || value === undefined || value.isZero())) {
    return ok({ percentage: percentage.abs() });
  }
  if (value === undefined || !isCurrency(money?.['unit'])) {
    const hint = isMoney(price['taxIncludedAmount']) ? ' (an amount including tax alone is not enough)' : '';
    return err(
      unpriced(
        'badAlteration',
        `The alteration '${name}' has neither a percentage nor a duty-free amount${hint}.`,
      ),
    );
  }
  return ok({ amount: { value: value.abs(), currency: money['unit'] } });
};

const isMoney = (value: unknown): value is JsonObject => isJsonObject(value) && value['value'] !== undefined;
