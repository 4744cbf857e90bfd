import type { Json, JsonObject } from '@quotebridge/platform/core';
import { objectAt, objectsIn, textAt } from '@quotebridge/connectors/sdk';
import type { SalesforceSettings, SalesField } from '../settings';
import { currencyOf } from './currency';

/** Settings that an update of an opportunity follows. */
export type SalesUpdateSettings = Pick<
  SalesforceSettings,
  'salesOwners' | 'stageBySalesStatus' | 'fields' | 'currency'
>;

/** For each part that may be owned here the field of an opportunity, and the attribute that then stays as it is here. */
const PARTS: Readonly<Record<SalesField, { readonly field?: string; readonly attribute?: string }>> = {
  name: { field: 'Name', attribute: 'name' },
  description: { field: 'Description', attribute: 'description' },
  closeDate: { field: 'CloseDate', attribute: 'validFor' },
  account: { field: 'AccountId', attribute: 'relatedParty' },
  amount: { field: 'Amount', attribute: 'revenueEstimate' },
  // A link, won and lost are taken from wherever they come; the org says in which field the link is.
  quote: {},
  stage: { field: 'StageName' },
};

const fieldOf = (part: SalesField, { fields }: Pick<SalesUpdateSettings, 'fields'>): string | undefined =>
  part === 'quote' ? fields.quoteId : PARTS[part].field;

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

/** True when changes of the linked quote are written into the opportunity. */
export const writesLink = ({
  salesOwners,
  fields,
}: Pick<SalesUpdateSettings, 'salesOwners' | 'fields'>): boolean =>
  salesOwners.quote === 'quotebridge' && fields.quoteId !== undefined;

const linkedQuote = (sales: JsonObject): string | undefined =>
  textAt(objectsIn(sales['quote'])[0] ?? {}, 'id');

/** What the CRM knows an opportunity's account and own quote by. */
export interface KnownInCrm {
  readonly account?: string | undefined;
  /** Id of the quote that is made of the opportunity, whether there is one or not. */
  readonly madeQuote: string;
}

/** An opportunity with what is known of it and what it is to be compared with. */
interface Compared extends KnownInCrm {
  readonly sales: JsonObject;
  readonly opportunity: JsonObject;
  readonly settings: SalesUpdateSettings;
}

/** True when the opportunity has a quote that decides about stage and amount: any but one that was linked here. */
const isQuoted = ({ sales, opportunity, settings, madeQuote }: Compared): boolean => {
  const { quoteId } = settings.fields;
  const quote = quoteId === undefined ? undefined : textAt(opportunity, quoteId);
  if (quote === undefined) return false;
  return quote === madeQuote || !writesLink(settings) || quote !== linkedQuote(sales);
};

/** The stage that a status leads to; none when the opportunity has come to that already, under whatever name. */
const stageOf = (compared: Compared): string | undefined => {
  const { sales, opportunity, settings } = compared;
  const { status } = sales;
  const { IsClosed: isClosed, IsWon: isWon } = opportunity;
  const isThere = status === 'accepted' ? isWon === true : isClosed === true && isWon !== true;
  if (isThere || isQuoted(compared)) return undefined;
  return status === 'accepted' || status === 'rejected' ? settings.stageBySalesStatus[status] : undefined;
};

/** The amount; the org reckons that of an opportunity with lines itself, and one in another currency is none. */
const amountOf = (compared: Compared): number | undefined => {
  const { sales, opportunity, settings } = compared;
  const [estimate = {}] = objectsIn(sales['revenueEstimate']);
  const { unit, value } = objectAt(estimate, 'amount');
  const currency = currencyOf(opportunity, settings);
  const isOwn = opportunity['HasOpportunityLineItem'] !== true && !isQuoted(compared);
  const isOurs = currency === undefined || unit === currency;
  return typeof value === 'number' && isOurs && isOwn ? value : undefined;
};

/** The quote to link; one that was made of the opportunity stays. */
const linkOf = ({ sales, opportunity, settings, madeQuote }: Compared): string | undefined =>
  textAt(opportunity, settings.fields.quoteId ?? '') === madeQuote ? undefined : linkedQuote(sales);

/**
 * What to write into an opportunity so that it shows its sales opportunity, in the parts that are owned here. What the sales
 * opportunity does not say stays as it is. `account` is the account that its party is in the CRM. Pure.
 */
export const planSalesOpportunity = (
  sales: JsonObject,
  opportunity: JsonObject,
  settings: SalesUpdateSettings,
  known: KnownInCrm,
): JsonObject => {
  const compared = { sales, opportunity, settings, ...known };
  const values: Readonly<Record<SalesField, Json | undefined>> = {
    name: textAt(sales, 'name'),
    description: textAt(sales, 'description'),
    closeDate: textAt(objectAt(sales, 'validFor'), 'endDateTime')?.slice(0, 10),
    account: known.account,
    amount: amountOf(compared),
    quote: linkOf(compared),
    stage: stageOf(compared),
  };
  return Object.fromEntries(
    ownedParts(settings).flatMap((part): [string, Json][] => {
      const field = fieldOf(part, settings);
      const value = values[part];
      return field === undefined || value === undefined || value === opportunity[field]
        ? []
        : [[field, value]];
    }),
  );
};
