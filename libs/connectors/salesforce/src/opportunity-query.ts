import { soqlText, soqlTime } from './soql';
import type { ReportFields, SalesforceSettings } from './settings';

const LINE_FIELDS =
  'Id, Quantity, UnitPrice, TotalPrice, Discount, Description, Product2.ProductCode, Product2.Name';
const LINES = `(SELECT ${LINE_FIELDS} FROM OpportunityLineItems ORDER BY Id)`;

/** The query of the stream: open opportunities in the chosen stages, with lines and account, by time of change. */
export const changedOpportunities = (
  { stages, customerNumberField }: Pick<SalesforceSettings, 'stages' | 'customerNumberField'>,
  from: string | undefined,
): string => {
  const conditions = [
    'IsClosed = false',
    ...(stages.length === 0 ? [] : [`StageName IN (${stages.map(soqlText).join(', ')})`]),
    ...(from === undefined ? [] : [`SystemModstamp >= ${soqlTime(from)}`]),
  ];
  return (
    `SELECT Id, Name, StageName, CloseDate, SystemModstamp, Account.Name, Account.${customerNumberField}, ${LINES} ` +
    `FROM Opportunity WHERE ${conditions.join(' AND ')} ORDER BY SystemModstamp, Id`
  );
};

/** The query for one opportunity as it is now, with the fields that are reported into. */
export const opportunityById = (id: string, fields: ReportFields): string => {
  const custom = Object.values(fields).map((name) => `, ${name}`);
  return `SELECT Id, StageName, Amount${custom.join('')}, ${LINES} FROM Opportunity WHERE Id = ${soqlText(id)}`;
};
