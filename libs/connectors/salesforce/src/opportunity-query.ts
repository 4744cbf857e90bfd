import { soqlText, soqlTime } from './soql';
import type { SalesforceSettings } from './settings';

type QuerySettings = Pick<
  SalesforceSettings,
  'stages' | 'customerNumberField' | 'fields' | 'lineItemField' | 'offeringSource' | 'multiCurrency'
>;

const LINE_FIELDS =
  'Id, Quantity, UnitPrice, TotalPrice, Discount, Description, Product2.ProductCode, Product2.Name';

const lines = ({ lineItemField }: Pick<QuerySettings, 'lineItemField'>): string =>
  `(SELECT ${[LINE_FIELDS, ...(lineItemField === undefined ? [] : [lineItemField])].join(', ')} FROM OpportunityLineItems ORDER BY Id)`;

const selected = (settings: QuerySettings): string =>
  [
    'Id, Name, StageName, IsClosed, IsWon, IsDeleted, Amount, CloseDate, Probability, CreatedDate, SystemModstamp',
    'Pricebook2Id',
    ...(settings.multiCurrency ? ['CurrencyIsoCode'] : []),
    `Account.Id, Account.Name, Account.${settings.customerNumberField}`,
    ...Object.values(settings.fields),
    lines(settings),
  ].join(', ');

/**
 * The query of the stream, by time of change. At first only opportunities that become quotes, and those that know one
 * already; later everything that changed, because what was taken may be closed, lost or deleted since.
 */
export const changedOpportunities = (settings: QuerySettings, from: string | undefined): string => {
  const { stages, fields } = settings;
  const open = [
    'IsClosed = false',
    ...(stages.length === 0 ? [] : [`StageName IN (${stages.map(soqlText).join(', ')})`]),
  ].join(' AND ');
  const first = fields.quoteId === undefined ? open : `(${open}) OR (${fields.quoteId} != null)`;
  const condition = from === undefined ? first : `SystemModstamp >= ${soqlTime(from)}`;
  return `SELECT ${selected(settings)} FROM Opportunity WHERE ${condition} ORDER BY SystemModstamp, Id`;
};

/** The query for one opportunity as it is now, with the fields that are reported into. */
export const opportunityById = (id: string, settings: QuerySettings): string =>
  `SELECT ${selected(settings)} FROM Opportunity WHERE Id = ${soqlText(id)}`;

/** The query for what the stage history of an opportunity tells of other stages than this one, behind that time. */
export const otherStagesSince = (id: string, stage: string, since: string): string =>
  `SELECT Id FROM OpportunityHistory WHERE OpportunityId = ${soqlText(id)} AND StageName != ${soqlText(stage)} AND CreatedDate > ${soqlTime(since)} LIMIT 1`;
