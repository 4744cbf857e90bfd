import Decimal from 'decimal.js';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { refused } from './errors';
import { STAGES, type SObject } from './model';
import { deriveOrder, deriveOrderItem, settleOrder } from './order-rules';

const linesOf = (tables: Tables, opportunity: string): Row[] =>
  tables
    .where('OpportunityLineItem', 'OpportunityId', opportunity)
    .filter((line) => line['IsDeleted'] !== true);

const decimal = (value: unknown): Decimal => new Decimal(typeof value === 'number' ? value : 0);

/** An opportunity in line with its line items: Amount is the sum of TotalPrice while there are any. */
const settleOpportunity = (tables: Tables, row: Row): Row => {
  const lines = linesOf(tables, String(row['Id']));
  if (lines.length === 0) return { ...row, HasOpportunityLineItem: false };
  const sum = lines.reduce((total, line) => total.plus(decimal(line['TotalPrice'])), new Decimal(0));
  return { ...row, HasOpportunityLineItem: true, Amount: sum.toNumber() };
};

const opportunity = (tables: Tables, row: Row, before: Row | undefined, sent: Row): Row => {
  const stage = STAGES.find((one) => one.name === row['StageName']);
  const moved = before?.['StageName'] !== row['StageName'];
  const probability = 'Probability' in sent || !moved ? row['Probability'] : stage?.probability;
  return settleOpportunity(tables, {
    ...row,
    IsClosed: stage?.isClosed ?? false,
    IsWon: stage?.isWon ?? false,
    ForecastCategoryName: stage?.forecast ?? '',
    Probability: probability ?? 0,
  });
};

const entryFor = (tables: Tables, row: Row): Row => {
  const parent = tables.get('Opportunity', String(row['OpportunityId'] ?? ''));
  const byId = tables.get('PricebookEntry', String(row['PricebookEntryId'] ?? ''));
  const entry =
    byId ??
    tables
      .where('PricebookEntry', 'Product2Id', row['Product2Id'])
      .find(
        (one) =>
          one['Pricebook2Id'] === parent?.['Pricebook2Id'] &&
          one['CurrencyIsoCode'] === parent?.['CurrencyIsoCode'],
      );
  if (entry !== undefined) return entry;
  throw refused(
    400,
    'FIELD_INTEGRITY_EXCEPTION',
    'field integrity exception: PricebookEntryId (pricebook entry is required)',
    ['PricebookEntryId'],
  );
};

const lineItem = (tables: Tables, row: Row, before: Row | undefined, sent: Row): Row => {
  const entry = entryFor(tables, row);
  const product = tables.get('Product2', String(entry['Product2Id'])) ?? {};
  const quantity = decimal(row['Quantity']);
  if (quantity.isZero())
    throw refused(400, 'FIELD_INTEGRITY_EXCEPTION', 'Quantity cannot be zero', ['Quantity']);
  if ('UnitPrice' in sent && 'TotalPrice' in sent && before === undefined) {
    throw refused(400, 'FIELD_INTEGRITY_EXCEPTION', 'Specify UnitPrice or TotalPrice, not both', [
      'TotalPrice',
    ]);
  }
  const factor = new Decimal(1).minus(decimal(row['Discount']).div(100));
  const byTotal = 'TotalPrice' in sent && !('UnitPrice' in sent);
  const unit = byTotal
    ? decimal(row['TotalPrice']).div(quantity.times(factor))
    : typeof row['UnitPrice'] === 'number'
      ? decimal(row['UnitPrice'])
      : decimal(entry['UnitPrice']);
  return {
    ...row,
    PricebookEntryId: entry['Id'] ?? null,
    Product2Id: entry['Product2Id'] ?? null,
    ProductCode: product['ProductCode'] ?? null,
    Name: product['Name'] ?? null,
    ListPrice: entry['UnitPrice'] ?? null,
    UnitPrice: unit.toDecimalPlaces(2).toNumber(),
    TotalPrice: quantity.times(unit).times(factor).toDecimalPlaces(2, Decimal.ROUND_HALF_UP).toNumber(),
  };
};

type Derive = (tables: Tables, row: Row, before: Row | undefined, sent: Row) => Row;

const DERIVES: Record<string, Derive> = {
  Opportunity: opportunity,
  OpportunityLineItem: lineItem,
  Order: deriveOrder,
  OrderItem: deriveOrderItem,
  Contact: (_tables, row) => ({
    ...row,
    Name: [row['FirstName'], row['LastName']].filter(Boolean).join(' '),
  }),
  PricebookEntry: (tables, row) => {
    const product = tables.get('Product2', String(row['Product2Id'] ?? ''));
    return { ...row, ProductCode: product?.['ProductCode'] ?? null, Name: product?.['Name'] ?? null };
  },
};

/** Fills the fields that the system derives from the others. `sent` tells which the caller named. */
export const withDerived = (
  tables: Tables,
  object: SObject,
  row: Row,
  before: Row | undefined,
  sent: Row,
): Row => DERIVES[object.name]?.(tables, row, before, sent) ?? row;

/** Parents that change along with their details: the field that names the parent, and what it becomes. */
export const ROLL_UPS: Readonly<
  Record<
    string,
    {
      readonly parent: string;
      readonly field: string;
      readonly settle: (tables: Tables, row: Row) => Row;
    }
  >
> = {
  OpportunityLineItem: { parent: 'Opportunity', field: 'OpportunityId', settle: settleOpportunity },
  OrderItem: { parent: 'Order', field: 'OrderId', settle: settleOrder },
};
