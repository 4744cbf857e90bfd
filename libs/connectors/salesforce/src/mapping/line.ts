import { stableId, type Fault, type JsonObject } from '@quotebridge/platform/core';
import { objectAt, textAt } from '@quotebridge/connectors/sdk';
import type { SalesforceSettings } from '../settings';

/** Where a line stands and what is found wrong with it. */
export interface LinePlace {
  /** JSON Pointer of the line in its record. */
  readonly path: string;
  readonly offeringSource: string;
  readonly faults: Fault[];
}

/** Notes what is wrong with a field of a line. */
export const lineFault = ({ path, faults }: LinePlace, field: string, message: string): void =>
  void faults.push({ path: `${path}/${field}`, message, code: 'line' });

/** What a line of an opportunity or of an order is as an item of a quote or of an order: how much of which offering. */
export const itemOfLine = (line: JsonObject, id: string | undefined, place: LinePlace): JsonObject => {
  const product = objectAt(line, 'Product2');
  const code = textAt(product, 'ProductCode');
  const name = textAt(product, 'Name');
  const note = textAt(line, 'Description');
  const { Quantity: quantity } = line;
  if (id === undefined) lineFault(place, 'Id', 'is missing');
  if (code === undefined) lineFault(place, 'Product2/ProductCode', 'is missing: it leads to the offering');
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1)
    lineFault(
      place,
      'Quantity',
      `is ${JSON.stringify(quantity ?? null)}: only whole numbers from 1 are taken`,
    );
  return {
    id: id ?? place.path,
    action: 'add',
    quantity: quantity ?? 0,
    productOffering: {
      '@type': 'ProductOfferingRef',
      '@referredType': 'ProductOffering',
      id: stableId(place.offeringSource, 'productOffering', code ?? ''),
      ...(name === undefined ? {} : { name }),
    },
    ...(note === undefined ? {} : { note: [{ '@type': 'Note', id: '1', text: note }] }),
  };
};

/** The customer of a record, by the number that his account has in the ERP; without one a fault. */
export const customerOf = (
  record: JsonObject,
  { customerNumberField }: Pick<SalesforceSettings, 'customerNumberField'>,
  faults: Fault[],
): JsonObject => {
  const account = objectAt(record, 'Account');
  const number = textAt(account, customerNumberField);
  const name = textAt(account, 'Name');
  if (number === undefined) {
    const message = 'is missing: the ERP knows the customer by it';
    faults.push({ path: `/Account/${customerNumberField}`, message, code: 'required' });
  }
  return {
    role: 'customer',
    partyOrPartyRole: {
      '@type': 'PartyRef',
      '@referredType': 'Organization',
      // The customer's number in the ERP, which the CRM keeps in the account.
      id: number ?? '',
      ...(name === undefined ? {} : { name }),
    },
  };
};
