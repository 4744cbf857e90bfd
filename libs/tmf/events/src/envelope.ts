import type { Json, JsonObject } from '@quotebridge/platform/core';

/** What the envelope of an event is made of (TMF630 part 1, 10). */
export interface EventParts {
  readonly eventId: string;
  /** UTC text with milliseconds. */
  readonly eventTime: string;
  /** For example `ProductOrderStateChangeEvent`. */
  readonly eventType: string;
  readonly domain: string;
  readonly title?: string;
  readonly correlationId?: string;
  /** Name of the resource in v5, for example `productCatalog`. */
  readonly resourceName: string;
  /** The resource in v5, with `id` and `href`. */
  readonly resource: JsonObject;
}

/** The v5 envelope of an event. */
export const buildEvent = (parts: EventParts): JsonObject => ({
  eventId: parts.eventId,
  eventTime: parts.eventTime,
  eventType: parts.eventType,
  '@type': parts.eventType,
  '@baseType': 'Event',
  domain: parts.domain,
  title: parts.title ?? parts.eventType,
  correlationId: parts.correlationId ?? parts.eventId,
  event: { [parts.resourceName]: parts.resource },
});

/** How v4 names and shows the resource of an event. */
export interface EventView {
  /** Names of the resource in v5 and v4, for example `productCatalog` and `catalog`. */
  readonly names: { readonly v5: string; readonly v4: string };
  /** The v4 document of the resource, `href` of version 4 included. */
  readonly show: (resource: JsonObject) => JsonObject;
}

/**
 * The envelope as v4 writes it: no `@type`, the time of occurrence with the spelling of the v4 contracts, and where
 * v4 has another name for the resource, that name in the event type, in the title that repeats it, and in the payload.
 */
export const toV4Event = (envelope: JsonObject, { names, show }: EventView): JsonObject => {
  const { '@type': _type, '@baseType': _base, timeOccurred, event, eventType, title, ...rest } = envelope;
  const type = renamed(eventType, names.v5, names.v4);
  const payload = event as JsonObject;
  const { [names.v5]: resource, ...others } = payload;
  return {
    ...rest,
    ...(type === undefined ? {} : { eventType: type }),
    ...(title === undefined ? {} : { title: title === eventType ? (type ?? title) : title }),
    ...(timeOccurred === undefined ? {} : { timeOcurred: timeOccurred }),
    event: resource === undefined ? payload : { ...others, [names.v4]: show(resource as JsonObject) },
  };
};

/** The event type that v4 has for a v5 one: `ProductCatalogCreateEvent` → `CatalogCreateEvent`. */
export const v4EventType = (eventType: string, names: EventView['names']): string =>
  swapped(eventType, names.v5, names.v4);

/** The v5 event type that a v4 subscription names: `CatalogCreateEvent` → `ProductCatalogCreateEvent`. */
export const v5EventType = (eventType: string, names: EventView['names']): string =>
  swapped(eventType, names.v4, names.v5);

/** The time of occurrence under either spelling: clients and the examples of the standard use both. */
export const timeOccurred = (envelope: JsonObject): Json | undefined =>
  envelope['timeOccurred'] ?? envelope['timeOcurred'];

const KINDS = /^(.*?)((?:Create|AttributeValueChange|StateChange|Delete|Batch|InformationRequired)Event)$/;

const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const swapped = (eventType: string, from: string, to: string): string => {
  const [, resource, kind] = KINDS.exec(eventType) ?? [];
  return resource === pascal(from) && kind !== undefined ? `${pascal(to)}${kind}` : eventType;
};

const renamed = (eventType: Json | undefined, from: string, to: string): Json | undefined =>
  typeof eventType === 'string' ? swapped(eventType, from, to) : eventType;
