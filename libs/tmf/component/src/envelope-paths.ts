import type { EnvelopePaths } from '@quotebridge/tmf/hub';
import { leadsIntoParts, type ResourceDefinition } from '@quotebridge/tmf/resource';
import { fieldAt } from '@quotebridge/tmf-specs';
import { hiddenPartsFrom, isHeard } from './event-sight';

const ENVELOPE: Readonly<Record<string, 'string' | 'date-time'>> = {
  eventId: 'string',
  eventType: 'string',
  eventTime: 'date-time',
  correlationId: 'string',
  domain: 'string',
  title: 'string',
};

/** What a subscription's query may name: the envelope, and the declared paths of the resource inside it that its subscriber sees. */
export const envelopePaths =
  (resources: readonly ResourceDefinition[]): EnvelopePaths =>
  (sight) => {
    const { api, version } = sight;
    const bindings = new Map(
      resources.flatMap((definition) => {
        const { api: of, versions } = definition;
        const binding = versions[version];
        const hidden = hiddenPartsFrom(sight, definition);
        const isShown = of === api && isHeard(sight, definition.name, resources);
        return isShown && binding ? [[binding.name, { of, binding, hidden }] as const] : [];
      }),
    );
    return (path) => {
      const kind = ENVELOPE[path];
      if (kind !== undefined) return { storagePath: path, kind };
      const [, name = '', inner] = /^event\.([^.]+)(?:\.(.+))?$/.exec(path) ?? [];
      const found = bindings.get(name);
      if (!found) return undefined;
      if (inner === undefined) return { storagePath: path, kind: 'object' };
      if (found.hidden !== undefined && leadsIntoParts(found.hidden, inner)) return undefined;
      const field = fieldAt(found.of, version, found.binding.schemas.response, inner);
      return field && { storagePath: path, kind: field.kind };
    };
  };
