import type { JsonObject } from '@quotebridge/platform/core';
import {
  ownsOpportunity,
  planSalesOpportunity,
  salesOwnedHere,
  type SalesUpdateSettings,
} from './sales-opportunity-update';

type Owners = SalesUpdateSettings['salesOwners'];

const owned = (owner: 'crm' | 'quotebridge'): Owners => ({
  name: owner,
  description: owner,
  closeDate: owner,
  account: owner,
  amount: owner,
  quote: owner,
  stage: owner,
});
const settings = (salesOwners: Partial<Owners>): SalesUpdateSettings => ({
  salesOwners: { ...owned('crm'), ...salesOwners },
  stageBySalesStatus: { accepted: 'Closed Won', rejected: 'Closed Lost' },
  fields: { quoteId: 'Quote__c' },
  currency: 'EUR',
});
const OURS = settings(owned('quotebridge'));
const KNOWN = { madeQuote: 'made' };
const WITH_ACCOUNT = { ...KNOWN, account: '002' };
const linked = (id: string): JsonObject => ({ quote: [{ '@type': 'QuoteRef', id }] });

const estimate = (value: number, unit = 'EUR'): JsonObject => ({
  revenueEstimate: [{ '@type': 'RevenueEstimate', amount: { unit, value } }],
});
const sales = (more: JsonObject = {}): JsonObject => ({
  name: 'New press',
  description: 'Two of them',
  validFor: { endDateTime: '2027-03-01T00:00:00.000Z' },
  status: 'inProgress',
  ...estimate(100),
  ...more,
});
const opportunity = (more: JsonObject = {}): JsonObject => ({
  Name: 'New press',
  Description: 'Two of them',
  CloseDate: '2027-03-01',
  AccountId: '001',
  Amount: 100,
  HasOpportunityLineItem: false,
  StageName: 'Qualification',
  IsClosed: false,
  IsWon: false,
  ...more,
});

describe('what is written into an opportunity', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['nothing that is so already', {}, {}, {}],
    ['what differs', { name: 'Other', description: 'One' }, {}, { Name: 'Other', Description: 'One' }],
    ['the day', { validFor: { endDateTime: '2027-04-02T00:00:00Z' } }, {}, { CloseDate: '2027-04-02' }],
    ['nothing that is not said', { name: '', description: null, validFor: {}, revenueEstimate: [] }, {}, {}],
    ['the amount', estimate(250.5), {}, { Amount: 250.5 }],
    ['no amount while lines make it', estimate(250), { HasOpportunityLineItem: true }, {}],
    ['no amount while a quote decides', estimate(250), { Quote__c: 'q1' }, {}],
    [
      'the amount, when a quote is only linked',
      { ...estimate(250), ...linked('q1') },
      { Quote__c: 'q1' },
      { Amount: 250 },
    ],
    ['no amount in another currency', estimate(250, 'USD'), {}, {}],
    ['the amount in its own currency', estimate(9, 'USD'), { CurrencyIsoCode: 'USD' }, { Amount: 9 }],
    ['won', { status: 'accepted' }, {}, { StageName: 'Closed Won' }],
    ['lost', { status: 'rejected' }, {}, { StageName: 'Closed Lost' }],
    ['no stage for what is open', { status: 'pending' }, {}, {}],
    [
      'no stage of what is won under another name',
      { status: 'accepted' },
      { StageName: 'Signed', IsClosed: true, IsWon: true },
      {},
    ],
    ['won over lost', { status: 'accepted' }, { IsClosed: true }, { StageName: 'Closed Won' }],
    ['lost over won', { status: 'rejected' }, { IsClosed: true, IsWon: true }, { StageName: 'Closed Lost' }],
    ['no stage while a quote decides', { status: 'accepted', ...linked('made') }, { Quote__c: 'made' }, {}],
    ['the quote that is linked', linked('q2'), {}, { Quote__c: 'q2' }],
    ['another quote that is linked', linked('q2'), { Quote__c: 'q1' }, { Quote__c: 'q2' }],
    ['no quote that is linked already', linked('q2'), { Quote__c: 'q2' }, {}],
    ['no quote over the one that was made of it', linked('q2'), { Quote__c: 'made' }, {}],
    [
      'the stage, when a quote is only linked',
      { status: 'accepted', ...linked('q2') },
      { Quote__c: 'q2' },
      { StageName: 'Closed Won' },
    ],
  ])('%s', (_name, here, there, expected) => {
    expect(planSalesOpportunity(sales(here), opportunity(there), OURS, KNOWN)).toEqual(expected);
  });

  it('is the account when its party is one in the CRM', () => {
    expect(planSalesOpportunity(sales(), opportunity(), OURS, WITH_ACCOUNT)).toEqual({ AccountId: '002' });
  });

  it('is only what is owned here', () => {
    const changed = sales({ name: 'Other', description: 'One', status: 'accepted', ...estimate(7) });
    expect(planSalesOpportunity(changed, opportunity(), settings({}), WITH_ACCOUNT)).toEqual({});
    expect(
      planSalesOpportunity(changed, opportunity(), settings({ name: 'quotebridge' }), WITH_ACCOUNT),
    ).toEqual({
      Name: 'Other',
    });
    expect([ownsOpportunity(settings({})), ownsOpportunity(settings({ stage: 'quotebridge' }))]).toEqual([
      false,
      true,
    ]);
    expect(salesOwnedHere(OURS)).toEqual([
      'name',
      'description',
      'validFor',
      'relatedParty',
      'revenueEstimate',
    ]);
    expect(salesOwnedHere(settings({ stage: 'quotebridge' }))).toEqual([]);
  });
});
