import { stableId, type Fault, type JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, objectAt, objectsIn, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { readTime } from '../soql';
import type { SalesforceSettings } from '../settings';

type MapSettings = Pick<SalesforceSettings, 'offeringSource' | 'customerNumberField'>;

/** Id of the quote of an opportunity. */
export const quoteId = (source: string, opportunity: string): string =>
  stableId(source, 'quote', opportunity);

/** The lines of an opportunity that was read with them. */
export const linesOf = (opportunity: JsonObject): readonly JsonObject[] =>
  objectsIn(objectAt(opportunity, 'OpportunityLineItems')['records']);

/**
 * The discount that the salesperson asks for, in per cent, as a TMF648 `PriceAlteration` of a price without amount:
 * the quote's pricing applies it to every charge of the item.
 */
const requestedDiscount = (percentage: number): JsonObject => ({
  '@type': 'QuotePrice',
  name: 'Requested discount',
  priceAlteration: [
    {
      '@type': 'PriceAlteration',
      name: 'Requested discount',
      priceType: 'discount',
      price: { '@type': 'Price', percentage },
    },
  ],
});

const party = (account: JsonObject, number: string): JsonObject => ({
  '@type': 'RelatedPartyOrPartyRole',
  role: 'customer',
  partyOrPartyRole: {
    '@type': 'PartyRef',
    '@referredType': 'Organization',
    // The customer's number in the ERP, which the CRM keeps in the account.
    id: number,
    ...(textAt(account, 'Name') === undefined ? {} : { name: textAt(account, 'Name') }),
  },
});

const mapLine = (line: JsonObject, index: number, offeringSource: string, faults: Fault[]): JsonObject => {
  const path = `/OpportunityLineItems/records/${index}`;
  const product = objectAt(line, 'Product2');
  const code = textAt(product, 'ProductCode');
  const id = textAt(line, 'Id');
  const { Quantity: quantity, Discount: discount } = line;
  const note = textAt(line, 'Description');
  const name = textAt(product, 'Name');
  const fault = (field: string, message: string): void =>
    void faults.push({ path: `${path}/${field}`, message, code: 'line' });
  if (id === undefined) fault('Id', 'is missing');
  if (code === undefined) fault('Product2/ProductCode', 'is missing: it leads to the offering');
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1) {
    fault('Quantity', `is ${JSON.stringify(quantity ?? null)}: quotes take whole numbers from 1`);
  }
  const hasDiscount = typeof discount === 'number' && discount !== 0;
  if (hasDiscount && (discount < 0 || discount > 100)) fault('Discount', 'is not between 0 and 100 per cent');
  return {
    '@type': 'QuoteItem',
    id: id ?? String(index),
    action: 'add',
    quantity: quantity ?? 0,
    productOffering: {
      '@type': 'ProductOfferingRef',
      '@referredType': 'ProductOffering',
      id: stableId(offeringSource, 'productOffering', code ?? ''),
      ...(name === undefined ? {} : { name }),
    },
    ...(hasDiscount ? { quoteItemPrice: [requestedDiscount(discount)] } : {}),
    ...(note === undefined ? {} : { note: [{ '@type': 'Note', id: '1', text: note }] }),
  };
};

/**
 * Opportunity with lines and account → TMF648 quote (v5). Stage and amounts are left out: they are ours to write, so
 * the echo of our own write maps to the same quote. An opportunity without lines is not yet a quote.
 */
export const mapQuote =
  (source: string, { offeringSource, customerNumberField }: MapSettings) =>
  (opportunity: JsonObject): readonly IngestRecord[] | Rejection => {
    const lines = linesOf(opportunity);
    if (lines.length === 0) return [];
    const id = textAt(opportunity, 'Id');
    const account = objectAt(opportunity, 'Account');
    const number = textAt(account, customerNumberField);
    const changed = readTime(opportunity['SystemModstamp']);
    const faults: Fault[] = [];
    if (id === undefined) faults.push({ path: '/Id', message: 'is missing', code: 'required' });
    if (number === undefined) {
      const message = 'is missing: the ERP knows the customer by it';
      faults.push({ path: `/Account/${customerNumberField}`, message, code: 'required' });
    }
    const quoteItem = lines.map((line, index) => mapLine(line, index, offeringSource, faults));
    if (faults.length > 0 || id === undefined || number === undefined) return { faults };
    return [
      {
        externalId: id,
        op: 'upsert',
        id: quoteId(source, id),
        ...(changed === undefined ? {} : { modifiedAt: changed }),
        resource: {
          '@type': 'Quote',
          description: textAt(opportunity, 'Name') ?? id,
          instantSyncQuote: false,
          externalIdentifier: [externalIdentifier(source, 'opportunity', id)],
          relatedParty: [party(account, number)],
          quoteItem,
        },
      },
    ];
  };
