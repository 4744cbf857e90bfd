import { randomUUID } from 'node:crypto';
import { s4hana } from '@quotebridge/connectors/s4hana';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { S4_SANDBOX_CREDENTIALS, S4_SANDBOX_SALES_AREA, startS4Sandbox } from '@quotebridge/sandbox/s4hana';
import { validatorFor } from '@quotebridge/tmf-specs';
import { connectorContract } from './contract';
import { sapUser } from './sap-user';

const validate = (resource: JsonObject): readonly unknown[] => {
  const type = String(resource['@type']);
  return validatorFor(type === 'ProductOrder' ? 'TMF622' : 'TMF620', 'v5', type)(resource);
};

connectorContract({
  definition: s4hana,
  startSandbox: () => startS4Sandbox({ port: 0, host: '127.0.0.1', pageSize: 10 }),
  settings: (baseUrl) => ({
    baseUrl,
    client: '100',
    auth: {
      kind: 'clientCredentials',
      clientId: S4_SANDBOX_CREDENTIALS.clientId,
      tokenUrl: `${baseUrl}/sap/bc/sec/oauth2/token`,
    },
    salesOrganization: S4_SANDBOX_SALES_AREA.SalesOrganization,
    distributionChannel: S4_SANDBOX_SALES_AREA.DistributionChannel,
    pageSize: 17,
    attemptSeconds: 2,
  }),
  secrets: { clientSecret: S4_SANDBOX_CREDENTIALS.clientSecret },
  resources: ['productSpecification', 'productOfferingPrice', 'productOffering', 'productOrder'],
  validate,
  stream: { name: 'productSpecifications', path: 'API_PRODUCT_SRV' },
  change: ({ sandboxUrl }) =>
    sapUser(sandboxUrl)('PATCH', "API_PRODUCT_SRV/A_Product('SP-1001')", {
      ProductGroup: randomUUID().slice(0, 9),
    }),
  action: {
    path: 'A_SalesOrder',
    faults: [['an expired session', { name: 'expireSession' }]],
    publish: async ({ bus, instance }) => {
      const id = randomUUID();
      const type = 'ProductOrderCreateEvent';
      const productOrder = {
        '@type': 'ProductOrder',
        id,
        state: 'acknowledged',
        relatedParty: [
          {
            '@type': 'RelatedPartyOrPartyRole',
            role: 'customer',
            partyOrPartyRole: { '@type': 'PartyRef', id: '10100001', name: 'A customer' },
          },
        ],
        productOrderItem: [
          {
            '@type': 'ProductOrderItem',
            id: '1',
            action: 'add',
            quantity: 3,
            productOffering: {
              '@type': 'ProductOfferingRef',
              id: stableId(instance, 'productOffering', 'SP-2001'),
            },
            itemPrice: [
              {
                '@type': 'OrderPrice',
                priceType: 'oneTime',
                price: { '@type': 'Price', dutyFreeAmount: { unit: 'EUR', value: 999.99 } },
              },
            ],
          },
        ],
      };
      const event = { eventId: id, eventType: type, '@type': type, eventTime: new Date().toISOString() };
      await bus.publish(
        `tmf.TMF622.productOrder.${type}`,
        { ...event, event: { productOrder } },
        { id, key: id },
      );
      return id;
    },
    effects: async ({ sandbox }, key) =>
      (await sandbox.table('A_SalesOrder')).filter((row) => row['ExternalDocumentID'] === key).length,
  },
});
