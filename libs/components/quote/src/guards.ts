import { compareVersions, type JsonObject } from '@quotebridge/platform/core';
import type { StateChange } from '@quotebridge/tmf/resource';
import { positionIn, type TimePeriod } from '@quotebridge/cpq/pricing';
import { openAuthorizations } from './authorization';
import { isCharged, itemsOf } from './items';
import { unpricedReasonOf } from './item-price';

/** Why an item keeps the quote from being approved, or undefined. */
const itemObstacle = (item: JsonObject): string | undefined => {
  if (item['state'] === 'pending') return `Item ${item['id']} waits for information.`;
  if (!isCharged(item)) return undefined;
  const reason = unpricedReasonOf(item);
  if (reason !== undefined) return `Item ${item['id']} has no price: ${reason}`;
  return Array.isArray(item['quoteItemPrice']) ? undefined : `Item ${item['id']} has not been priced yet.`;
};

const firstObstacle = (quote: JsonObject): string | undefined => {
  for (const item of itemsOf(quote)) {
    const obstacle = itemObstacle(item);
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
};

/** Why the quote is outside its validity period at the instant, or undefined. */
export const whyNotValid = (quote: JsonObject, now: number): string | undefined => {
  const period = quote['validFor'] as TimePeriod | undefined;
  const position = positionIn(period, new Date(now).toISOString());
  return {
    within: undefined,
    before: `The quote is valid from ${period?.startDateTime ?? ''} on.`,
    after: `The quote expired at ${period?.endDateTime ?? ''}.`,
    unreadable: 'The validity period of the quote is not made of date-times.',
  }[position];
};

/** Guard of `approved`: everything priced, nothing waiting, every authorization given, not expired. */
export const whyNotApproved = ({ after, now }: StateChange): string | undefined => {
  const obstacle = firstObstacle(after) ?? whyNotValid(after, now);
  if (obstacle !== undefined) return obstacle;
  const open = openAuthorizations(after);
  return open.length === 0 ? undefined : `Authorization is missing: ${open.join('; ')}.`;
};

/** Guard of `accepted`: within the validity period, and never without prices. */
export const whyNotAccepted = ({ after, now }: StateChange): string | undefined =>
  whyNotValid(after, now) ?? firstObstacle(after);

/** Guard of the way back from `rejected`: only as a later version. */
export const whyNotNewVersion = ({ before, after }: StateChange): string | undefined => {
  const [old, next] = [versionOf(before), versionOf(after)];
  return compareVersions(next, old) > 0
    ? undefined
    : `A rejected quote goes on as a new version; set version to a later one than '${old}'.`;
};

/** The version of a quote; the first one is `1`. */
export const versionOf = (quote: JsonObject): string =>
  typeof quote['version'] === 'string' && quote['version'] !== '' ? quote['version'] : '1';
