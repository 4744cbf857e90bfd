import { isJsonObject } from '@quotebridge/platform/core';
import { toV4Event } from '@quotebridge/tmf/events';
import type { PresentEvent } from '@quotebridge/tmf/hub';
import { bindingOf, type ResourceDefinition } from '@quotebridge/tmf/resource';

/** Shows stored (v5) event envelopes to subscribers of either version. */
export const presenter =
  (resources: readonly ResourceDefinition[], publicUrl: string): PresentEvent =>
  (envelope, version) => {
    const { event } = envelope;
    if (version === 'v5' || !isJsonObject(event)) return envelope;
    const definition = resources.find(({ name, versions }) => versions.v4 && event[name] !== undefined);
    if (!definition) return envelope;
    const { name, basePath, mapper } = bindingOf(definition, 'v4');
    return toV4Event(envelope, {
      names: { v5: definition.name, v4: name },
      show: (resource) => ({
        ...(mapper ? mapper.fromStored(resource) : resource),
        href: `${publicUrl}${basePath}/${name}/${encodeURI(String(resource['id']))}`,
      }),
    });
  };
