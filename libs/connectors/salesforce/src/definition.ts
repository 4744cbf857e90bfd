import type { Fault, JsonObject } from '@quotebridge/platform/core';
import type { ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { classify } from './classify';
import { masterData } from './master-data';
import { opportunities } from './opportunities';
import { OpportunitySync } from './opportunity-sync';
import { RestClient } from './rest-client';
import { settingsSchema, type SalesforceSettings } from './settings';
import { updateOpportunity } from './update-opportunity';

// The schema has been checked before `open`; this is the one place that trusts it.
const asSettings = (checked: JsonObject): SalesforceSettings => checked as unknown as SalesforceSettings;

const settingsFaults = (checked: JsonObject): readonly Fault[] => {
  const { owners, lineItemField } = asSettings(checked);
  return owners.lines === 'quotebridge' && lineItemField === undefined
    ? [{ path: '/lineItemField', message: 'is missing: owners.lines is quotebridge', code: 'required' }]
    : [];
};

/**
 * Salesforce Sales Cloud over REST and Bulk 2.0: opportunities in as quotes; stage, lines, amounts and order number back;
 * accounts, contacts, products and price books in as master data.
 */
export const salesforce: ConnectorDefinition = {
  id: 'salesforce',
  title: 'Salesforce Sales Cloud',
  settingsSchema,
  settingsFaults,
  requiredSecrets: () => ['clientSecret'],
  auth: ['clientCredentials'],
  rateLimits: {},
  classify,
  open: (context) => {
    const settings = asSettings(context.settings);
    const client = new RestClient(settings, context);
    const sync = new OpportunitySync(client, settings, context.notes);
    return {
      // What else is read comes after the opportunities: they do not wait for it.
      streams: [
        opportunities(context.instance, settings, client, sync),
        ...masterData(context.instance, { settings, client, notes: context.notes, clock: context.clock }),
      ],
      actions: [updateOpportunity(sync, context.instance)],
      check: async () => {
        await client.all('SELECT Id FROM Opportunity LIMIT 1');
      },
      close: () => client.close(),
    };
  },
};
