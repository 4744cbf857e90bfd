import Decimal from 'decimal.js';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { badRequest, refused } from '../odata/errors';
import { text } from './rows';

/** Refuses a body that writes what it may not. */
export const refuseClosed = (own: Row, closed: RegExp): void => {
  const name = Object.keys(own).find((one) => closed.test(one));
  if (name !== undefined)
    throw badRequest(`Property '${name}' is set by the system and cannot be written.`, name);
};

/** The customer's data for the order's sales area, or a refusal. */
export const salesAreaOf = (tables: Tables, header: Row): Row => {
  const key = [
    header['SoldToParty'],
    header['SalesOrganization'],
    header['DistributionChannel'],
    header['OrganizationDivision'],
  ];
  const area = tables.get('A_CustomerSalesArea', key.map(String).join('\u0001'));
  if (area !== undefined) return area;
  const [customer, ...sales] = key.map(String);
  throw refused(
    400,
    'VP/112',
    `Sold-to party ${customer} is not maintained for sales area ${sales.join(' ')}.`,
    'SoldToParty',
  );
};

/** The material of an item, or a refusal when it cannot be sold like this. */
export const checkMaterial = (tables: Tables, header: Row, item: Row): Row => {
  const material = text(item, 'Material');
  const product = tables.get('A_Product', material);
  const sales = tables.get(
    'A_ProductSalesDelivery',
    [material, header['SalesOrganization'], header['DistributionChannel']].map(String).join('\u0001'),
  );
  if (product === undefined || sales === undefined || product['IsMarkedForDeletion'] === true) {
    const area = `${text(header, 'SalesOrganization')} ${text(header, 'DistributionChannel')}`;
    throw refused(400, 'V1/382', `Material ${material} is not defined for sales area ${area}.`, 'Material');
  }
  const unit = text(item, 'RequestedQuantityUnit');
  if (unit !== '' && unit !== product['BaseUnit']) {
    throw refused(
      400,
      'V1/386',
      `Unit ${unit} is not defined for material ${material}.`,
      'RequestedQuantityUnit',
    );
  }
  const quantity = text(item, 'RequestedQuantity');
  if (quantity === '' || !new Decimal(quantity).gt(0)) {
    throw refused(
      400,
      'V1/200',
      `Enter a quantity above zero for material ${material}.`,
      'RequestedQuantity',
    );
  }
  return product;
};
