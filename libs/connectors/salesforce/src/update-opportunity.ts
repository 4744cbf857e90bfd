import { externalIdsOf, type Action, type ActionEvent } from '@quotebridge/connectors/sdk';
import { isDone } from './mapping/opportunity';
import type { OpportunitySync } from './opportunity-sync';

const SUBJECTS = ['QuoteCreateEvent', 'QuoteStateChangeEvent', 'QuoteAttributeValueChangeEvent'].map(
  (type) => `tmf.TMF648.quote.${type}`,
);

/**
 * Keeps the opportunity in step with its quote. The opportunity is read first and only what differs is written, so
 * that a repeated event does nothing and our own echo dies down.
 */
export const updateOpportunity = (sync: OpportunitySync, instance: string): Action => {
  const idOf = ({ resource }: ActionEvent): string | undefined =>
    externalIdsOf(resource, 'opportunity', instance)[0];

  return {
    name: 'updateOpportunity',
    title: 'Updating the opportunity',
    subjects: SUBJECTS,
    effect: 'latest',
    key: idOf,
    lookup: async (event) => {
      const { opportunity, plan } = await sync.plan(event.resource, idOf(event) ?? '');
      if (!isDone(plan)) return undefined;
      await sync.noteShown(event.resource, event.eventTime, opportunity);
      return opportunity;
    },
    send: async ({ resource, eventTime, ...event }) => {
      const { opportunity, plan } = await sync.plan(resource, idOf({ resource, eventTime, ...event }) ?? '');
      return sync.apply(resource, eventTime, opportunity, plan);
    },
    results: () => [],
  };
};
