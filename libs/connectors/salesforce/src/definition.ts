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

/** A made-up opportunity as the query gives it. */
const SAMPLE: JsonObject = {
  Id: '006000000000001AAA',
  Name: 'Overhaul of a press',
  StageName: 'Negotiation/Review',
  CloseDate: '2026-12-31',
  SystemModstamp: '2026-01-01T00:00:00.000+0000',
  Account: { Name: 'Nordhafen', AccountNumber: '10100001' },
  OpportunityLineItems: {
    records: [
      {
        Id: '00k000000000001AAA',
        Quantity: 2,
        UnitPrice: 2480,
        TotalPrice: 4960,
        Discount: 0,
        Product2: { ProductCode: 'SP-1001', Name: 'Axial piston pump' },
      },
    ],
  },
};

const opportunities = (source: string, settings: SalesforceSettings, client: RestClient): Stream => ({
  name: 'opportunities',
  title: 'Open opportunities with lines and account',
  entity: 'Opportunity',
  resource: 'quote',
  overlapMs: settings.overlapSeconds * 1000,
  samples: [SAMPLE],
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
