import { cannotListen, isServerFailure, randomIds } from '@quotebridge/platform/core';
import { BrokerUnavailable } from '@quotebridge/platform/events';
import {
  closePromptly,
  createHttpApp,
  drain,
  healthRoutes,
  Readiness,
  type ErrorHandlingOptions,
} from '@quotebridge/platform/http';
import { isTransientStoreError } from '@quotebridge/platform/store';
import { httpTelemetry, productVersion } from '@quotebridge/platform/telemetry';
import { authenticatorOf } from './authenticator-of';
import type { Component } from './component';
import { apiPathsOf, componentRoutes } from './component-routes';
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
    if (!isServerFailure(refusal.status)) logger.info(fields, refusal.message);
    else
      logger.error(
        { ...fields, cause: refusal.cause instanceof Error ? refusal.cause.stack : refusal.cause },
        refusal.message,
      );
  },
});

const createApp = (open: OpenComponent, errors: ErrorHandlingOptions) => {
  const { settings } = open.runtime;
  return createHttpApp(ComponentModule.of(open), {
    bodyLimit: settings.bodyLimitBytes,
    requestTimeoutMs: settings.requestTimeout,
    rateLimitPerMinute: settings.rateLimitPerMinute,
    corsOrigins: settings.corsOrigins,
    trustProxy: settings.trustProxy,
    publicUrl: settings.publicUrl,
    errors,
  });
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
  const { app, fastify } = await createApp(open, errors);
  httpTelemetry(fastify, { metrics });
  healthRoutes(fastify, readiness, productVersion());
  await componentRoutes(fastify, open, authenticatorOf(open.runtime), errors);
  try {
    await app.listen(settings.port, settings.host);
  } catch (thrown) {
    await open.close();
    throw cannotListen(component.name, settings.host, settings.port, thrown);
  }
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  logger.info({ url }, `${component.name} is ready`);
  return {
    name: component.name,
    url,
    addresses: Object.fromEntries(apiPathsOf(open).map(([name, path]) => [name, `${url}${path}`])),
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
