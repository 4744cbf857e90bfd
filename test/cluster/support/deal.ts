import { stableId, type JsonObject } from '@quotebridge/platform/core';

const sandboxEgress = (port: number): JsonObject => ({ egress: [{ cidr: '10.0.0.0/8', ports: [port] }] });
/** A Connector of the simulated S/4HANA of the release `deals`. */
export const ERP: JsonObject = {
  type: 's4hana',
  s4hana: {
    baseUrl: 'http://deals-sandbox:8443',
    auth: { kind: 'basic', user: 'QUOTEBRIDGE' },
    salesOrganization: '1710',
    distributionChannel: '10',
  },
  credentialsSecretRef: { name: 'erp-login' },
  network: sandboxEgress(8443),
};
/** A Connector of its simulated Salesforce. */
export const CRM: JsonObject = {
  type: 'salesforce',
  salesforce: { instanceUrl: 'http://deals-sandbox:8444', clientId: 'quotebridge', offeringSource: 'erp' },
  credentialsSecretRef: { name: 'crm-login' },
  network: sandboxEgress(8444),
};

/** An order (TMF622 v5) of a material of that ERP by one of its customers. */
export const ORDER: JsonObject = {
  '@type': 'ProductOrder',
  relatedParty: [
    {
      '@type': 'RelatedPartyRefOrPartyRoleRef',
      role: 'customer',
      partyOrPartyRole: { '@type': 'PartyRef', '@referredType': 'Organization', id: '10100001' },
    },
  ],
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
      productOffering: {
        '@type': 'ProductOfferingRef',
        id: stableId('erp', 'productOffering', 'SP-1003'),
      },
    },
  ],
};
