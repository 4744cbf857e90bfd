import type { JsonObject } from '@quotebridge/platform/core';
import { textAt, type ConnectorDefinition, type Stream } from '@quotebridge/connectors/sdk';
import { classify } from './classify';
import { mapQuote } from './mapping/quote';
import { changedOpportunities } from './opportunity-query';
import { RestClient } from './rest-client';
import { settingsSchema, type SalesforceSettings } from './settings';
import { readTime } from './soql';
import { updateOpportunity } from './update-opportunity';

// The schema has been checked before `open`; this is the one place that trusts it.
const asSettings = (checked: JsonObject): SalesforceSettings => checked as unknown as SalesforceSettings;

async function* until(
  signal: AbortSignal,
  pages: AsyncIterable<readonly JsonObject[]>,
): AsyncGenerator<readonly JsonObject[]> {
  for await (const page of pages) {
    signal.throwIfAborted();
    yield page;
  }
}

const opportunities = (source: string, settings: SalesforceSettings, client: RestClient): Stream => ({
  name: 'opportunities',
  title: 'Open opportunities with lines and account',
  entity: 'Opportunity',
  resource: 'quote',
  overlapMs: settings.overlapSeconds * 1000,
  identity: (record) => textAt(record, 'Id'),
  position: (record) => {
    const at = readTime(record['SystemModstamp']);
    const id = textAt(record, 'Id');
    return at === undefined || id === undefined ? undefined : { at, id };
  },
  read: (from, signal) => until(signal, client.query(changedOpportunities(settings, from))),
  map: mapQuote(source, settings),
});

/** Salesforce Sales Cloud over REST: opportunities in as quotes; stage, amounts and order number back. */
export const salesforce: ConnectorDefinition = {
  id: 'salesforce',
  title: 'Salesforce Sales Cloud',
  settingsSchema,
  requiredSecrets: () => ['clientSecret'],
  auth: ['clientCredentials'],
  rateLimits: {},
  classify,
  open: (context) => {
    const settings = asSettings(context.settings);
    const client = new RestClient(settings, context);
    return {
      streams: [opportunities(context.instance, settings, client)],
      actions: [updateOpportunity(client, settings, context.instance)],
      check: async () => {
        await client.all('SELECT Id FROM Opportunity LIMIT 1');
      },
      close: () => client.close(),
    };
  },
};
