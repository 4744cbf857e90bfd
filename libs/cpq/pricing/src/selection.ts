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
import { readAlteration, type Alteration } from './alteration';
import { toAlteration } from './price-alteration';
import { readCatalogPrice, type CatalogPrice } from './catalog-price';
import type { PriceStep } from './explanation';
import type { PricingInput, PricingRules } from './input';
import { positionIn, type TimePeriod } from './period';
import { isCharge, priceKind } from './price-type';
import { unpriced, type Unpriced } from './unpriced';
import { isQuantityUse, matches, rangesText } from './value-use';

/** A charge that is valid at the date, before tiers and currency are looked at. */
export interface Candidate {
  readonly price: CatalogPrice;
  /** Offering and bundles it was found in, outermost first: one family of tiers has one path. */
  readonly path: readonly string[];
  /** How many of the offering (or bundled part) are charged. */
  readonly quantity: Decimal;
}

/** An alteration and the charges it may touch. */
export interface Attachment {
  readonly alteration: Alteration;
  readonly reaches: (candidate: Candidate) => boolean;
}

/** What the catalog has to say about an offering. */
export interface Selection {
  readonly candidates: Candidate[];
  readonly attachments: Attachment[];
  readonly steps: PriceStep[];
}

type Walk = Result<void, Unpriced>;
const DONE: Walk = ok(undefined);

/**
 * Collects the charges and alterations of an offering's price list: walks bundles of prices, follows
 * `popRelationship` to alterations, and passes over (with a step that says so) what is not valid at the date, not
 * released, or meant for other characteristic values.
 */
export const collectPrices = (
  offering: JsonObject,
  quantity: Decimal,
  input: PricingInput,
  rules: PricingRules,
): Result<Selection, Unpriced> => {
  const collector = new Collector(input, rules, quantity);
  const walked = collector.offering(offering);
  return walked.ok ? ok(collector.selection) : walked;
};

/** True when the document is a discount or surcharge. */
const isAlteration = (json: JsonObject): boolean => {
  const kind = priceKind(json['priceType']);
  return kind !== undefined && !isCharge(kind);
};

class Collector {
  readonly selection: Selection = { candidates: [], attachments: [], steps: [] };

  constructor(
    private readonly input: PricingInput,
    private readonly rules: PricingRules,
    private readonly quantity: Decimal,
  ) {}

  offering(offering: JsonObject): Walk {
    const listed = objectsAt(offering, 'productOfferingPrice');
    const linked = this.linkedAlterations(listed);
    for (const entry of listed) {
      const id = textAt(entry, 'id') ?? textAt(entry, 'name') ?? '';
      const json = this.documentOf(entry) ?? (entry['priceType'] === undefined ? undefined : entry);
      if (json === undefined) return err(missing(id, textAt(entry, 'name')));
      // A charge that names its alteration decides where it applies; the offering merely lists it.
      if (isAlteration(json) && linked.has(id)) continue;
      const walked = this.price(id, json, [textAt(offering, 'id') ?? '']);
      if (!walked.ok) return walked;
    }
    return DONE;
  }

  private price(id: string, json: JsonObject, path: readonly string[]): Walk {
    if (path.includes(id)) return err(unpriced('bundleCycle', `The price '${id}' contains itself.`, id));
    if (!this.isUsable(id, json)) return DONE;
    const read = readCatalogPrice(id, json, this.input.date);
    if (!read.ok) return read;
    const price = read.value;
    if (!this.suits(price)) return DONE;
    if (isAlteration(json)) return this.looseAlteration(price);
    const attached = this.attachOwn(price);
    if (!attached.ok) return attached;
    if (price.isBundle) return this.bundle(price, path);
    this.selection.candidates.push({ price, path, quantity: this.quantity });
    return DONE;
  }

  private bundle(price: CatalogPrice, path: readonly string[]): Walk {
    const text = `The price '${price.name}' is the sum of ${price.components.length} price(s).`;
    this.selection.steps.push({ rule: 'bundle', text, priceId: price.id });
    for (const { id, key } of new Map(price.components.map((link) => [link.key, link])).values()) {
      const json = this.input.prices.get(key);
      if (json === undefined) return err(missing(key));
      const walked = this.price(id, json, [...path, price.id]);
      if (!walked.ok) return walked;
    }
    return DONE;
  }

  /** Alterations that the price carries or names: they touch this price, or what it bundles, only. */
  private attachOwn(price: CatalogPrice): Walk {
    const reaches = ({ price: { id }, path }: Candidate): boolean =>
      id === price.id || path.includes(price.id);
    for (const json of price.embedded) {
      if (!this.isUsable(price.id, json)) continue;
      const read = readAlteration(json, { source: 'catalog', priceId: price.id });
      if (!read.ok) return read;
      this.selection.attachments.push({ alteration: read.value, reaches });
    }
    for (const { id, key, type } of price.links) {
      const json = this.input.prices.get(key);
      if (json === undefined && /discount|surcharge|alter|allowance|fee/i.test(type))
        return err(missing(key));
      if (json === undefined || !isAlteration(json) || !this.isUsable(id, json)) continue;
      const linked = this.alterationOf(id, json);
      if (!linked.ok) return linked;
      if (linked.value !== undefined) this.selection.attachments.push({ alteration: linked.value, reaches });
    }
    return DONE;
  }

  /** An alteration in the offering's own list: touches the prices it names, or all of the offering. */
  private looseAlteration(price: CatalogPrice): Walk {
    const alteration = toAlteration(price);
    if (!alteration.ok) return alteration;
    const named = new Set(price.links.map(({ id }) => id));
    this.selection.attachments.push({
      alteration: alteration.value,
      reaches: (it) => named.size === 0 || named.has(it.price.id) || it.path.some((id) => named.has(id)),
    });
    return DONE;
  }

  private alterationOf(id: string, json: JsonObject): Result<Alteration | undefined, Unpriced> {
    const read = readCatalogPrice(id, json, this.input.date);
    if (!read.ok) return read;
    return this.suits(read.value) ? toAlteration(read.value) : ok(undefined);
  }

  private linkedAlterations(listed: readonly JsonObject[]): ReadonlySet<string> {
    const documents = listed.map((entry) => this.documentOf(entry) ?? entry);
    const charges = documents.filter((json) => !isAlteration(json));
    return new Set(charges.flatMap((json) => objectsAt(json, 'popRelationship').map(({ id }) => String(id))));
  }

  private documentOf(reference: JsonObject): JsonObject | undefined {
    return this.input.prices.get(referencedId(reference) ?? '');
  }

  /** Released and valid at the date? */
  private isUsable(id: string, json: JsonObject): boolean {
    const name = textAt(json, 'name') ?? id;
    const status = textAt(json, 'lifecycleStatus')?.toLowerCase();
    if (status !== undefined && this.rules.unusableStates.has(status)) {
      return this.skip(id, `The price '${name}' is passed over: it is ${status}.`);
    }
    const period = isJsonObject(json['validFor']) ? (json['validFor'] as TimePeriod) : undefined;
    const position = positionIn(period, this.input.date);
    if (position === 'within') return true;
    const why = {
      before: `it is valid from ${period?.startDateTime ?? ''}`,
      after: `it was valid until ${period?.endDateTime ?? ''}`,
      unreadable: 'its validity is not a period of date-times',
    }[position];
    return this.skip(id, `The price '${name}' is passed over: ${why}.`);
  }

  /** Meant for the characteristic values of this item? Tiers of a charge are decided later, all together. */
  private suits(price: CatalogPrice): boolean {
    const isTiered = isCharge(price.kind);
    for (const use of price.uses) {
      if (isQuantityUse(use)) {
        if (isTiered || matches(use, this.quantity.toString())) continue;
        return this.skip(
          price.id,
          `'${price.name}' is passed over: it is for a quantity of ${rangesText(use)}.`,
        );
      }
      if (matches(use, this.input.characteristics?.[use.name])) continue;
      const text = `'${price.name}' is passed over: it is for ${use.name} ${rangesText(use)}.`;
      return this.skip(price.id, text);
    }
    return true;
  }

  private skip(priceId: string, text: string): false {
    this.selection.steps.push({ rule: 'skipped', text, priceId });
    return false;
  }
}

const missing = (id: string, name?: string): Unpriced =>
  unpriced(
    'missingPrice',
    `The price '${name ?? id}' (${id}) is named by the catalog but does not exist.`,
    id,
  );
