import { randomUUID } from 'node:crypto';
import { salesforce } from '@quotebridge/connectors/salesforce';
import {
  DEMO_OPPORTUNITY_ID,
  SALESFORCE_SANDBOX_CREDENTIALS,
  startSalesforceSandbox,
} from '@quotebridge/sandbox/salesforce';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { validatorFor } from '@quotebridge/tmf-specs';
import { connectorContract } from './contract';
import { publishOrder } from './publish-order';

const VALIDATORS: Readonly<Record<string, (resource: unknown) => readonly unknown[]>> = {
  Quote: validatorFor('TMF648', 'v5', 'Quote'),
  Customer: validatorFor('TMF629', 'v5', 'Customer'),
  Organization: validatorFor('TMF632', 'v5', 'Organization'),
  Individual: validatorFor('TMF632', 'v5', 'Individual'),
  ProductOfferingPrice: validatorFor('TMF620', 'v5', 'ProductOfferingPrice'),
  ProductSpecification: validatorFor('TMF620', 'v5', 'ProductSpecification'),
  SalesOpportunity: validatorFor('TMF699', 'v5', 'SalesOpportunity'),
};
const RESOURCES = [
  'quote',
  'customer',
  'organization',
  'individual',
  'productOfferingPrice',
  'productSpecification',
  'salesOpportunity',
];

/** What the standard says of a resource of any of these kinds; a kind that nobody expects is a fault. */
const validate = (resource: JsonObject): readonly unknown[] =>
  VALIDATORS[String(resource['@type'])]?.(resource) ?? [`unexpected ${String(resource['@type'])}`];

/** Renames an opportunity as somebody who works in the org. */
const rename = async (url: string, name: string): Promise<void> => {
  const { clientId, clientSecret } = SALESFORCE_SANDBOX_CREDENTIALS;
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const signedIn = await fetch(`${url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const { access_token: token } = (await signedIn.json()) as { access_token: string };
  const reply = await fetch(`${url}/services/data/v62.0/sobjects/Opportunity/${DEMO_OPPORTUNITY_ID}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ Name: name }),
  });
  if (!reply.ok) throw new Error(`renaming: ${reply.status} ${await reply.text()}`);
};

connectorContract({
  definition: salesforce,
  startSandbox: () => startSalesforceSandbox({ port: 0, host: '127.0.0.1', pageSize: 2 }),
  settings: (instanceUrl) => ({
    instanceUrl,
    clientId: SALESFORCE_SANDBOX_CREDENTIALS.clientId,
    offeringSource: 's4hana',
    currency: 'EUR',
    orders: { idField: 'QuoteBridge_Order__c', fields: { state: 'ERP_Order_Status__c' } },
    attemptSeconds: 2,
  }),
  secrets: { clientSecret: SALESFORCE_SANDBOX_CREDENTIALS.clientSecret },
  resources: RESOURCES,
  validate,
  stream: { name: 'opportunities', path: '/query' },
  fatalFaults: [['a next page on another host', { name: 'foreignNextLink' }, 'the next link points to']],
  change: ({ sandboxUrl }) => rename(sandboxUrl, `Overhaul ${randomUUID()}`),
  action: {
    path: '/composite',
    faults: [
      ['a locked row', { name: 'unableToLockRow', times: 2 }],
      ['a locked row inside of the request', { name: 'compositePartLocked', times: 2 }],
    ],
    publish: async ({ bus, instance }) => {
      const id = randomUUID();
      const productOffering = {
        '@type': 'ProductOfferingRef',
        id: stableId('s4hana', 'productOffering', 'SP-2001'),
      };
      await publishOrder(bus, {
        id,
        externalId: [
          {
            '@type': 'ExternalIdentifier',
            owner: instance,
            externalIdentifierType: 'opportunity',
            id: DEMO_OPPORTUNITY_ID,
          },
        ],
        productOrderItem: [
          { '@type': 'ProductOrderItem', id: '1', action: 'add', quantity: 2, productOffering },
        ],
      });
      return id;
    },
    effects: async ({ sandbox }, key) =>
      (await sandbox.table('Order')).filter((row) => row['QuoteBridge_Order__c'] === key).length,
  },
});
