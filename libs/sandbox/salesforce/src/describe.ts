import type { JsonObject } from '@quotebridge/platform/core';
import { ORDER_STATUSES, STAGES, type SObject } from './model';

const PICKLISTS: Readonly<Record<string, readonly string[]>> = {
  'Opportunity.StageName': STAGES.map(({ name }) => name),
  'Order.Status': Object.keys(ORDER_STATUSES),
};

/** The describe result of an object, as far as a reader of fields and picklists needs it. */
export const describe = (object: SObject): JsonObject => ({
  name: object.name,
  keyPrefix: object.prefix,
  createable: object.name !== 'OpportunityStage',
  updateable: object.name !== 'OpportunityStage',
  fields: Object.entries(object.fields).map(([name, field]) => ({
    name,
    type: field.type,
    custom: name.endsWith('__c'),
    createable: field.writable,
    updateable: field.writable,
    nillable: !field.required,
    externalId: field.externalId,
    unique: field.unique,
    referenceTo: field.to === undefined ? [] : [field.to],
    relationshipName: field.relation ?? null,
    picklistValues: (PICKLISTS[`${object.name}.${name}`] ?? []).map((value) => ({
      value,
      label: value,
      active: true,
    })),
  })),
  childRelationships: Object.entries(object.children).map(([relationshipName, child]) => ({
    relationshipName,
    childSObject: child.object,
    field: child.field,
  })),
});
