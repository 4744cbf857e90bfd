import type { Tables } from '@quotebridge/sandbox/core';

/** Field types of the objects, as describe names them. */
export type FieldType =
  | 'id'
  | 'string'
  | 'picklist'
  | 'currency'
  | 'double'
  | 'percent'
  | 'int'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'reference';

/** A field of an object. */
export interface Field {
  readonly type: FieldType;
  /** Object that a reference points to; `relation` is the name to walk it by in SOQL. */
  readonly to?: string;
  readonly relation?: string;
  /** False for what only the system sets. */
  readonly writable: boolean;
  readonly required: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
}

/** A list of child records that a subquery may ask for. */
export interface ChildRelation {
  readonly object: string;
  readonly field: string;
}

/** A standard object as far as this org has it. */
export interface SObject {
  readonly name: string;
  /** First three characters of its ids. */
  readonly prefix: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly children: Readonly<Record<string, ChildRelation>>;
}

const FLAGS = { writable: true, required: false, externalId: false, unique: false };
const SYSTEM: Record<string, Field> = {
  Id: { type: 'id', ...FLAGS, writable: false },
  IsDeleted: { type: 'boolean', ...FLAGS, writable: false },
  CreatedDate: { type: 'datetime', ...FLAGS, writable: false },
  LastModifiedDate: { type: 'datetime', ...FLAGS, writable: false },
  SystemModstamp: { type: 'datetime', ...FLAGS, writable: false },
};

/** Reads `Name:string! Amount:currency AccountId:reference(Account.Account) Ext__c:string^*`: ! required, # read-only, ^ external id, * unique. */
const field = (text: string): [string, Field] => {
  const [, name = '', type = 'string', to, relation, marks = ''] =
    /^(\w+):(\w+)(?:\((\w+)\.(\w+)\))?([!#^*]*)$/.exec(text) ?? [];
  const flags = {
    writable: !marks.includes('#'),
    required: marks.includes('!'),
    externalId: marks.includes('^'),
    unique: marks.includes('*'),
  };
  return [
    name,
    {
      type: type as FieldType,
      ...flags,
      ...(to === undefined || relation === undefined ? {} : { to, relation }),
    },
  ];
};

const sobject = (
  name: string,
  prefix: string,
  fields: string,
  children: Record<string, ChildRelation> = {},
): SObject => ({
  name,
  prefix,
  fields: { ...SYSTEM, ...Object.fromEntries(fields.trim().split(/\s+/).map(field)) },
  children,
});

const byOpportunity = (object: string): ChildRelation => ({ object, field: 'OpportunityId' });

const OBJECTS: readonly SObject[] = [
  sobject(
    'Account',
    '001',
    'Name:string! AccountNumber:string ERP_Customer_Number__c:string^* ParentId:reference(Account.Parent) Type:picklist Industry:picklist Phone:string Website:string BillingStreet:string BillingCity:string BillingState:string BillingPostalCode:string BillingCountry:string ShippingStreet:string ShippingCity:string ShippingState:string ShippingPostalCode:string ShippingCountry:string OwnerId:reference(User.Owner)',
    {
      Opportunities: { object: 'Opportunity', field: 'AccountId' },
      Contacts: { object: 'Contact', field: 'AccountId' },
    },
  ),
  sobject(
    'Contact',
    '003',
    'LastName:string! FirstName:string Name:string# Email:string Phone:string AccountId:reference(Account.Account)',
  ),
  sobject('User', '005', 'Name:string! Username:string! Email:string IsActive:boolean'),
  sobject(
    'Opportunity',
    '006',
    'Name:string! AccountId:reference(Account.Account) StageName:picklist! Amount:currency CloseDate:date! Probability:percent Type:picklist Description:string NextStep:string ForecastCategoryName:picklist# OwnerId:reference(User.Owner) IsClosed:boolean# IsWon:boolean# HasOpportunityLineItem:boolean# Pricebook2Id:reference(Pricebook2.Pricebook2) QuoteBridge_Quote_Id__c:string^ QuoteBridge_Quote_State__c:string QuoteBridge_Quote_Amount__c:currency QuoteBridge_Margin__c:currency QuoteBridge_Margin_Percent__c:percent ERP_Order_Number__c:string ERP_Order_Status__c:string',
    { OpportunityLineItems: byOpportunity('OpportunityLineItem'), Quotes: byOpportunity('Quote') },
  ),
  sobject(
    'OpportunityHistory',
    '008',
    'OpportunityId:reference(Opportunity.Opportunity)# StageName:picklist# Amount:currency# Probability:percent# CloseDate:date#',
  ),
  sobject(
    'OpportunityLineItem',
    '00k',
    'OpportunityId:reference(Opportunity.Opportunity)! PricebookEntryId:reference(PricebookEntry.PricebookEntry) Product2Id:reference(Product2.Product2) ProductCode:string# Name:string# Quantity:double! UnitPrice:currency ListPrice:currency# TotalPrice:currency Discount:percent Description:string ServiceDate:date SortOrder:int QuoteBridge_Item__c:string^*',
  ),
  sobject(
    'Order',
    '801',
    'Name:string OrderNumber:string# AccountId:reference(Account.Account)! OpportunityId:reference(Opportunity.Opportunity) Pricebook2Id:reference(Pricebook2.Pricebook2) EffectiveDate:date! EndDate:date Status:picklist! StatusCode:picklist# Type:picklist Description:string PoNumber:string OrderReferenceNumber:string TotalAmount:currency# ActivatedDate:datetime# QuoteBridge_Order__c:string^* ERP_Order_Number__c:string ERP_Order_Status__c:string Payment_Status__c:string',
    { OrderItems: { object: 'OrderItem', field: 'OrderId' } },
  ),
  sobject(
    'OrderItem',
    '802',
    'OrderId:reference(Order.Order)! OrderItemNumber:string# PricebookEntryId:reference(PricebookEntry.PricebookEntry)! Product2Id:reference(Product2.Product2)# Quantity:double! UnitPrice:currency! ListPrice:currency# TotalPrice:currency# Description:string ServiceDate:date',
  ),
  sobject(
    'OpportunityStage',
    '01J',
    'ApiName:string# MasterLabel:string# IsActive:boolean# IsClosed:boolean# IsWon:boolean# DefaultProbability:percent# SortOrder:int# ForecastCategoryName:picklist#',
  ),
  sobject(
    'Product2',
    '01t',
    'Name:string! ProductCode:string Description:string Family:picklist IsActive:boolean StockKeepingUnit:string QuantityUnitOfMeasure:picklist',
    {
      PricebookEntries: { object: 'PricebookEntry', field: 'Product2Id' },
    },
  ),
  sobject('Pricebook2', '01s', 'Name:string! IsActive:boolean IsStandard:boolean#'),
  sobject(
    'PricebookEntry',
    '01u',
    'Pricebook2Id:reference(Pricebook2.Pricebook2)! Product2Id:reference(Product2.Product2)! UnitPrice:currency! IsActive:boolean UseStandardPrice:boolean ProductCode:string# Name:string#',
  ),
  sobject(
    'Quote',
    '0Q0',
    'Name:string! OpportunityId:reference(Opportunity.Opportunity)! Pricebook2Id:reference(Pricebook2.Pricebook2) QuoteNumber:string# Status:picklist ExpirationDate:date IsSyncing:boolean# TotalPrice:currency#',
    {
      QuoteLineItems: { object: 'QuoteLineItem', field: 'QuoteId' },
    },
  ),
  sobject(
    'QuoteLineItem',
    '0QL',
    'QuoteId:reference(Quote.Quote)! PricebookEntryId:reference(PricebookEntry.PricebookEntry) Product2Id:reference(Product2.Product2) Quantity:double! UnitPrice:currency TotalPrice:currency# Discount:percent',
  ),
];

/** Objects whose records are in a currency, with whether it is theirs to say: the others have that of what they belong to. */
const WITH_CURRENCY: Readonly<Record<string, boolean>> = {
  Account: true,
  Contact: true,
  Opportunity: true,
  OpportunityLineItem: false,
  Order: true,
  OrderItem: false,
  Product2: true,
  PricebookEntry: true,
  Quote: false,
  QuoteLineItem: false,
};

const withCurrency = (object: SObject): SObject => {
  const writable = WITH_CURRENCY[object.name];
  if (writable === undefined) return object;
  return {
    ...object,
    fields: { ...object.fields, CurrencyIsoCode: { type: 'picklist', ...FLAGS, writable } },
  };
};

/** An org with several currencies has one object and one field more than others. */
const WITH_CURRENCIES: readonly SObject[] = [
  ...OBJECTS.map(withCurrency),
  sobject(
    'CurrencyType',
    '01L',
    'IsoCode:string# ConversionRate:double# DecimalPlaces:int# IsActive:boolean# IsCorporate:boolean#',
  ),
];

const byName = (objects: readonly SObject[]): ReadonlyMap<string, SObject> =>
  new Map(objects.map((object) => [object.name.toLowerCase(), object]));

const BY_NAME = byName(OBJECTS);
const BY_NAME_WITH_CURRENCIES = byName(WITH_CURRENCIES);

/** True for an org that has several currencies. */
export const hasCurrencies = (tables: Tables): boolean => tables.count('CurrencyType') > 0;

/** All objects of the org. */
export const allObjects = (tables: Tables): readonly SObject[] =>
  hasCurrencies(tables) ? WITH_CURRENCIES : OBJECTS;

/** An object by its API name, in any case. */
export const objectNamed = (name: string, tables: Tables): SObject | undefined =>
  (hasCurrencies(tables) ? BY_NAME_WITH_CURRENCIES : BY_NAME).get(name.toLowerCase());

/** A field by its API name, in any case, with the name as declared. */
export const fieldNamed = (object: SObject, name: string): { name: string; field: Field } | undefined => {
  const found = Object.entries(object.fields).find(([own]) => own.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : { name: found[0], field: found[1] };
};

/** A stage of the sales process. */
export interface Stage {
  readonly name: string;
  readonly probability: number;
  readonly isClosed: boolean;
  readonly isWon: boolean;
  readonly forecast: string;
}

const stage = (
  name: string,
  probability: number,
  forecast: string,
  isClosed = false,
  isWon = false,
): Stage => ({
  name,
  probability,
  forecast,
  isClosed,
  isWon,
});

/** The stages of this org, in order; also the restricted picklist of Opportunity.StageName. */
export const STAGES: readonly Stage[] = [
  stage('Prospecting', 10, 'Pipeline'),
  stage('Qualification', 10, 'Pipeline'),
  stage('Needs Analysis', 20, 'Pipeline'),
  stage('Proposal/Price Quote', 75, 'Pipeline'),
  stage('Negotiation/Review', 90, 'Pipeline'),
  stage('Closed Won', 100, 'Closed', true, true),
  stage('Closed Lost', 0, 'Omitted', true),
];

/** Statuses of orders with the category that each belongs to. */
export const ORDER_STATUSES: Readonly<Record<string, 'Draft' | 'Activated'>> = {
  Draft: 'Draft',
  Activated: 'Activated',
  // A status of the org's own, of the category of what has been activated.
  Cancelled: 'Activated',
};
