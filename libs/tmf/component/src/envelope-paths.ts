import type { EnvelopePaths } from '@quotebridge/tmf/hub';
import type { ResourceDefinition } from '@quotebridge/tmf/resource';
import { fieldAt } from '@quotebridge/tmf-specs';

const ENVELOPE: Readonly<Record<string, 'string' | 'date-time'>> = {
  eventId: 'string',
  eventType: 'string',
  eventTime: 'date-time',
  correlationId: 'string',
  domain: 'string',
  title: 'string',
};

/** What a subscription's query may name: the envelope, and the declared paths of the resource inside it. */
export const envelopePaths =
  (resources: readonly ResourceDefinition[]): EnvelopePaths =>
  (api, version) => {
    const bindings = new Map(
      resources.flatMap(({ api: of, versions }) => {
        const binding = versions[version];
        return of === api && binding ? [[binding.name, { of, binding }] as const] : [];
      }),
    );
    return (path) => {
      const kind = ENVELOPE[path];
      if (kind !== undefined) return { storagePath: path, kind };
      const [, name = '', inner] = /^event\.([^.]+)(?:\.(.+))?$/.exec(path) ?? [];
      const found = bindings.get(name);
      if (!found) return undefined;
      if (inner === undefined) return { storagePath: path, kind: 'object' };
      const field = fieldAt(found.of, version, found.binding.schemas.response, inner);
      return field && { storagePath: path, kind: field.kind };
    };
  };
