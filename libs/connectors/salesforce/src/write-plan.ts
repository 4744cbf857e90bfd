import type { JsonObject } from '@quotebridge/platform/core';
import { chunks, MOST_COLLECTIONS, MOST_RECORDS } from './limits';
import type { OpportunityPlan } from './mapping/opportunity';
import type { CompositePart } from './rest-client';

/** What a composite consists of; `repeatable` when the same again changes nothing more. */
export interface Composite {
  readonly parts: readonly CompositePart[];
  readonly repeatable: boolean;
}

type Part = Omit<CompositePart, 'referenceId'> & { readonly once?: true };

const collection = (path: string, records: readonly JsonObject[], once?: true): Part => ({
  method: 'PATCH',
  path,
  body: {
    allOrNone: true,
    records: records.map((record) => ({ attributes: { type: 'OpportunityLineItem' }, ...record })),
  },
  ...(once === undefined ? {} : { once }),
});

/**
 * A plan as composite requests, each all or nothing; one unless there are more than a thousand lines. Lines come before the
 * opportunity, because many orgs lock them once it is closed. New lines are upserted by the external id that names
 * their item, so that none is made twice. `entries`: price book entry of a new line by its mark. The last request also
 * reads what came of it. Pure.
 */
export const composites = (
  opportunity: string,
  plan: OpportunityPlan,
  entries: ReadonlyMap<string, string>,
  lineItemField: string,
  readBack: string,
): readonly Composite[] => {
  const sobjects = 'composite/sobjects';
  const made = plan.newLines.flatMap(({ mark, fields }): JsonObject[] => {
    const entry = entries.get(mark);
    return entry === undefined
      ? []
      : [{ [lineItemField]: mark, OpportunityId: opportunity, PricebookEntryId: entry, ...fields }];
  });
  const lists: Part[] = [
    ...chunks(
      plan.lines.map(({ id, fields }) => ({ id, ...fields })),
      MOST_RECORDS,
    ).map((records) => collection(sobjects, records)),
    ...chunks(made, MOST_RECORDS).map((records) =>
      collection(`${sobjects}/OpportunityLineItem/${lineItemField}`, records, true),
    ),
    ...chunks(plan.goneLines, MOST_RECORDS).map((ids): Part => ({
      method: 'DELETE',
      path: `${sobjects}?ids=${ids.join(',')}&allOrNone=true`,
      once: true,
    })),
  ];
  const last: Part[] = [
    ...(Object.keys(plan.fields).length === 0
      ? []
      : [{ method: 'PATCH' as const, path: `sobjects/Opportunity/${opportunity}`, body: plan.fields }]),
    { method: 'GET', path: readBack },
  ];
  const groups = lists.length === 0 ? [[]] : chunks(lists, MOST_COLLECTIONS);
  return groups.map((group, index) => {
    const parts = [...group, ...(index === groups.length - 1 ? last : [])];
    return {
      parts: parts.map(({ once: _once, ...part }, number) => ({ ...part, referenceId: `part${number}` })),
      repeatable: parts.every(({ once }) => once === undefined),
    };
  });
};
