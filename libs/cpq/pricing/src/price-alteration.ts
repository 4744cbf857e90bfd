import { err, ok, type Result } from '@quotebridge/platform/core';
import type { Alteration } from './alteration';
import type { CatalogPrice } from './catalog-price';
import { unpriced, type Unpriced } from './unpriced';

/** A catalog price of type discount or surcharge as an alteration; refused when it has no figure. */
export const toAlteration = (price: CatalogPrice): Result<Alteration, Unpriced> => {
  const { id, name, kind, amount, percentage, period, per, unit } = price;
  const byPercentage = percentage !== undefined && (!percentage.isZero() || amount === undefined);
  if (!byPercentage && amount === undefined) {
    return err(
      unpriced('badPrice', `The ${kind} '${name}' (${id}) has neither a percentage nor an amount.`, id),
    );
  }
  return ok({
    name,
    kind: kind === 'surcharge' ? 'surcharge' : 'discount',
    priority: price.priority,
    source: 'catalog',
    priceId: id,
    ...(byPercentage ? { percentage: percentage.abs() } : {}),
    ...(byPercentage || amount === undefined ? {} : { amount: { ...amount, value: amount.value.abs() } }),
    ...(price.isPerUnit && !byPercentage
      ? { per: { count: per, ...(unit === undefined ? {} : { unit }) } }
      : {}),
    ...(period === undefined ? {} : { onlyKind: 'recurring' as const, onlyPeriod: period }),
  });
};
