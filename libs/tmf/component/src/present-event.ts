import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import type { PresentEvent } from '@quotebridge/tmf/hub';
import { bindingOf, type ResourceDefinition } from '@quotebridge/tmf/resource';

const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const inV4 = (
  definition: ResourceDefinition,
  envelope: JsonObject,
  resource: JsonObject,
  publicUrl: string,
): JsonObject => {
  const { name, basePath, mapper } = bindingOf(definition, 'v4');
  const shown = mapper ? mapper.fromStored(resource) : resource;
  const type = String(envelope['eventType']).replace(definition.eventName, pascal(name));
  const { '@type': _type, '@baseType': _base, ...rest } = envelope;
  return {
    ...rest,
    eventType: type,
    title: type,
    event: {
      [name]: { ...shown, href: `${publicUrl}${basePath}/${name}/${encodeURI(String(resource['id']))}` },
    },
  };
};

/** Shows stored (v5) event envelopes to subscribers of either version; v4 has its own names and no `@type`. */
export const presenter =
  (resources: readonly ResourceDefinition[], publicUrl: string): PresentEvent =>
  (envelope, version) => {
    const { event } = envelope;
    if (version === 'v5' || !isJsonObject(event)) return envelope;
    const definition = resources.find(({ name, versions }) => versions.v4 && event[name] !== undefined);
    const resource = definition && event[definition.name];
    return definition && isJsonObject(resource) ? inV4(definition, envelope, resource, publicUrl) : envelope;
  };
