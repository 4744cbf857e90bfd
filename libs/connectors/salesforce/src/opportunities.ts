import type { JsonObject } from '@quotebridge/platform/core';
import { textAt, type Stream } from '@quotebridge/connectors/sdk';
import { endsQuote, mapQuote } from './mapping/quote';
import { changedOpportunities } from './opportunity-query';
import type { OpportunitySync } from './opportunity-sync';
import { ownedHere } from './owners';
import { readChanges } from './read-changes';
import type { RestClient } from './rest-client';
import type { SalesforceSettings } from './settings';
import { positionOf } from './soql';

/** A made-up opportunity as the query gives it. */
const SAMPLE: JsonObject = {
  Id: '006000000000001AAA',
  Name: 'Overhaul of a press',
  StageName: 'Negotiation/Review',
  IsClosed: false,
  CloseDate: '2026-12-31',
  SystemModstamp: '2026-01-01T00:00:00.000+0000',
  Account: { Id: '001000000000001AAA', Name: 'Nordhafen', AccountNumber: '10100001' },
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
  samples: [SAMPLE],
  ownedHere: ownedHere(settings),
  identity: (record) => textAt(record, 'Id'),
  position: positionOf,
  ends: (record) => endsQuote(record, settings),
  read: async function* (from, signal, { dryRun }) {
    const query = (since: string | undefined): string => changedOpportunities(settings, since);
    for await (const page of readChanges(client, query, from, signal)) {
      yield page;
      if (!dryRun) await sync.putBack(page);
    }
  },
  map: mapQuote(source, settings),
});
