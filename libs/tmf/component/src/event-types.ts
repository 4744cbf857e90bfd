import { v4EventType } from '@quotebridge/tmf/events';
import type { EventTypes } from '@quotebridge/tmf/hub';
import { eventType, type ResourceDefinition } from '@quotebridge/tmf/resource';
import { loadSpec, type Api, type ApiVersion } from '@quotebridge/tmf-specs';

const declared = (api: Api, version: ApiVersion): string[] =>
  Object.keys(loadSpec(api, version).components.schemas).filter((name) => /.Event$/.test(name));

/** The resource whose name an event type begins with; `ProductOfferingPrice…` is not one of `ProductOffering`. */
const ownerOf = (type: string, resources: readonly ResourceDefinition[]): ResourceDefinition | undefined =>
  resources
    .filter(({ eventName }) => type.startsWith(eventName))
    .sort((a, b) => b.eventName.length - a.eventName.length)[0];

/**
 * The types of the events that subscribers of an API's version may name: those of its model, and those of v5 that are
 * sent to v4 under its names as well.
 */
export const eventTypes =
  (resources: readonly ResourceDefinition[]): EventTypes =>
  (api, version) => {
    const all = resources.filter((definition) => definition.api === api);
    const types = new Map<string, string | undefined>();
    for (const definition of all) {
      const { api: of, name, operations, versions } = definition;
      const binding = versions[version];
      if (!binding) continue;
      const sent = declared(of, 'v5').filter((type) => ownerOf(type, all) === definition);
      // Of a task the models have no event of its end, yet there is one.
      if (operations.includes('delete')) sent.push(eventType(definition, 'Delete'));
      for (const type of sent)
        types.set(version === 'v5' ? type : v4EventType(type, { v5: name, v4: binding.name }), name);
      for (const type of declared(of, version)) types.set(type, types.get(type));
    }
    return new Map([...types].sort(([a], [b]) => (a < b ? -1 : 1)));
  };
