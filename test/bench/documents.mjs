// What is stored and what is sent: TMF v5 bodies of a usual size, and stored documents made from real ones.
import { randomUUID } from 'node:crypto';

const period = { startDateTime: '2026-01-01T00:00:00.000Z', endDateTime: '2036-01-01T00:00:00.000Z' };
const touched = { lifecycleStatus: 'Active', lastUpdate: '2026-01-01T00:00:00.000Z' };

/** A one-time and a monthly price, the second cheaper from ten pieces on by a discount of the house. */
export const priceBodies = () => [
  {
    '@type': 'ProductOfferingPrice',
    name: 'Purchase of a pump',
    priceType: 'oneTime',
    price: { unit: 'EUR', value: 1249.5 },
    tax: [{ '@type': 'TaxItem', taxCategory: 'VAT', taxRate: 19 }],
    ...touched,
  },
  {
    '@type': 'ProductOfferingPrice',
    name: 'Maintenance of a pump',
    priceType: 'recurring',
    recurringChargePeriodType: 'month',
    recurringChargePeriodLength: 1,
    price: { unit: 'EUR', value: 38.9 },
    tax: [{ '@type': 'TaxItem', taxCategory: 'VAT', taxRate: 19 }],
    ...touched,
  },
];

/** The specification that all offerings are made of. */
export const specificationBody = () => ({
  '@type': 'ProductSpecification',
  name: 'Centrifugal pump SP',
  brand: 'Halden',
  productNumber: 'SP-1000',
  ...touched,
});

/** A category that offerings belong to. */
export const categoryBody = (number) => ({
  '@type': 'Category',
  name: `Pumps ${number}`,
  isRoot: true,
  ...touched,
});

/** An offering of about 1 kB: what TMF620 clients store. */
export const offeringBody = (number, status, { specification, prices, categories }) => ({
  '@type': 'ProductOffering',
  name: `Centrifugal pump SP-${1000 + number}`,
  description:
    'Single-stage centrifugal pump with stainless steel housing, sealed drive and two years of care',
  version: '1.0',
  isBundle: false,
  isSellable: true,
  lifecycleStatus: status,
  lastUpdate: '2026-01-01T00:00:00.000Z',
  validFor: period,
  category: [{ '@type': 'CategoryRef', id: categories[number % categories.length], name: 'Pumps' }],
  channel: [{ '@type': 'ChannelRef', id: 'direct', name: 'Direct sales' }],
  marketSegment: [{ '@type': 'MarketSegmentRef', id: 'industry', name: 'Process industry' }],
  productSpecification: {
    '@type': 'ProductSpecificationRef',
    id: specification,
    name: 'Centrifugal pump SP',
  },
  productOfferingPrice: prices.map((id) => ({ '@type': 'ProductOfferingPriceRef', id, name: 'List price' })),
  productOfferingTerm: [
    { '@type': 'ProductOfferingTerm', name: 'Warranty', duration: { amount: 24, units: 'month' } },
  ],
});

const party = {
  '@type': 'RelatedPartyRefOrPartyRoleRef',
  role: 'customer',
  partyOrPartyRole: { '@type': 'PartyRef', '@referredType': 'Organization', id: 'C-4711', name: 'Nordwerk' },
};

const offeringRef = (id) => ({ '@type': 'ProductOfferingRef', id, name: 'Centrifugal pump' });

const discount = {
  '@type': 'QuotePrice',
  priceAlteration: [
    {
      '@type': 'PriceAlteration',
      name: 'Project discount',
      priceType: 'discount',
      price: { '@type': 'Price', percentage: 5 },
    },
  ],
};

/** A quote of three items, one with a discount asked for; it must be priced in the answer (`instantSyncQuote`). */
export const quoteBody = (number, offerings) => ({
  '@type': 'Quote',
  description: `Pumps for press line ${number}`,
  category: 'industry',
  instantSyncQuote: true,
  relatedParty: [party],
  quoteItem: [0, 1, 2].map((index) => ({
    '@type': 'QuoteItem',
    id: String(index + 1),
    action: 'add',
    quantity: 1 + ((number + index) % 7),
    productOffering: offeringRef(offerings[(number * 3 + index) % offerings.length]),
    ...(index === 0 ? { quoteItemPrice: [discount] } : {}),
  })),
});

/** An order of three items. */
export const orderBody = (number, offerings) => ({
  '@type': 'ProductOrder',
  category: 'industry',
  description: `Pumps for press line ${number}`,
  requestedStartDate: '2027-01-01T00:00:00.000Z',
  relatedParty: [party],
  productOrderItem: [0, 1, 2].map((index) => ({
    '@type': 'ProductOrderItem',
    id: String(index + 1),
    action: 'add',
    quantity: 1 + ((number + index) % 7),
    productOffering: offeringRef(offerings[(number * 3 + index) % offerings.length]),
  })),
});

/** A further stored document like `template`, under an id of its own. */
export const copyOf = (template, number) => ({
  ...template,
  _id: randomUUID(),
  ...(typeof template.name === 'string' ? { name: `${template.name}/${number}` } : {}),
});
