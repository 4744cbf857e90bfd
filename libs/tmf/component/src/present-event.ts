import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { toV4Event } from '@quotebridge/tmf/events';
import type { PresentEvent, Sight } from '@quotebridge/tmf/hub';
import { bindingOf, withoutParts, type ResourceDefinition } from '@quotebridge/tmf/resource';
import { hiddenPartsFrom, isHeard } from './event-sight';

/** The envelope without the parts of its resource that the subscriber may not see. */
const visible = (envelope: JsonObject, sight: Sight, definition: ResourceDefinition): JsonObject => {
  const hidden = hiddenPartsFrom(sight, definition);
  const { event } = envelope;
  const resource = isJsonObject(event) ? event[definition.name] : undefined;
  return hidden === undefined || !isJsonObject(event) || !isJsonObject(resource)
    ? envelope
    : { ...envelope, event: { ...event, [definition.name]: withoutParts(hidden, resource) } };
};

/** Where a resource is below its list, in either version: one that is not the latest of its id has a place of its own. */
const placeOf = ({ id, href }: JsonObject): string =>
  typeof href === 'string' ? href.slice(href.lastIndexOf('/') + 1) : encodeURI(String(id));

/** Shows stored (v5) event envelopes to subscribers of either version, each those and as much of them as he may see. */
export const presenter =
  (resources: readonly ResourceDefinition[], publicUrl: string): PresentEvent =>
  (envelope, sight) => {
    const { event } = envelope;
    const definition = isJsonObject(event)
      ? resources.find(({ name }) => event[name] !== undefined)
      : undefined;
    if (!isHeard(sight, definition?.name, resources)) return undefined;
    if (!definition) return envelope;
    const shown = visible(envelope, sight, definition);
    if (sight.version === 'v5' || !definition.versions.v4) return shown;
    const { name, basePath, mapper } = bindingOf(definition, 'v4');
    return toV4Event(shown, {
      names: { v5: definition.name, v4: name },
      show: (resource) => ({
        ...(mapper ? mapper.fromStored(resource) : resource),
        href: `${publicUrl}${basePath}/${name}/${placeOf(resource)}`,
      }),
    });
  };
