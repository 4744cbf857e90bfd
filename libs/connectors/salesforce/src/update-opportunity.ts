import type { JsonObject } from '@quotebridge/platform/core';
import { ActionRefused, externalIdsOf, type Action, type ActionEvent } from '@quotebridge/connectors/sdk';
import { planOpportunity, type OpportunityPlan } from './mapping/opportunity';
import { opportunityById } from './opportunity-query';
import type { RestClient } from './rest-client';
import type { SalesforceSettings } from './settings';

const SUBJECTS = ['QuoteCreateEvent', 'QuoteStateChangeEvent', 'QuoteAttributeValueChangeEvent'].map(
  (type) => `tmf.TMF648.quote.${type}`,
);

/**
 * Keeps the opportunity in step with its quote. The opportunity is read first and only what differs is written, so
 * that a repeated event does nothing and our own echo dies down.
 */
export const updateOpportunity = (
  client: RestClient,
  settings: SalesforceSettings,
  instance: string,
): Action => {
  const idOf = ({ resource }: ActionEvent): string | undefined =>
    externalIdsOf(resource, 'opportunity', instance)[0];

  const planFor = async (event: ActionEvent): Promise<{ opportunity: JsonObject; plan: OpportunityPlan }> => {
    const id = idOf(event) ?? '';
    const [opportunity] = await client.all(opportunityById(id, settings.fields));
    if (opportunity === undefined) throw new ActionRefused(`there is no opportunity ${id}`);
    return { opportunity, plan: planOpportunity(event.resource, opportunity, settings) };
  };

  return {
    name: 'updateOpportunity',
    title: 'Updating the opportunity',
    subjects: SUBJECTS,
    effect: 'latest',
    key: idOf,
    lookup: async (event) => {
      const { opportunity, plan } = await planFor(event);
      return plan.lines.length === 0 && Object.keys(plan.fields).length === 0 ? opportunity : undefined;
    },
    send: async (event) => {
      const { opportunity, plan } = await planFor(event);
      // Lines first: many orgs lock them once the opportunity is closed.
      for (const { id, fields } of plan.lines) await client.update('OpportunityLineItem', id, fields);
      const id = idOf(event) ?? '';
      if (Object.keys(plan.fields).length > 0) await client.update('Opportunity', id, plan.fields);
      return { ...opportunity, ...plan.fields };
    },
    results: () => [],
  };
};
