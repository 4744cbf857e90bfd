import { textAt, type Stream } from '@quotebridge/connectors/sdk';
import { endsQuote, mapQuote } from './mapping/quote';
import { changedOpportunities } from './opportunity-query';
import type { OpportunitySync } from './opportunity-sync';
import { ownedHere } from './owners';
import { readChanges } from './read-changes';
import type { RestClient } from './rest-client';
import { OPPORTUNITY_SAMPLE } from './samples';
import type { SalesforceSettings } from './settings';
import { positionOf } from './soql';

/**
 * Opportunities as quotes. One that was taken once is followed to its end, whatever its stage; what was changed in it
 * although it is owned here is put back.
 */
export const opportunities = (
  source: string,
  settings: SalesforceSettings,
  client: RestClient,
  sync: OpportunitySync,
): Stream => ({
  name: 'opportunities',
  title: 'Opportunities with lines and account, as quotes',
  entity: 'Opportunity',
  resource: 'quote',
  overlapMs: settings.overlapSeconds * 1000,
  samples: [OPPORTUNITY_SAMPLE],
  ownedHere: ownedHere(settings),
  identity: (record) => textAt(record, 'Id'),
  position: positionOf,
  ends: (record) => endsQuote(record, settings),
  read: async function* (from, signal, { dryRun }) {
    const query = (since: string | undefined): string => changedOpportunities(settings, since);
    for await (const page of readChanges(client, query, from, signal)) {
      yield await sync.marked(page);
      if (!dryRun) await sync.putBack(page);
    }
  },
  map: mapQuote(source, settings),
});
