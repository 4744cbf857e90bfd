import {
  err,
  isJsonObject,
  objectsAt,
  ok,
  referencedId,
  textAt,
  type JsonObject,
  type Result,
} from '@quotebridge/platform/core';
import type { Decimal } from 'decimal.js';
import { giveWay, withAgreed, withoutCounted } from './agreed';
import { assign, readRequested } from './assignment';
import { calculate, type PricedCharge } from './calculation';
import { chooseCharges } from './choice';
import type { PriceStep } from './explanation';
import { defaultRules, type PricingInput, type PricingRules } from './input';
import { decimalOf } from './money';
import { collectPrices, type Attachment, type Selection } from './selection';
import { unpriced, type Unpriced } from './unpriced';

/** An item with its price. No charges and no reason: nothing is charged for it, as the steps say. */
export interface PricedItem {
  readonly charges: readonly PricedCharge[];
  readonly steps: readonly PriceStep[];
}

/**
 * Prices one item from the catalog, or says why it cannot. Pure: the same input gives the same answer, in
 * whatever order alterations arrive. README.md has the rules.
 */
export const priceItem = (
  input: PricingInput,
  rules: PricingRules = defaultRules,
): Result<PricedItem, Unpriced> => {
  const quantity = decimalOf(input.quantity);
  if (quantity === undefined || !quantity.greaterThan(0)) {
    return err(unpriced('badQuantity', `The quantity ${String(input.quantity)} is not a number above zero.`));
  }
  const selected = select(input.offering, quantity, input, rules, []);
  if (!selected.ok) return selected;
  const { agreed } = input;
  const { candidates, attachments, steps } =
    agreed === undefined ? selected.value : giveWay(selected.value, agreed);
  const isPricedByParts = input.partsAreItems === true && listsNoPrice(input.offering);
  if (candidates.length === 0 && agreed === undefined)
    return isPricedByParts ? ok({ charges: [], steps }) : err(nothingValid(input, steps));

  const choice = chooseCharges(candidates, input);
  if (!choice.ok) return choice;
  const requested = readRequested(input);
  if (!requested.ok) return requested;
  const chosen =
    agreed === undefined ? ok(choice.value.charges) : withAgreed(choice.value.charges, agreed, quantity);
  if (!chosen.ok) return chosen;
  const charges = chosen.value;
  const assigned = assign([...attachments, ...requested.value], charges);
  if (!assigned.ok) return assigned;

  const priced: PricedCharge[] = [];
  for (const charge of charges) {
    const result = calculate(charge, assigned.value.byCharge.get(charge) ?? [], rules);
    if (!result.ok) return result;
    priced.push(result.value);
  }
  const said = [...steps, ...choice.value.steps, ...assigned.value.steps];
  const before = agreed === undefined ? said : withoutCounted(said, agreed);
  return ok({ charges: priced, steps: [...before, ...priced.flatMap((charge) => charge.steps)] });
};

/** Collects the prices of the offering, or of its parts when it is a bundle that lists no price itself. */
const select = (
  offering: JsonObject,
  quantity: Decimal,
  input: PricingInput,
  rules: PricingRules,
  trail: readonly string[],
): Result<Selection, Unpriced> => {
  const own = collectPrices(offering, quantity, input, rules);
  const parts = partsOf(offering);
  if (!own.ok || !listsNoPrice(offering) || parts.length === 0) return own;
  if (input.partsAreItems === true && trail.length === 0) {
    const text = `The bundle '${textAt(offering, 'name') ?? ''}' has no price of its own; its nested items have.`;
    return ok({ ...own.value, steps: [...own.value.steps, { rule: 'bundle', text }] });
  }
  const all: Selection = { candidates: [], attachments: [], steps: [...own.value.steps] };
  for (const { id, key, name, count } of parts) {
    if (trail.includes(id)) return err(unpriced('bundleCycle', `The offering '${name}' bundles itself.`));
    const part = input.parts?.get(key);
    if (part === undefined)
      return err(unpriced('missingOffering', `The bundled offering '${name}' does not exist.`));
    all.steps.push({ rule: 'bundle', text: `The bundle holds ${count} × '${name}'.` });
    const inner = select(part, quantity.times(count), input, rules, [...trail, id]);
    if (!inner.ok) return inner;
    if (inner.value.candidates.length === 0)
      return err(nothingValid({ ...input, offering: part }, inner.value.steps));
    all.candidates.push(...inner.value.candidates);
    all.attachments.push(...within(inner.value));
    all.steps.push(...inner.value.steps);
  }
  return ok(all);
};

/** Alterations of a part touch that part only. */
const within = (selection: Selection): readonly Attachment[] =>
  selection.attachments.map(({ alteration, reaches }) => ({
    alteration,
    reaches: (it) =>
      selection.candidates.some(({ price, path }) => price === it.price && path === it.path) && reaches(it),
  }));

interface Part {
  readonly id: string;
  /** Under which it is referred to, its version included. */
  readonly key: string;
  readonly name: string;
  readonly count: number;
}

/** The groups of a bundle and the groups in them. */
const groupsOf = (holder: JsonObject): readonly JsonObject[] =>
  objectsAt(holder, 'bundledGroupProductOffering').flatMap((group) => [group, ...groupsOf(group)]);

/** The bundled offerings and how many of each come by default (TMF620 `bundledProductOfferingOption`). */
const partsOf = (offering: JsonObject): readonly Part[] => {
  const single = objectsAt(offering, 'bundledProductOffering').map((part) => ({ part, otherwise: 1 }));
  const grouped = groupsOf(offering)
    .flatMap((group) => objectsAt(group, 'bundledProductOffering'))
    .map((part) => ({ part, otherwise: 0 }));
  return [...single, ...grouped].flatMap(({ part, otherwise }) => {
    const id = textAt(part, 'id');
    const key = referencedId(part);
    const option = isJsonObject(part['bundledProductOfferingOption'])
      ? part['bundledProductOfferingOption']
      : {};
    const count = option['numberRelOfferDefault'] ?? option['numberRelOfferLowerLimit'] ?? otherwise;
    if (id === undefined || key === undefined || typeof count !== 'number' || count <= 0) return [];
    return [{ id, key, name: textAt(part, 'name') ?? id, count }];
  });
};

/** Keys (`referencedId`) of the offerings whose prices make the price of this bundle; empty when it lists a price itself. */
export const pricedPartIds = (offering: JsonObject): readonly string[] =>
  listsNoPrice(offering) ? partsOf(offering).map(({ key }) => key) : [];

const listsNoPrice = (offering: JsonObject): boolean =>
  objectsAt(offering, 'productOfferingPrice').length === 0;

const nothingValid = (input: PricingInput, steps: readonly PriceStep[]): Unpriced => {
  const name = textAt(input.offering, 'name') ?? textAt(input.offering, 'id') ?? '';
  const skipped = steps.filter(({ rule }) => rule === 'skipped');
  if (skipped.length === 0)
    return unpriced('noPrice', `The offering '${name}' has no charge in the catalog.`);
  const reasons = skipped.map(({ text }) => text).join(' ');
  return unpriced(
    'noValidPrice',
    `No price of '${name}' fits. ${reasons}`,
    ...skipped.flatMap((it) => it.priceId ?? []),
  );
};
