import { randomUUID } from 'node:crypto';
import { salesforce } from '@quotebridge/connectors/salesforce';
import {
  DEMO_OPPORTUNITY_ID,
  SALESFORCE_SANDBOX_CREDENTIALS,
  startSalesforceSandbox,
} from '@quotebridge/sandbox/salesforce';
import { validatorFor } from '@quotebridge/tmf-specs';
import { connectorContract } from './contract';

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
  startSandbox: () => startSalesforceSandbox({ port: 0, host: '127.0.0.1' }),
  settings: (instanceUrl) => ({
    instanceUrl,
    clientId: SALESFORCE_SANDBOX_CREDENTIALS.clientId,
    offeringSource: 's4hana',
    attemptSeconds: 2,
  }),
  secrets: { clientSecret: SALESFORCE_SANDBOX_CREDENTIALS.clientSecret },
  resources: ['quote'],
  validate: validatorFor('TMF648', 'v5', 'Quote'),
  stream: { name: 'opportunities', path: '/query' },
  change: ({ sandboxUrl }) => rename(sandboxUrl, `Overhaul ${randomUUID()}`),
});
