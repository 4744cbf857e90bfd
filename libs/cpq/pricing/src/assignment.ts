import { err, ok, type Result } from '@quotebridge/platform/core';
import { readAlteration, type Alteration } from './alteration';
import type { ChosenCharge } from './choice';
import type { PriceStep } from './explanation';
import type { PricingInput } from './input';
import { textOf } from './money';
import { chargePeriod } from './period';
import { isCharge, priceKind, type ChargeKind } from './price-type';
import type { Attachment } from './selection';
import { unpriced, type Unpriced } from './unpriced';

/** The alterations asked for the item; each may touch any charge that its own type and period allow. */
export const readRequested = (input: PricingInput): Result<readonly Attachment[], Unpriced> => {
  const attachments: Attachment[] = [];
  for (const { alteration, priceType, recurringChargePeriod } of input.alterations ?? []) {
    const kind = priceKind(priceType);
    const read = readAlteration(alteration, {
      source: 'request',
      ...(isCharge(kind) ? { onlyKind: kind } : {}),
      ...(recurringChargePeriod === undefined ? {} : { onlyPeriod: chargePeriod(recurringChargePeriod) }),
    });
    if (!read.ok) return read;
    attachments.push({ alteration: read.value, reaches: () => true });
  }
  return ok(attachments);
};

/** Which charge is altered by what, and the steps that say what was passed over. */
export interface Assignment {
  readonly byCharge: ReadonlyMap<ChosenCharge, readonly Alteration[]>;
  readonly steps: readonly PriceStep[];
}

/** An amount that is given once goes to the first charge in this order, whatever the catalog's order. */
const KIND_ORDER: readonly ChargeKind[] = ['oneTime', 'recurring', 'usage'];

/**
 * Hands each alteration to the charges it touches: a percentage, or an amount per unit, to all of them, an amount that
 * is given once to the first. Refuses an amount that was asked for in another currency.
 */
export const assign = (
  attachments: readonly Attachment[],
  charges: readonly ChosenCharge[],
): Result<Assignment, Unpriced> => {
  const byCharge = new Map<ChosenCharge, Alteration[]>();
  const steps: PriceStep[] = [];
  const ranked = [...charges].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  for (const { alteration, reaches } of attachments) {
    const { onlyKind, onlyPeriod, amount, per, name, source, priceId } = alteration;
    const reached = ranked.filter(
      (charge) =>
        reaches(charge) &&
        (onlyKind === undefined || charge.price.kind === onlyKind) &&
        (onlyPeriod === undefined || charge.price.period === onlyPeriod),
    );
    const isForeign = (charge: ChosenCharge): boolean => charge.currency !== amount?.currency;
    if (amount !== undefined && reached.some(isForeign)) {
      const wrong = `The alteration '${name}' of ${textOf(amount)} is not in ${reached[0]?.currency}.`;
      if (source === 'request') return err(unpriced('currencyMix', wrong));
      steps.push({ rule: 'skipped', text: wrong, ...(priceId === undefined ? {} : { priceId }) });
      continue;
    }
    if (reached.length === 0) {
      const text = `The alteration '${name}' is passed over: it fits no charge of this item.`;
      steps.push({ rule: 'skipped', text, ...(priceId === undefined ? {} : { priceId }) });
    }
    const isOnce = amount !== undefined && per === undefined;
    for (const charge of isOnce ? reached.slice(0, 1) : reached) {
      byCharge.set(charge, [...(byCharge.get(charge) ?? []), alteration]);
    }
  }
  return ok({ byCharge, steps });
};

const rank = ({ price, path }: ChosenCharge): string =>
  JSON.stringify([
    KIND_ORDER.indexOf(price.kind as ChargeKind),
    price.period ?? '',
    price.name,
    price.id,
    path,
  ]);
