import { Refusal, type Fault, type JsonObject } from '@quotebridge/platform/core';
import { parseListQuery, queryStatus, selectFields, type FieldSelection } from '@quotebridge/tmf/query';

/** Refuses a query with 400, or 501 for what the standard knows and this server does not. */
export const refuseQuery = (faults: readonly Fault[]): never => {
  const status = queryStatus(faults);
  throw new Refusal(
    status,
    status === 501 ? 'unsupportedQuery' : 'invalidQuery',
    faults[0]?.message ?? 'The query cannot be read',
    {
      faults,
    },
  );
};

/** The `fields` parameter of a request for one resource; other parameters are refused there. */
export const fieldsOf = (query: string): FieldSelection | undefined => {
  const parsed = parseListQuery(query, {
    resolve: () => undefined,
    reserved: ['checkReferences', 'depth', 'expand'],
  });
  return parsed.ok ? parsed.value.fields : refuseQuery(parsed.error);
};

/** The chosen attributes of a resource. */
export const only = (view: JsonObject, fields: FieldSelection): JsonObject => selectFields(view, fields);
