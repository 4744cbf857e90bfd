import type { AfterSales, Row, SeededTimes, Tables } from '@quotebridge/sandbox/core';
import Decimal from 'decimal.js';
import { copyRules } from './copy-rules';
import { corporateCurrency } from './currencies';
import { recordId } from './ids';
import { objectNamed, STAGES } from './model';

const DAY = 86_400_000;
/** Opportunities for each hundred accounts; lines are one to five. */
const DEALS_PER_HUNDRED = 40;
const MOST_LINES = 5;
/** What the second price book takes of the list price, in percent. */
const KEY_ACCOUNTS = 88;

const KINDS = [
  'Spare parts stock',
  'Overhaul',
  'Retrofit of controls',
  'Wear parts for the year',
  'Conversion',
];

interface Entry {
  readonly id: string;
  readonly product: string;
  readonly code: string;
  readonly name: string;
  readonly price: Decimal;
}

/** Writes rows as they are: what the rules of the org would derive is in them already. */
class Writer {
  private readonly first: number;
  private time: number;

  constructor(
    private readonly tables: Tables,
    private readonly seededAt: number,
  ) {
    this.first = seededAt - 30 * DAY;
    this.time = this.first;
  }

  get times(): SeededTimes {
    return { first: this.first, last: this.time };
  }

  /** Each row is changed a little later than the one before, all in the past. */
  put(object: string, fields: Row): string {
    const { prefix = '', fields: names = {} } = objectNamed(object, this.tables) ?? {};
    const Id = recordId(prefix, this.tables.next(object));
    this.time = Math.min(this.seededAt - 1, this.time + 250);
    const stamps = { CreatedDate: this.time, LastModifiedDate: this.time, SystemModstamp: this.time };
    const currency = 'CurrencyIsoCode' in names ? { CurrencyIsoCode: corporateCurrency(this.tables) } : {};
    this.tables.put(object, Id, { Id, IsDeleted: false, ...currency, ...fields, ...stamps });
    return Id;
  }
}

const products = (writer: Writer, { parts }: AfterSales): readonly Entry[] => {
  const [standard, key] = ['Spare Parts', 'Key Accounts'].map((Name) =>
    writer.put('Pricebook2', { Name, IsActive: true }),
  );
  return parts.map((part): Entry => {
    const Product2Id = writer.put('Product2', {
      Name: part.name,
      ProductCode: part.number,
      Family: part.group,
      IsActive: !part.isObsolete,
      QuantityUnitOfMeasure: part.unit,
    });
    const list = new Decimal(part.price);
    const entry = (Pricebook2Id: string | undefined, price: Decimal): string =>
      writer.put('PricebookEntry', {
        Pricebook2Id: Pricebook2Id ?? null,
        Product2Id,
        UnitPrice: price.toDecimalPlaces(2).toNumber(),
        IsActive: !part.isObsolete,
        ProductCode: part.number,
        Name: part.name,
      });
    const id = entry(standard, list);
    entry(key, list.times(KEY_ACCOUNTS).div(100));
    return { id, product: Product2Id, code: part.number, name: part.name, price: list };
  });
};

const accounts = (writer: Writer, { accounts: list, people }: AfterSales): readonly string[] => {
  const ids = new Map<string, string>();
  const employees = new Map(people.map((person) => [person.company, person]));
  for (const account of list) {
    const address = (kind: 'Billing' | 'Shipping'): Row => ({
      [`${kind}Street`]: `${account.street} ${account.houseNumber}`,
      [`${kind}City`]: account.city,
      [`${kind}PostalCode`]: account.postalCode,
      [`${kind}Country`]: account.country,
    });
    const AccountId = writer.put('Account', {
      Name: account.name,
      AccountNumber: account.number,
      ERP_Customer_Number__c: account.number,
      ParentId: account.parent === undefined ? null : (ids.get(account.parent) ?? null),
      Type: account.level === 'site' ? 'Customer - Direct' : 'Customer',
      Industry: 'Machinery',
      Phone: account.phone,
      ...address('Billing'),
      ...address('Shipping'),
    });
    ids.set(account.number, AccountId);
    const person = employees.get(account.number);
    const [FirstName, LastName] =
      person === undefined ? ['Purchasing', account.city] : [person.firstName, person.lastName];
    writer.put('Contact', {
      FirstName,
      LastName,
      Name: `${FirstName} ${LastName}`,
      Email: person?.email ?? account.email,
      Phone: account.phone,
      AccountId,
    });
  }
  return list.filter(({ level }) => level === 'site').map(({ number }) => ids.get(number) ?? '');
};

/**
 * The after-sales business as its CRM has it: the accounts of the ERP's customers in their hierarchies with contacts, all spare
 * parts in two price books, and opportunities in every stage. The rows of the small seed stay as they are.
 */
const seedBlock = (business: AfterSales, tables: Tables, seededAt: number): SeededTimes => {
  const writer = new Writer(tables, seededAt);
  if (business.accounts.length === 0) return writer.times;
  const entries = products(writer, business).filter(
    (_entry, index) => business.parts[index]?.isObsolete !== true,
  );
  const sites = accounts(writer, business);
  const book = tables.get('PricebookEntry', entries[0]?.id ?? '')?.['Pricebook2Id'] ?? null;
  const count = Math.ceil((business.accounts.length * DEALS_PER_HUNDRED) / 100);
  for (let deal = 0; deal < count; deal += 1) {
    const stage = STAGES[deal % STAGES.length];
    const lines = Array.from({ length: 1 + (deal % MOST_LINES) }, (_, line) => {
      const entry = entries[(deal * 37 + line * 11) % entries.length];
      const quantity = 1 + ((deal + line * 3) % 12);
      return { entry, quantity, total: (entry?.price ?? new Decimal(0)).times(quantity).toDecimalPlaces(2) };
    });
    const closing = seededAt + ((deal % 120) - (stage?.isClosed === true ? 130 : -10)) * DAY;
    const OpportunityId = writer.put('Opportunity', {
      Name: `${KINDS[deal % KINDS.length] ?? ''} ${String(deal + 1).padStart(4, '0')}`,
      AccountId: sites[(deal * 13) % sites.length] ?? null,
      StageName: stage?.name ?? '',
      Probability: stage?.probability ?? 0,
      ForecastCategoryName: stage?.forecast ?? '',
      IsClosed: stage?.isClosed ?? false,
      IsWon: stage?.isWon ?? false,
      HasOpportunityLineItem: true,
      CloseDate: new Date(closing).toISOString().slice(0, 10),
      Pricebook2Id: book,
      Amount: lines.reduce((sum, { total }) => sum.plus(total), new Decimal(0)).toNumber(),
    });
    lines.forEach(({ entry, quantity, total }, index) =>
      writer.put('OpportunityLineItem', {
        OpportunityId,
        PricebookEntryId: entry?.id ?? null,
        Product2Id: entry?.product ?? null,
        ProductCode: entry?.code ?? null,
        Name: entry?.name ?? null,
        Quantity: quantity,
        UnitPrice: entry?.price.toNumber() ?? 0,
        ListPrice: entry?.price.toNumber() ?? 0,
        TotalPrice: total.toNumber(),
        SortOrder: index + 1,
      }),
    );
  }
  return writer.times;
};

/** Adds the org's part of the after-sales business, and so many blocks of copies of it. */
export const seedAfterSales = (
  business: AfterSales,
  blocks: number,
  tables: Tables,
  seededAt: number,
): void => tables.copy(blocks, () => copyRules(seedBlock(business, tables, seededAt)));
