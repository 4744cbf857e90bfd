import { randomUUID } from 'node:crypto';
import { fake } from '@quotebridge/connectors/fake';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { FAKE_CREDENTIALS, startFakeSandbox } from '@quotebridge/sandbox/fake';
import { validatorFor } from '@quotebridge/tmf-specs';
import { connectorContract } from './contract';
import { publishOrder } from './publish-order';

const validate = (resource: JsonObject): readonly unknown[] => {
  const type = String(resource['@type']);
  return validatorFor(type === 'ProductOrder' ? 'TMF622' : 'TMF620', 'v5', type)(resource);
};

connectorContract({
  definition: fake,
  startSandbox: () => startFakeSandbox({ host: '127.0.0.1', port: 0, pageSize: 10 }),
  settings: (baseUrl) => ({ baseUrl, clientId: FAKE_CREDENTIALS.clientId, attemptSeconds: 2 }),
  secrets: { clientSecret: FAKE_CREDENTIALS.clientSecret },
  resources: ['productSpecification', 'productOffering', 'productOrder'],
  validate,
  stream: { name: 'parts', path: '/parts' },
  fatalFaults: [['a next link to another host', { name: 'foreignNextLink' }, 'the next link points to']],
  change: async ({ sandbox }) => {
    await sandbox.post('/__sandbox/change', { table: 'parts', id: 'SP-1001', name: `Pump ${randomUUID()}` });
  },
  action: {
    path: '/orders',
    publish: async ({ bus, instance }) => {
      const id = randomUUID();
      const productOffering = {
        '@type': 'ProductOfferingRef',
        id: stableId(instance, 'productOffering', 'SP-1001'),
      };
      const item = { '@type': 'ProductOrderItem', id: '1', action: 'add', quantity: 2, productOffering };
      await publishOrder(bus, { id, productOrderItem: [item] });
      return id;
    },
    effects: async ({ sandbox }, key) =>
      (await sandbox.table('orders')).filter(({ externalId }) => externalId === key).length,
  },
});
