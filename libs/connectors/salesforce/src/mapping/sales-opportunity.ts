import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { externalIdentifier, objectAt, textAt } from '@quotebridge/connectors/sdk';
import type { Fields } from '../fields';
import type { SalesforceSettings } from '../settings';
import { readTime } from '../soql';
import { organizationRef } from './account';
import { currencyOf, UNTOLD } from './currency';
import { mapped, type MapRecord } from './mapped';

type OpportunitySettings = Pick<SalesforceSettings, 'fields' | 'multiCurrency' | 'currency'>;

/** What is read of an opportunity as such; its lines are those of its quote. */
export const salesOpportunityFields = ({ fields, multiCurrency }: OpportunitySettings): Fields => ({
  Id: 'text',
  Name: 'text',
  Description: 'text',
  Type: 'text',
  StageName: 'text',
  IsClosed: 'boolean',
  IsWon: 'boolean',
  Amount: 'number',
  HasOpportunityLineItem: 'boolean',
  ...(multiCurrency ? { CurrencyIsoCode: 'text' as const } : {}),
  CloseDate: 'text',
  AccountId: 'text',
  'Account.Name': 'text',
  ...(fields.quoteId === undefined ? {} : { [fields.quoteId]: 'text' as const }),
  CreatedDate: 'text',
  IsDeleted: 'boolean',
  SystemModstamp: 'text',
});

const statusOf = ({ IsWon: isWon, IsClosed: isClosed }: JsonObject): string =>
  isWon === true ? 'accepted' : isClosed === true ? 'rejected' : 'inProgress';

const given = (attributes: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));

/**
 * Opportunity → TMF699 salesOpportunity (v5): accepted is won, rejected is lost; the stage is the reason of the status, the
 * day on which it is to close the end of `validFor`.
 */
export const mapSalesOpportunity = (source: string, settings: OpportunitySettings): MapRecord => {
  const map = mapFields(source, settings);
  return (opportunity) => {
    const hasAmount = opportunity['IsDeleted'] !== true && typeof opportunity['Amount'] === 'number';
    const isUntold = hasAmount && currencyOf(opportunity, settings) === undefined;
    return isUntold ? { faults: [UNTOLD] } : map(opportunity);
  };
};

const mapFields = (source: string, settings: OpportunitySettings): MapRecord =>
  mapped(
    (id) => stableId(source, 'salesOpportunity', id),
    (id, opportunity) => {
      const { Amount: value } = opportunity;
      const account = textAt(opportunity, 'AccountId');
      const closes = readTime(`${textAt(opportunity, 'CloseDate') ?? ''}T00:00:00.000Z`);
      const quote =
        settings.fields.quoteId === undefined ? undefined : textAt(opportunity, settings.fields.quoteId);
      const unit = currencyOf(opportunity, settings) ?? '';
      const name = textAt(objectAt(opportunity, 'Account'), 'Name');
      return {
        '@type': 'SalesOpportunity',
        name: textAt(opportunity, 'Name') ?? id,
        ...given({
          description: textAt(opportunity, 'Description'),
          salesOpportunityType: textAt(opportunity, 'Type'),
          statusChangeReason: textAt(opportunity, 'StageName'),
          creationDate: readTime(opportunity['CreatedDate']),
          validFor: closes === undefined ? undefined : { endDateTime: closes },
          quote:
            quote === undefined ? undefined : [{ '@type': 'QuoteRef', '@referredType': 'Quote', id: quote }],
        }),
        status: statusOf(opportunity),
        revenueEstimate:
          typeof value === 'number' ? [{ '@type': 'RevenueEstimate', amount: { unit, value } }] : [],
        relatedParty:
          account === undefined
            ? []
            : [
                {
                  '@type': 'RelatedPartyRefOrPartyRoleRef',
                  role: 'account',
                  partyOrPartyRole: organizationRef(source, account, name),
                },
              ],
        externalIdentifier: [externalIdentifier(source, 'opportunity', id)],
      };
    },
  );
