import { objectsAt, stableId, type JsonObject } from '@quotebridge/platform/core';

const sandboxEgress = (port: number): JsonObject => ({ egress: [{ cidr: '10.0.0.0/8', ports: [port] }] });
/** A Connector of the simulated S/4HANA of the release `deals`. */
export const ERP: JsonObject = {
  type: 's4hana',
  s4hana: {
    baseUrl: 'http://deals-sandbox:8443',
    auth: { kind: 'basic', user: 'QUOTEBRIDGE' },
    salesOrganization: '1710',
    distributionChannel: '10',
    plant: '1710',
  },
  credentialsSecretRef: { name: 'erp-login' },
  network: sandboxEgress(8443),
};
/** A Connector of its simulated Salesforce. */
export const CRM: JsonObject = {
  type: 'salesforce',
  salesforce: {
    instanceUrl: 'http://deals-sandbox:8444',
    clientId: 'quotebridge',
    offeringSource: 'erp',
    currency: 'EUR',
  },
  credentialsSecretRef: { name: 'crm-login' },
  network: sandboxEgress(8444),
};

const CUSTOMER: JsonObject = {
  '@type': 'RelatedPartyRefOrPartyRoleRef',
  role: 'customer',
  partyOrPartyRole: { '@type': 'PartyRef', '@referredType': 'Organization', id: '10100001' },
};
const OFFERING: JsonObject = {
  '@type': 'ProductOfferingRef',
  id: stableId('erp', 'productOffering', 'SP-1003'),
};

/** A quote (TMF648 v5) for a material of that ERP and one of its customers. */
export const QUOTE: JsonObject = {
  '@type': 'Quote',
  instantSyncQuote: false,
  relatedParty: [CUSTOMER],
  quoteItem: [{ '@type': 'QuoteItem', id: '1', action: 'add', quantity: 1, productOffering: OFFERING }],
};

/** An order (TMF622 v5) of the same. */
export const ORDER: JsonObject = {
  '@type': 'ProductOrder',
  relatedParty: [CUSTOMER],
  productOrderItem: [
    {
      '@type': 'ProductOrderItem',
      id: '1',
      action: 'add',
      quantity: 1,
      itemPrice: [
        {
          '@type': 'OrderPrice',
          priceType: 'oneTime',
          price: { '@type': 'Price', dutyFreeAmount: { unit: 'EUR', value: 418.5 } },
        },
      ],
      productOffering: OFFERING,
    },
  ],
};

/** The number of an order in the ERP, once it has one. */
export const numberOf = (order: JsonObject): string | undefined => {
  const found = objectsAt(order, 'externalId').find((one) => one['externalIdentifierType'] === 'salesOrder');
  return typeof found?.['id'] === 'string' ? found['id'] : undefined;
};
