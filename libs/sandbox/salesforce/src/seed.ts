import type { Business, Tables } from '@quotebridge/sandbox/core';
import { objectNamed, STAGES } from './model';
import { createRecord } from './records';
import { converted, seedCurrencies } from './currencies';
import { recordId } from './ids';

const DAY = 86_400_000;

/** Name of the opportunity that the main job takes from quote to order. */
export const DEMO_OPPORTUNITY_NAME = 'Overhaul of press line 4';

/** Its id: opportunities are numbered in the order they are made, and this one is made first. */
export const DEMO_OPPORTUNITY_ID = recordId('006', 1);

interface Deal {
  readonly name: string;
  readonly customer: number;
  readonly stage: string;
  readonly days: number;
  /** Product code, quantity, discount in percent. */
  readonly lines: readonly (readonly [string, number, number])[];
}

const DEALS: readonly Deal[] = [
  {
    name: DEMO_OPPORTUNITY_NAME,
    customer: 0,
    stage: 'Proposal/Price Quote',
    days: 30,
    lines: [
      ['SP-1001', 2, 0],
      ['SP-2001', 10, 0],
      ['SV-1001', 16, 5],
      ['SC-2002', 1, 0],
    ],
  },
  {
    name: 'Spare parts stock for the forge',
    customer: 7,
    stage: 'Negotiation/Review',
    days: 21,
    lines: [
      ['SP-2003', 40, 0],
      ['SP-2101', 24, 0],
      ['SP-4006', 12, 0],
    ],
  },
  { name: 'New press HP-400', customer: 1, stage: 'Qualification', days: 180, lines: [['HP-400', 1, 3]] },
  { name: 'Service contract renewal', customer: 4, stage: 'Prospecting', days: 60, lines: [] },
  {
    name: 'Retrofit of controls, press 7',
    customer: 2,
    stage: 'Closed Lost',
    days: -14,
    lines: [['SP-4001', 1, 0]],
  },
];

type Create = (object: string, body: object) => string;

const products = (
  create: Create,
  business: Business,
  book: string,
  currencies: readonly string[],
): Map<string, string> => {
  const entries = new Map<string, string>();
  for (const material of business.materials) {
    const Product2Id = create('Product2', {
      Name: material.name,
      ProductCode: material.number,
      Family: material.group,
      IsActive: true,
      QuantityUnitOfMeasure: material.unit,
    });
    const entry = { Pricebook2Id: book, Product2Id, UnitPrice: Number(material.price), IsActive: true };
    entries.set(material.number, create('PricebookEntry', entry));
    // Beside the corporate currency.
    for (const CurrencyIsoCode of currencies.slice(1)) {
      const UnitPrice = converted(material.price, currencies.indexOf(CurrencyIsoCode));
      create('PricebookEntry', { ...entry, CurrencyIsoCode, UnitPrice });
    }
  }
  return entries;
};

const accounts = (create: Create, business: Business, owner: string): string[] =>
  business.customers.map((customer) => {
    const AccountId = create('Account', {
      Name: customer.name,
      AccountNumber: customer.number,
      ERP_Customer_Number__c: customer.number,
      Type: 'Customer',
      Phone: customer.phone,
      Website: customer.website,
      BillingStreet: `${customer.street} ${customer.houseNumber}`,
      BillingCity: customer.city,
      BillingPostalCode: customer.postalCode,
      BillingCountry: customer.country,
      OwnerId: owner,
    });
    create('Contact', { FirstName: 'Purchasing', LastName: customer.city, Email: customer.email, AccountId });
    return AccountId;
  });

/** Fills the org from the made-up business: products with prices, accounts, a few opportunities with line items. */
export const seedSalesforce = (
  business: Business,
  tables: Tables,
  seededAt: number,
  currencies: readonly string[] = [],
): void => {
  seedCurrencies(currencies, tables, seededAt);
  const create: Create = (name, body) => {
    const object = objectNamed(name, tables);
    if (object === undefined) throw new Error(`The model lacks ${name}.`);
    return createRecord({ tables, now: seededAt }, object, body);
  };
  const owner = create('User', {
    Name: 'Sales Integration',
    Username: 'integration@machine-builder.example',
    IsActive: true,
  });
  STAGES.forEach((stage, index) => {
    const Id = recordId('01J', index + 1);
    const stamp = { CreatedDate: seededAt, LastModifiedDate: seededAt, SystemModstamp: seededAt };
    tables.put('OpportunityStage', Id, {
      Id,
      ApiName: stage.name,
      MasterLabel: stage.name,
      IsActive: true,
      IsClosed: stage.isClosed,
      IsWon: stage.isWon,
      DefaultProbability: stage.probability,
      ForecastCategoryName: stage.forecast,
      SortOrder: index + 1,
      ...stamp,
    });
  });
  const book = create('Pricebook2', { Name: 'Standard Price Book', IsActive: true });
  const entries = products(create, business, book, currencies);
  const customers = accounts(create, business, owner);
  for (const deal of DEALS) {
    const OpportunityId = create('Opportunity', {
      Name: deal.name,
      AccountId: customers[deal.customer] ?? null,
      StageName: deal.stage,
      CloseDate: new Date(seededAt + deal.days * DAY).toISOString().slice(0, 10),
      OwnerId: owner,
      Pricebook2Id: book,
    });
    deal.lines.forEach(([code, Quantity, Discount], index) =>
      create('OpportunityLineItem', {
        OpportunityId,
        PricebookEntryId: entries.get(code) ?? null,
        Quantity,
        SortOrder: index + 1,
        ...(Discount === 0 ? {} : { Discount }),
      }),
    );
  }
};
