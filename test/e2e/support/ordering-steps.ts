import request from 'supertest';
import { quoteItem, quoteOf } from './quote-bodies';

const CATALOG = '/tmf-api/productCatalogManagement/v5';
const QUOTE = '/tmf-api/quoteManagement/v5/quote';

/** A component, and what a request of its client has besides. */
export interface At {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Stores an offering in a state of its life cycle, with a price of that many EUR; gives its id. */
export const makeOffer = async (
  { url, headers = {} }: At,
  name: string,
  value: number,
  lifecycle: readonly string[] = ['Launched'],
  more: object = {},
): Promise<string> => {
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await request(url).post(`${CATALOG}/${path}`).set(headers).send(body);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return answer.body.id as string;
  };
  const base = { name, lifecycleStatus: 'Active', lastUpdate: '2026-01-01T00:00:00Z' };
  const spec = await made('productSpecification', {
    '@type': 'ProductSpecification',
    productNumber: name,
    ...base,
  });
  const price = await made('productOfferingPrice', {
    '@type': 'ProductOfferingPrice',
    priceType: 'oneTime',
    price: { unit: 'EUR', value },
    ...base,
  });
  const id = await made('productOffering', {
    '@type': 'ProductOffering',
    ...base,
    productSpecification: { '@type': 'ProductSpecificationRef', id: spec },
    productOfferingPrice: [{ '@type': 'ProductOfferingPriceRef', id: price }],
    ...more,
  });
  for (const lifecycleStatus of lifecycle) {
    const moved = await request(url)
      .patch(`${CATALOG}/productOffering/${id}`)
      .set(headers)
      .send({ '@type': 'ProductOffering', lifecycleStatus });
    if (moved.status !== 200) throw new Error(JSON.stringify(moved.body));
  }
  return id;
};

/** Makes a quote of that many of an offering and carries it to `accepted`; gives its id. */
export const acceptQuote = async (
  { url, headers = {} }: At,
  offering: string,
  quantity = 2,
): Promise<string> => {
  const body = quoteOf([quoteItem('1', offering, { quantity })]);
  const { body: quote } = await request(url).post(QUOTE).set(headers).send(body).expect(201);
  for (const state of ['approved', 'accepted'])
    await request(url)
      .patch(`${QUOTE}/${quote.id}`)
      .set(headers)
      .send({ '@type': 'Quote', state })
      .expect(200);
  return quote.id as string;
};
