import { handleErrors, registerScope, type ErrorHandlingOptions } from '@quotebridge/platform/http';
import type { Authenticator } from '@quotebridge/platform/security';
import {
  authenticated,
  bindingOf,
  docsRoutes,
  encryptionRoutes,
  jsonBodies,
  resourceRoutes,
  type RouteLimits,
} from '@quotebridge/tmf/resource';
import { hubOperations, hubRoutes } from '@quotebridge/tmf/hub';
import { loadSpec, type Api, type ApiVersion, type OpenApiDocument } from '@quotebridge/tmf-specs';
import type { FastifyInstance } from 'fastify';
import type { OpenComponent } from './runtime';
import type { ComponentSettings } from './settings';
import { singleValues } from './single-values';

/** Routes below one path, behind access control; a document of them is shown to everybody. */
interface Section {
  readonly prefix: string;
  readonly document?: OpenApiDocument;
  readonly routes: (scope: FastifyInstance) => void;
}

interface TmfApi {
  readonly api: Api;
  readonly version: ApiVersion;
  readonly basePath: string;
}

const limitsOf = (settings: ComponentSettings): RouteLimits => ({
  defaultLimit: settings.defaultLimit,
  maxLimit: settings.maxLimit,
  countCap: settings.countCap,
  queryTimeMs: settings.queryTime,
  requireIfMatch: settings.requireIfMatch,
});

const tmfApisOf = ({ parts }: OpenComponent): TmfApi[] => {
  const found = new Map<string, TmfApi>();
  for (const { api, versions } of parts.resources) {
    for (const version of ['v4', 'v5'] as const) {
      const basePath = versions[version]?.basePath;
      if (basePath !== undefined) found.set(basePath, { api, version, basePath });
    }
  }
  return [...found.values()];
};

const tmfSection = (open: OpenComponent, { api, version, basePath }: TmfApi): Section => {
  const { settings } = open.runtime;
  const baseUrl = `${settings.publicUrl}${basePath}`;
  const limits = limitsOf(settings);
  return {
    prefix: basePath,
    document: loadSpec(api, version),
    routes: (scope) => {
      hubRoutes(scope, { api, version, baseUrl }, open.hub);
      for (const service of open.services.values()) {
        const { definition } = service;
        if (definition.api !== api || !definition.versions[version]) continue;
        const binding = bindingOf(definition, version);
        resourceRoutes(scope, { definition, version, service, baseUrl, limits, binding });
      }
    },
  };
};

const sectionsOf = (open: OpenComponent): Section[] => [
  ...tmfApisOf(open).map((api) => tmfSection(open, api)),
  ...(open.parts.apis ?? []).map(({ basePath, document, routes }) => ({
    prefix: basePath,
    document,
    routes,
  })),
  {
    prefix: '/operations',
    routes: (scope) => {
      singleValues(scope);
      hubOperations(scope, open.hub);
      encryptionRoutes(scope, [...open.services.values()]);
      open.parts.routes?.(scope);
    },
  },
  {
    prefix: '/views',
    routes: (scope) => {
      singleValues(scope);
      open.parts.views?.(scope);
    },
  },
];

/** Registers everything that a component serves besides its health. */
export const componentRoutes = async (
  fastify: FastifyInstance,
  open: OpenComponent,
  authenticator: Authenticator,
  errors: ErrorHandlingOptions,
): Promise<void> => {
  const { publicUrl } = open.runtime.settings;
  for (const { prefix, document, routes } of sectionsOf(open)) {
    const section = async (scope: FastifyInstance): Promise<void> => {
      handleErrors(scope, errors);
      if (document) docsRoutes(scope, document, `${publicUrl}${prefix}`);
      await registerScope(scope, `${prefix} guarded`, (guarded) => {
        jsonBodies(guarded);
        authenticated(guarded, authenticator);
        routes(guarded);
      });
    };
    await registerScope(fastify, prefix, section, { prefix });
  }
};

/** Path of every API of a component by its name: `TMF620/v4`, or what an API of its own is called. */
export const apiPathsOf = (open: OpenComponent): readonly (readonly [name: string, path: string])[] => [
  ...tmfApisOf(open).map(({ api, version, basePath }) => [`${api}/${version}`, basePath] as const),
  ...(open.parts.apis ?? []).map(({ name, basePath }) => [name, basePath] as const),
];
