import { randomUUID } from 'node:crypto';
import { rest } from '@quotebridge/connectors/rest';
import { stableId } from '@quotebridge/platform/core';
import { REST_SANDBOX_CREDENTIALS, startRestSandbox } from '@quotebridge/sandbox/rest';
import { annotateTypes, validatorFor } from '@quotebridge/tmf-specs';
import { connectorContract } from './contract';
import { settingsOfGuide } from './guide-settings';
import { publishOrder } from './publish-order';

const { clientSecret, apiKey } = REST_SANDBOX_CREDENTIALS;
const validate = validatorFor('TMF620', 'v5', 'ProductSpecification');

connectorContract({
  definition: rest,
  startSandbox: () => startRestSandbox({ host: '127.0.0.1', port: 0, size: 0.05 }),
  settings: (baseUrl) => ({
    ...settingsOfGuide('rest.md', { 'http://127.0.0.1:8446': baseUrl }),
    attemptSeconds: 2,
  }),
  secrets: { clientSecret, 'webhook-parts': 'a secret of both sides' },
  resources: ['productSpecification', 'productOrder'],
  validate: (resource) => validate(annotateTypes('TMF620', 'ProductSpecification', resource)),
  stream: { name: 'supplierParts', path: '/parts' },
  readFaults: [
    ['a page that comes twice', { name: 'duplicatePage' }],
    ['a changed page size', { name: 'smallerPage' }],
  ],
  change: async ({ sandboxUrl }) => {
    const reply = await fetch(`${sandboxUrl}/api/parts/ET-100007`, {
      method: 'PATCH',
      headers: { 'x-api-key': apiKey },
      body: JSON.stringify({ texts: { en: `Ring ${randomUUID()}` } }),
    });
    if (!reply.ok) throw new Error(await reply.text());
  },
  action: {
    path: '/api/orders',
    publish: async ({ bus, instance }) => {
      const id = randomUUID();
      const productSpecification = { id: stableId(instance, 'productSpecification', 'ET-100001') };
      const item = {
        '@type': 'ProductOrderItem',
        id: '1',
        action: 'add',
        quantity: 3,
        product: { productSpecification },
      };
      await publishOrder(bus, { id, productOrderItem: [item] });
      return id;
    },
    effects: async ({ sandbox }, key) =>
      (await sandbox.table('Order')).filter(({ reference }) => reference === key).length,
  },
});
