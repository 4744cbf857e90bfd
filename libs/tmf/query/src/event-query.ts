import { err, ok, type Fault, type JsonObject, type Result } from '@quotebridge/platform/core';
import type { FieldSelection } from './fields';
import { selectFields } from './fields';
import type { FilterNode, Resolve } from './filter';
import { resolveAnyPath } from './any-path';
import { parseListQuery } from './list-query';
import { matches } from './matches';
import type { QueryLimits } from './limits';
import { LIST_ONLY, misplaced } from './misplaced';

/** Which events a subscriber wants, and how much of them. */
export interface EventQuery {
  /** Over the event envelope, in memory. */
  readonly filter: FilterNode;
  readonly fields?: FieldSelection;
}

/** How the `query` of a hub is read. */
export interface EventQueryOptions {
  /** Declared paths of the envelope and the resource in it; without it every path is allowed. */
  readonly resolve?: Resolve;
  readonly known?: () => readonly string[];
  readonly limits?: Partial<QueryLimits>;
}

/**
 * Reads the `query` of a hub subscription (TMF630 part 1, 10) with the grammar of list filters:
 * `eventType=A,B&event.productOffering.lifecycleStatus=Launched&fields=…`. An empty query wants every event.
 */
export const parseEventQuery = (
  query: string,
  options: EventQueryOptions = {},
): Result<EventQuery, Fault[]> => {
  const parsed = parseListQuery(query.trim(), { ...options, resolve: options.resolve ?? resolveAnyPath });
  if (!parsed.ok) return parsed;
  const faults = misplaced(query, LIST_ONLY, 'a subscription');
  if (faults.length > 0) return err(faults);
  const { filter, fields } = parsed.value;
  return ok({ filter, ...(fields === undefined ? {} : { fields }) });
};

/** True when the subscriber wants the event. */
export const wantsEvent = (query: EventQuery, envelope: JsonObject): boolean =>
  matches(query.filter, envelope);

/** Attributes of the envelope that a subscriber needs whatever it selected. */
const ENVELOPE = [
  'eventId',
  'eventTime',
  'eventType',
  '@type',
  '@baseType',
  'correlationId',
  'domain',
  'title',
];

/**
 * The envelope as the subscriber asked for it: `fields` names attributes of the resource (`state`) or full paths
 * (`event.productOffering.name`); the attributes that identify the event stay.
 */
export const trimEvent = (query: EventQuery, envelope: JsonObject): JsonObject => {
  const { fields } = query;
  const event = envelope['event'];
  if (fields === undefined || typeof event !== 'object' || event === null || Array.isArray(event))
    return envelope;
  const inner = fields['event'];
  const trimmed = Object.entries(event).map(([name, resource]) => {
    const selection = inner?.[name] ?? fields;
    const isWhole = inner?.[name] !== undefined && Object.keys(selection).length === 0;
    const isObject = typeof resource === 'object' && resource !== null && !Array.isArray(resource);
    return [name, isObject && !isWhole ? selectFields(resource, selection) : resource] as const;
  });
  const kept = Object.entries(envelope).filter(
    ([name]) => ENVELOPE.includes(name) || Object.hasOwn(fields, name),
  );
  return { ...Object.fromEntries(kept), event: Object.fromEntries(trimmed) };
};
