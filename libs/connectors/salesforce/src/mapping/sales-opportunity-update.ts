import type { Json, JsonObject } from '@quotebridge/platform/core';
import { objectAt, objectsIn, textAt } from '@quotebridge/connectors/sdk';
import type { SalesforceSettings, SalesField } from '../settings';

/** Settings that an update of an opportunity follows. */
export type SalesUpdateSettings = Pick<
  SalesforceSettings,
  'salesOwners' | 'stageBySalesStatus' | 'fields' | 'currency'
>;

/** For each part that may be owned here the field of an opportunity, and the attribute that then stays as it is here. */
const PARTS: Readonly<Record<SalesField, { readonly field: string; readonly attribute?: string }>> = {
  name: { field: 'Name', attribute: 'name' },
  description: { field: 'Description', attribute: 'description' },
  closeDate: { field: 'CloseDate', attribute: 'validFor' },
  account: { field: 'AccountId', attribute: 'relatedParty' },
  amount: { field: 'Amount', attribute: 'revenueEstimate' },
  // Won and lost are taken from wherever they come.
  stage: { field: 'StageName' },
};

const ownedParts = ({ salesOwners }: Pick<SalesUpdateSettings, 'salesOwners'>): readonly SalesField[] =>
  (Object.keys(PARTS) as SalesField[]).filter((part) => salesOwners[part] === 'quotebridge');

/** True when anything of an opportunity is owned here. */
export const ownsOpportunity = (settings: Pick<SalesUpdateSettings, 'salesOwners'>): boolean =>
  ownedParts(settings).length > 0;

/** Attributes of a sales opportunity that stay as they are here, whatever the CRM says. */
export const salesOwnedHere = (settings: Pick<SalesUpdateSettings, 'salesOwners'>): readonly string[] =>
  ownedParts(settings).flatMap((part) => PARTS[part].attribute ?? []);

/** Id of the party that a sales opportunity is for. */
export const accountOf = (sales: JsonObject): string | undefined => {
  const related = objectsIn(sales['relatedParty']).find(({ role }) => role === 'account');
  return textAt(objectAt(related ?? {}, 'partyOrPartyRole'), 'id');
};

/** True when a quote was made of the opportunity: that decides about stage and amount. */
const isQuoted = (opportunity: JsonObject, { fields }: SalesUpdateSettings): boolean =>
  fields.quoteId !== undefined && textAt(opportunity, fields.quoteId) !== undefined;

/** The stage that a status leads to; none when the opportunity has come to that already, under whatever name. */
const stageOf = (
  { status }: JsonObject,
  opportunity: JsonObject,
  settings: SalesUpdateSettings,
): string | undefined => {
  const { IsClosed: isClosed, IsWon: isWon } = opportunity;
  const isThere = status === 'accepted' ? isWon === true : isClosed === true && isWon !== true;
  if (isThere || isQuoted(opportunity, settings)) return undefined;
  return status === 'accepted' || status === 'rejected' ? settings.stageBySalesStatus[status] : undefined;
};

/** The amount; the org reckons that of an opportunity with lines itself, and one in another currency is none. */
const amountOf = (
  sales: JsonObject,
  opportunity: JsonObject,
  settings: SalesUpdateSettings,
): number | undefined => {
  const [estimate = {}] = objectsIn(sales['revenueEstimate']);
  const { unit, value } = objectAt(estimate, 'amount');
  const currency = textAt(opportunity, 'CurrencyIsoCode') ?? settings.currency;
  const isOwn = opportunity['HasOpportunityLineItem'] !== true && !isQuoted(opportunity, settings);
  return typeof value === 'number' && unit === currency && isOwn ? value : undefined;
};

/**
 * What to write into an opportunity so that it shows its sales opportunity, in the parts that are owned here. What the sales
 * opportunity does not say stays as it is. `account` is the account that its party is in the CRM. Pure.
 */
export const planSalesOpportunity = (
  sales: JsonObject,
  opportunity: JsonObject,
  settings: SalesUpdateSettings,
  account: string | undefined,
): JsonObject => {
  const values: Readonly<Record<SalesField, Json | undefined>> = {
    name: textAt(sales, 'name'),
    description: textAt(sales, 'description'),
    closeDate: textAt(objectAt(sales, 'validFor'), 'endDateTime')?.slice(0, 10),
    account,
    amount: amountOf(sales, opportunity, settings),
    stage: stageOf(sales, opportunity, settings),
  };
  return Object.fromEntries(
    ownedParts(settings).flatMap((part): [string, Json][] => {
      const { field } = PARTS[part];
      const value = values[part];
      return value === undefined || value === opportunity[field] ? [] : [[field, value]];
    }),
  );
};
