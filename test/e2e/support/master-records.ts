import { stableId } from '@quotebridge/platform/core';
import request from 'supertest';
import type { GatewaySuite } from './gateway-suite';

const CATALOG = '/tmf-api/productCatalogManagement/v5';
const CUSTOMERS = '/tmf-api/customer/v5/customer';

/** Path of the products of the inventory. */
export const PRODUCTS = '/tmf-api/productInventory/v5/product';
/** What an entity of the catalog that may be launched has. */
export const LAUNCHED = { lifecycleStatus: 'Active', lastUpdate: '2026-01-01T00:00:00Z' };

/** For whom a price of a part is. */
export const forWhom = (part: string, name: 'customer' | 'priceList', value: string) => ({
  prodSpecCharValueUse: [
    {
      '@type': 'ProductSpecificationCharacteristicValueUse',
      name,
      productSpecification: { '@type': 'ProductSpecificationRef', id: part },
      productSpecCharacteristicValue: [{ '@type': 'StringCharacteristicValueSpecification', value }],
    },
  ],
});

/** Master data that a test needs, made over the components' own APIs. */
export class MasterRecords {
  constructor(private readonly suite: Pick<GatewaySuite, 'catalogUrl' | 'customers'>) {}

  async make(url: string, path: string, body: object): Promise<string> {
    return (await request(url).post(path).send(body).expect(201)).body.id as string;
  }

  specification(productNumber: string, more: object = {}): Promise<string> {
    return this.make(this.suite.catalogUrl, `${CATALOG}/productSpecification`, {
      '@type': 'ProductSpecification',
      name: `Part ${productNumber}`,
      productNumber,
      ...LAUNCHED,
      ...more,
    });
  }

  price(body: object): Promise<string> {
    return this.make(this.suite.catalogUrl, `${CATALOG}/productOfferingPrice`, body);
  }

  /** A part on sale for that many EUR, with a percentage off for one customer; gives the id of its specification. */
  async sell(part: string, value: number, discount?: [customer: string, percent: number]): Promise<string> {
    const spec = await this.specification(part);
    const price = await this.price({
      '@type': 'ProductOfferingPrice',
      name: 'List price',
      priceType: 'oneTime',
      price: { unit: 'EUR', value },
      ...LAUNCHED,
    });
    const id = stableId('s4hana', 'productOffering', part);
    await this.make(this.suite.catalogUrl, `${CATALOG}/productOffering`, {
      '@type': 'ProductOffering',
      id,
      name: part,
      ...LAUNCHED,
      productSpecification: { '@type': 'ProductSpecificationRef', id: spec },
      productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: price }],
    });
    await request(this.suite.catalogUrl)
      .patch(`${CATALOG}/productOffering/${id}`)
      .send({ '@type': 'ProductOffering', lifecycleStatus: 'Launched' })
      .expect(200);
    if (discount === undefined) return spec;
    const [customer, percentage] = discount;
    await this.price({
      '@type': 'ProductOfferingPrice',
      name: 'Loyal customer',
      priceType: 'discount',
      percentage,
      ...LAUNCHED,
      lifecycleStatus: 'Launched',
      ...forWhom(spec, 'customer', customer),
    });
    return spec;
  }

  /** A customer that the CRM brought first and the ERP has under this number; gives his id. */
  customer(number: string, priceList?: string): Promise<string> {
    const known = (owner: string, externalIdentifierType: string, id: string) => ({
      '@type': 'ExternalIdentifier',
      owner,
      externalIdentifierType,
      id,
    });
    return this.make(this.suite.customers.url, CUSTOMERS, {
      '@type': 'Customer',
      name: `Customer ${number}`,
      engagedParty: { '@type': 'PartyRef', id: `party-${number}` },
      contactMedium: [
        { '@type': 'EmailContactMedium', contactType: 'main', emailAddress: 'buying@presses.example' },
      ],
      ...(priceList === undefined
        ? {}
        : { characteristic: [{ '@type': 'StringCharacteristic', name: 'priceList', value: priceList }] }),
      externalIdentifier: [
        known('salesforce', 'account', `001-${number}`),
        known('s4hana', 'customer', number),
      ],
    });
  }
}
