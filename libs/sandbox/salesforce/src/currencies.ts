import Decimal from 'decimal.js';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { refused } from './errors';
import { recordId } from './ids';
import { hasCurrencies, type SObject } from './model';

/** What one unit of the corporate currency is in the currency at this place of the list: made up, a tenth more for each. */
const rateOf = (place: number): Decimal => new Decimal(1).plus(new Decimal(place).div(10));

/** A price in the corporate currency as one in the currency at this place of the list. */
export const converted = (price: string, place: number): number =>
  rateOf(place).times(price).toDecimalPlaces(2, Decimal.ROUND_HALF_UP).toNumber();

/** Makes the org one with several currencies, the corporate one first. */
export const seedCurrencies = (currencies: readonly string[], tables: Tables, seededAt: number): void => {
  const stamp = { CreatedDate: seededAt, LastModifiedDate: seededAt, SystemModstamp: seededAt };
  for (const [place, IsoCode] of currencies.entries()) {
    const Id = recordId('01L', place + 1);
    tables.put('CurrencyType', Id, {
      Id,
      IsDeleted: false,
      IsoCode,
      ConversionRate: rateOf(place).toNumber(),
      DecimalPlaces: 2,
      IsActive: true,
      IsCorporate: place === 0,
      ...stamp,
    });
  }
};

/** The currency of records that name none; undefined in an org with one. */
export const corporateCurrency = (tables: Tables): string | null =>
  String(tables.where('CurrencyType', 'IsCorporate', true)[0]?.['IsoCode'] ?? '') || null;

/** Where a record gets its currency from, when it is not its own: the parent's object and the field that leads to it. */
const FROM: Readonly<Record<string, readonly [parent: string, field: string]>> = {
  OpportunityLineItem: ['Opportunity', 'OpportunityId'],
  OrderItem: ['Order', 'OrderId'],
  Quote: ['Opportunity', 'OpportunityId'],
  QuoteLineItem: ['Quote', 'QuoteId'],
};

/** Lines whose price book entries are in the currency of their parent. */
const LINES: Readonly<Record<string, readonly [object: string, field: string]>> = {
  Opportunity: ['OpportunityLineItem', 'OpportunityId'],
  Order: ['OrderItem', 'OrderId'],
};

const FIELD = 'CurrencyIsoCode';

const mismatch = (message: string): Error =>
  refused(400, 'FIELD_INTEGRITY_EXCEPTION', `field integrity exception: ${message}`, [FIELD]);

const checkLines = (tables: Tables, object: SObject, row: Row): void => {
  const [line, field] = LINES[object.name] ?? [];
  if (line === undefined || field === undefined) return;
  const lines = tables.where(line, field, row['Id']).filter((one) => one['IsDeleted'] !== true);
  if (lines.length > 0)
    throw mismatch(`${FIELD} (price book entries of the ${line} records are in another currency)`);
};

const checkEntry = (tables: Tables, row: Row): void => {
  const entry = tables.get('PricebookEntry', String(row['PricebookEntryId'] ?? ''));
  if (entry !== undefined && entry[FIELD] !== row[FIELD])
    throw mismatch(
      `PricebookEntryId (the entry is in ${String(entry[FIELD])}, not in ${String(row[FIELD])})`,
    );
};

/** A price book has one entry of a product in each currency. */
const checkOnly = (tables: Tables, row: Row): void => {
  const other = tables
    .where('PricebookEntry', 'Product2Id', row['Product2Id'])
    .find(
      (one) =>
        one['Id'] !== row['Id'] &&
        one['IsDeleted'] !== true &&
        one['Pricebook2Id'] === row['Pricebook2Id'] &&
        one[FIELD] === row[FIELD],
    );
  if (other !== undefined)
    throw refused(400, 'DUPLICATE_VALUE', 'This price definition already exists in this price book');
};

/**
 * A record of an org with several currencies in its currency: the one that it names, that of what it belongs to, or the
 * corporate one. It stays while lines depend on it, and that of a price book entry for ever.
 */
export const withCurrency = (
  tables: Tables,
  object: SObject,
  row: Row,
  before: Row | undefined,
  sent: Row,
): Row => {
  if (!hasCurrencies(tables) || object.fields[FIELD] === undefined) return row;
  const [parent, field] = FROM[object.name] ?? [];
  const inherited =
    parent === undefined || field === undefined
      ? undefined
      : tables.get(parent, String(row[field] ?? ''))?.[FIELD];
  const code = inherited ?? row[FIELD] ?? corporateCurrency(tables);
  const result: Row = { ...row, [FIELD]: code };
  const known = tables.where('CurrencyType', 'IsoCode', code);
  if (!known.some((one) => one['IsActive'] === true))
    throw refused(
      400,
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      `Currency ISO Code: bad value for restricted picklist field: ${String(code)}`,
      [FIELD],
    );
  const isMoved = before !== undefined && FIELD in sent && before[FIELD] !== code;
  if (isMoved && object.name === 'PricebookEntry') throw mismatch(`${FIELD} of an entry stays as it is`);
  if (isMoved) checkLines(tables, object, row);
  if (object.name === 'PricebookEntry') checkOnly(tables, result);
  if (field !== undefined) checkEntry(tables, result);
  return result;
};
