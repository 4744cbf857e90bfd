import type { Clock, Ids, JsonObject } from '@quotebridge/platform/core';
import type { OutboxEvent } from '@quotebridge/platform/store';
import { traceparentOf } from '@quotebridge/platform/telemetry';
import type { ResourceDefinition, WriteContext } from './definition';

/** The kinds of event that every resource has (TMF630 part 1, 10). */
export type ChangeKind = 'Create' | 'AttributeValueChange' | 'StateChange' | 'Delete';

/** Full type of an event, for example `ProductOfferingStateChangeEvent`. */
export const eventType = (definition: ResourceDefinition, kind: ChangeKind): string =>
  `${definition.eventName}${kind}Event`;

/** Subject of an event type of a resource. */
export const subjectOf = (definition: ResourceDefinition, type: string): string =>
  `tmf.${definition.api}.${definition.name}.${type}`;

/** Kinds of event that a change causes. */
export const changeKinds = (
  definition: ResourceDefinition,
  changed: readonly string[],
): ('AttributeValueChange' | 'StateChange')[] => {
  const state = definition.state?.attribute;
  const kinds: ('AttributeValueChange' | 'StateChange')[] = [];
  if (changed.some((name) => name !== state && name !== definition.touched))
    kinds.push('AttributeValueChange');
  if (state !== undefined && changed.includes(state)) kinds.push('StateChange');
  // Nobody patches a task: the standard has no other event of it than those of its states.
  const isTask = !definition.operations.includes('patch');
  return isTask && kinds.includes('StateChange') ? ['StateChange'] : kinds;
};

/**
 * Builds the pending event of a write. `resourceJson` is the resource in v5 as it will be answered: the text is
 * made once and goes into the envelope as it is.
 */
export const outboxEvent = (
  definition: ResourceDefinition,
  type: string,
  resource: { id: string; json: string },
  context: WriteContext,
  source: { clock: Clock; ids: Ids },
): OutboxEvent => {
  const id = source.ids.next();
  const at = new Date(source.clock.now());
  const traceparent = context.trace && traceparentOf(context.trace);
  const head: JsonObject = {
    eventId: id,
    eventTime: at.toISOString(),
    eventType: type,
    '@type': type,
    '@baseType': 'Event',
    domain: definition.domain,
    title: type,
    correlationId: traceparent?.split('-')[1] ?? id,
  };
  const body = `${JSON.stringify(head).slice(0, -1)},"event":{${JSON.stringify(definition.name)}:${resource.json}}}`;
  return {
    id,
    subject: subjectOf(definition, type),
    at,
    body,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
};
