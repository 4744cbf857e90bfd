import type { JsonObject } from '@quotebridge/platform/core';
import { STAGES, type SObject } from './model';

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
    picklistValues:
      name === 'StageName'
        ? STAGES.map((stage) => ({ value: stage.name, label: stage.name, active: true }))
        : [],
  })),
  childRelationships: Object.entries(object.children).map(([relationshipName, child]) => ({
    relationshipName,
    childSObject: child.object,
    field: child.field,
  })),
});
