import { messageOf, randomIds } from '@quotebridge/platform/core';
import { BrokerUnavailable } from '@quotebridge/platform/events';
import {
  closePromptly,
  createHttpApp,
  drain,
  handleErrors,
  healthRoutes,
  Readiness,
  type ErrorHandlingOptions,
} from '@quotebridge/platform/http';
import {
  API_KEY_COLLECTION,
  createAuthenticator,
  mongoApiKeyStore,
  type ApiKeyDocument,
  type Authenticator,
  type JwksOptions,
} from '@quotebridge/platform/security';
import { isTransientStoreError } from '@quotebridge/platform/store';
import { httpTelemetry } from '@quotebridge/platform/telemetry';
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
import { loadSpec, type Api, type ApiVersion } from '@quotebridge/tmf-specs';
import type { FastifyInstance } from 'fastify';
import type { Component, OwnApi } from './component';
import { ComponentModule } from './component.module';
import { openComponent, type OpenComponent } from './runtime';
import type { ComponentSettings } from './settings';

/** A component that takes requests. */
export interface RunningComponent {
  readonly name: string;
  readonly url: string;
  /** `TMF620/v4` → base address, for every API it serves. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Is not ready any more and sends clients to other replicas; answers all they ask for as long as `withinMs`. */
  drain(withinMs: number): Promise<void>;
  /** Finishes what it has accepted and disconnects. */
  close(): Promise<void>;
}

interface ApiScope {
  readonly api: Api;
  readonly version: ApiVersion;
  readonly basePath: string;
}

const errorOptions = ({ runtime: { logger } }: OpenComponent): ErrorHandlingOptions => ({
  ids: randomIds,
  isUnavailable: (thrown) => thrown instanceof BrokerUnavailable || isTransientStoreError(thrown),
  report: (request, refusal, errorId) => {
    const fields = {
      errorId,
      context: request.qbSpanContext,
      method: request.method,
      route: request.routeOptions.url,
      status: refusal.status,
      code: refusal.code,
    };
    if (refusal.status < 500) logger.info(fields, refusal.message);
    else
      logger.error(
        { ...fields, cause: refusal.cause instanceof Error ? refusal.cause.stack : refusal.cause },
        refusal.message,
      );
  },
});

const issuerOf = (settings: ComponentSettings): { jwks?: JwksOptions } => {
  const { jwksUri, jwtIssuer, jwtAudience, jwtRolesClaim: rolesClaim } = settings;
  if (jwksUri === undefined && jwtIssuer === undefined && jwtAudience === undefined) return {};
  if (jwksUri === undefined || jwtIssuer === undefined || jwtAudience === undefined) {
    throw new Error('JWKS_URI, JWT_ISSUER and JWT_AUDIENCE belong together: set all three or none.');
  }
  return { jwks: { jwksUri, issuer: jwtIssuer, audience: jwtAudience, rolesClaim } };
};

const authenticatorOf = ({ runtime: { settings, store } }: OpenComponent): Authenticator => {
  if (settings.auth === 'off') return createAuthenticator({ mode: 'off', host: settings.host });
  return createAuthenticator({
    mode: 'on',
    ...issuerOf(settings),
    apiKeys: mongoApiKeyStore(store.shared<ApiKeyDocument>(settings.accessDatabase, API_KEY_COLLECTION)),
  });
};

const limitsOf = (settings: ComponentSettings): RouteLimits => ({
  defaultLimit: settings.defaultLimit,
  maxLimit: settings.maxLimit,
  countCap: settings.countCap,
  queryTimeMs: settings.queryTime,
  requireIfMatch: settings.requireIfMatch,
});

const scopesOf = (open: OpenComponent): ApiScope[] => {
  const scopes = new Map<string, ApiScope>();
  for (const definition of open.parts.resources) {
    for (const version of ['v4', 'v5'] as const) {
      const basePath = definition.versions[version]?.basePath;
      if (basePath !== undefined) scopes.set(basePath, { api: definition.api, version, basePath });
    }
  }
  return [...scopes.values()];
};

const apiRoutes = (open: OpenComponent, authenticator: Authenticator, errors: ErrorHandlingOptions) => {
  const { settings } = open.runtime;
  const limits = limitsOf(settings);
  return async (fastify: FastifyInstance, { api, version, basePath }: ApiScope): Promise<void> => {
    const baseUrl = `${settings.publicUrl}${basePath}`;
    await fastify.register(
      async (scope) => {
        handleErrors(scope, errors);
        docsRoutes(scope, loadSpec(api, version), baseUrl);
        await scope.register(async (guarded) => {
          jsonBodies(guarded);
          authenticated(guarded, authenticator);
          hubRoutes(guarded, { api, version, baseUrl }, open.hub);
          for (const service of open.services.values()) {
            const { definition } = service;
            if (definition.api !== api || !definition.versions[version]) continue;
            resourceRoutes(guarded, {
              definition,
              version,
              service,
              baseUrl,
              limits,
              binding: bindingOf(definition, version),
            });
          }
        });
      },
      { prefix: basePath },
    );
  };
};

const ownApiRoutes = (open: OpenComponent, authenticator: Authenticator, errors: ErrorHandlingOptions) => {
  const { publicUrl } = open.runtime.settings;
  return async (fastify: FastifyInstance, { basePath, document, routes }: OwnApi): Promise<void> => {
    await fastify.register(
      async (scope) => {
        handleErrors(scope, errors);
        docsRoutes(scope, document, `${publicUrl}${basePath}`);
        await scope.register(async (guarded) => {
          jsonBodies(guarded);
          authenticated(guarded, authenticator);
          routes(guarded);
        });
      },
      { prefix: basePath },
    );
  };
};

/** Opens a component and listens. Throws one clear sentence when a port is taken or a server is away. */
export const startComponent = async <S extends ComponentSettings>(
  component: Component<S>,
  settings: S,
): Promise<RunningComponent> => {
  const open = await openComponent(component, settings);
  const { store, bus, logger, metrics } = open.runtime;
  const errors = errorOptions(open);
  const readiness = new Readiness([
    { name: 'mongodb', check: () => store.ping() },
    { name: 'nats', check: () => bus.ping() },
  ]);
  const { app, fastify } = await createHttpApp(ComponentModule.of(component.name, open), {
    bodyLimit: settings.bodyLimitBytes,
    requestTimeoutMs: settings.requestTimeout,
    rateLimitPerMinute: settings.rateLimitPerMinute,
    corsOrigins: settings.corsOrigins,
    trustProxy: settings.trustProxy,
    publicUrl: settings.publicUrl,
    errors,
  });
  httpTelemetry(fastify, { metrics });
  healthRoutes(fastify, readiness);
  const authenticator = authenticatorOf(open);
  const register = apiRoutes(open, authenticator, errors);
  const scopes = scopesOf(open);
  for (const scope of scopes) await register(fastify, scope);
  const apis = open.parts.apis ?? [];
  const registerOwn = ownApiRoutes(open, authenticator, errors);
  for (const api of apis) await registerOwn(fastify, api);
  await fastify.register(
    async (scope) => {
      handleErrors(scope, errors);
      jsonBodies(scope);
      authenticated(scope, authenticator);
      hubOperations(scope, open.hub);
      encryptionRoutes(scope, [...open.services.values()]);
      open.parts.routes?.(scope);
    },
    { prefix: '/operations' },
  );
  await fastify.register(
    async (scope) => {
      handleErrors(scope, errors);
      authenticated(scope, authenticator);
      open.parts.views?.(scope);
    },
    { prefix: '/views' },
  );
  try {
    await app.listen(settings.port, settings.host);
  } catch (thrown) {
    await open.close();
    throw new Error(
      `${component.name} cannot listen on ${settings.host}:${settings.port}: ${messageOf(thrown)}`,
      { cause: thrown },
    );
  }
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  logger.info({ url }, `${component.name} is ready`);
  return {
    name: component.name,
    url,
    addresses: Object.fromEntries([
      ...scopes.map(({ api, version, basePath }) => [`${api}/${version}`, `${url}${basePath}`]),
      ...apis.map(({ name, basePath }) => [name, `${url}${basePath}`]),
    ]),
    drain: (withinMs) => {
      readiness.drain();
      return drain(fastify.server, withinMs);
    },
    close: async () => {
      readiness.drain();
      await closePromptly(fastify.server, () => app.close());
    },
  };
};
