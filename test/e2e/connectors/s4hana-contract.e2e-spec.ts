import { randomUUID } from 'node:crypto';
import { s4hana } from '@quotebridge/connectors/s4hana';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { S4_SANDBOX_CREDENTIALS, S4_SANDBOX_SALES_AREA, startS4Sandbox } from '@quotebridge/sandbox/s4hana';
import { validatorFor, type Api } from '@quotebridge/tmf-specs';
import { connectorContract, type ContractWorld } from './contract';
import { itemPath, sapUser } from './sap-user';

const API_OF: Readonly<Record<string, Api>> = {
  ProductOrder: 'TMF622',
  Customer: 'TMF629',
  Organization: 'TMF632',
  Individual: 'TMF632',
  Product: 'TMF637',
  PartyRole: 'TMF669',
};

const validate = (resource: JsonObject): readonly unknown[] => {
  const type = String(resource['@type']);
  return validatorFor(API_OF[type] ?? 'TMF620', 'v5', type)(resource);
};

const partner =
  (number: string, fields: () => JsonObject) =>
  ({ sandboxUrl }: ContractWorld) =>
    sapUser(sandboxUrl)('PATCH', `API_BUSINESS_PARTNER/A_BusinessPartner('${number}')`, fields());
const MACHINE = "API_EQUIPMENT/Equipment(Equipment='10000001',ValidityEndDate=datetime'9999-12-31T00:00:00')";
const itemOfAssembly = async ({ sandbox, sandboxUrl }: ContractWorld): Promise<void> => {
  const items = await sandbox.table('MaterialBOMItem');
  const item = items.find((row) => String(row['Material']).startsWith('QA-')) ?? {};
  await sapUser(sandboxUrl)('PATCH', itemPath(item), { BillOfMaterialItemQuantity: '77' });
};
const spareOf = async ({ sandbox, sandboxUrl }: ContractWorld): Promise<void> => {
  const items = await sandbox.table('MaterialBOMItem');
  const item = items.find((row) => row['BOMItemIsSparePart'] === 'X') ?? {};
  await sapUser(sandboxUrl)('PATCH', itemPath(item), { IsDeleted: true });
};
const customerPrice = async ({ sandbox, sandboxUrl }: ContractWorld): Promise<void> => {
  const keys = await sandbox.table('A_SlsPrcgCndnRecdValidity');
  const record = String(keys.find((row) => row['Customer'] !== '')?.['ConditionRecord']);
  const path = `API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgConditionRecord('${record}')`;
  await sapUser(sandboxUrl)('PATCH', path, { ConditionRateValue: '77.00' });
};
const infoRecord = async ({ sandbox, sandboxUrl }: ContractWorld): Promise<void> => {
  const [record] = await sandbox.table('A_PurchasingInfoRecord');
  const path = `API_INFORECORD_PROCESS_SRV/A_PurchasingInfoRecord('${String(record?.['PurchasingInfoRecord'])}')`;
  await sapUser(sandboxUrl)('PATCH', path, { SupplierMaterialNumber: randomUUID().slice(0, 9) });
};
const contract = async ({ sandbox, sandboxUrl }: ContractWorld): Promise<void> => {
  const [first] = await sandbox.table('A_SalesContract');
  const path = `API_SALES_CONTRACT_SRV/A_SalesContract('${String(first?.['SalesContract'])}')`;
  await sapUser(sandboxUrl)('PATCH', path, { PurchaseOrderByCustomer: randomUUID().slice(0, 9) });
};
const renamed = (): JsonObject => ({ BusinessPartnerFullName: `Works ${randomUUID().slice(0, 9)}` });

connectorContract({
  definition: s4hana,
  startSandbox: () => startS4Sandbox({ port: 0, host: '127.0.0.1', pageSize: 10, afterSales: 0.01 }),
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
    plant: '1710',
    purchasingOrganization: '1710',
    contractTypes: ['WV', 'MV'],
    pageSize: 17,
    attemptSeconds: 2,
  }),
  secrets: { clientSecret: S4_SANDBOX_CREDENTIALS.clientSecret },
  resources: [
    ...['organization', 'individual', 'customer', 'partyRole'],
    ...['productSpecification', 'productOfferingPrice', 'productOffering', 'productOrder'],
    'product',
  ],
  validate,
  stream: { name: 'productSpecifications', path: 'API_PRODUCT_SRV' },
  change: ({ sandboxUrl }) =>
    sapUser(sandboxUrl)('PATCH', "API_PRODUCT_SRV/A_Product('SP-1001')", {
      ProductGroup: randomUUID().slice(0, 9),
    }),
  others: [
    ['organizations', partner('20100001', renamed)],
    ['customers', partner('20100001', renamed)],
    ['suppliers', partner('10300001', renamed)],
    ['individuals', partner('20900001', () => ({ LastName: randomUUID().slice(0, 9) }))],
    ['productOfferingPrices', customerPrice],
    ['procurementCosts', infoRecord],
    ['contracts', contract],
    ['spareParts', spareOf],
    ['components', itemOfAssembly],
    ['machines', ({ sandboxUrl }) => sapUser(sandboxUrl)('PATCH', MACHINE, { EquipmentName: randomUUID() })],
  ],
  action: {
    path: 'A_SalesOrder',
    faults: [
      ['an expired session', { name: 'expireSession' }],
      ['a proxy that asks to wait without saying how long', { name: 'respond429' }],
      ['maintenance', { name: 'respond5xx', status: 503, times: 2 }],
    ],
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
