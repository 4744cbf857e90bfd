import 'reflect-metadata';
import rateLimit from '@fastify/rate-limit';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Refusal } from '@quotebridge/platform/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerInTime } from './answer-in-time';
import { answerBrokenRequest } from './broken-request';
import { allowOrigins } from './cors';
import { ignoreTypesOfNothing } from './empty-bodies';
import { answerError, TmfExceptionFilter, type ErrorHandlingOptions } from './error-handling';
import { useLightBindings } from './light-bindings';
import { pathPrefixOf, withoutPrefix } from './path-prefix';
import { securityHeaders } from './security-headers';
import { trustedProxies } from './trusted-proxies';

/** Limits and habits of an HTTP server. */
export interface HttpAppOptions {
  /** Largest body in bytes. */
  readonly bodyLimit: number;
  /** Longest time a request may take to arrive, and to be answered, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Requests per minute and client; 0 turns the limit off. */
  readonly rateLimitPerMinute: number;
  /** Origins that browsers may call from, `*` for all; empty for none. */
  readonly corsOrigins: readonly string[];
  /** Whether a proxy in front sets X-Forwarded-*. */
  readonly trustProxy: boolean;
  /** Prefix of every link; requests whose path begins with its path are served as without. */
  readonly publicUrl: string;
  readonly errors: ErrorHandlingOptions;
}

/**
 * A Nest application on Fastify with security headers, CORS, rate limit and size and time limits. Routes for TMF
 * resources are registered on the Fastify instance, since a Nest interceptor costs two thirds of the throughput.
 */
export const createHttpApp = async (
  module: DynamicModule,
  options: HttpAppOptions,
): Promise<{ app: NestFastifyApplication; fastify: FastifyInstance }> => {
  useLightBindings();
  const prefix = pathPrefixOf(options.publicUrl);
  const adapter = new FastifyAdapter({
    ...(prefix === '' ? {} : { rewriteUrl: ({ url = '/' }) => withoutPrefix(url, prefix) }),
    bodyLimit: options.bodyLimit,
    requestTimeout: options.requestTimeoutMs,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    trustProxy: options.trustProxy ? trustedProxies() : false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    logger: false,
    // What Fastify and Node.js refuse before any route is found.
    frameworkErrors: (thrown: Error, request: FastifyRequest, reply: FastifyReply) =>
      answerError(options.errors, thrown, request, reply),
    clientErrorHandler: (thrown, socket) => answerBrokenRequest(options.errors.ids, thrown, socket),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    // What fails at the start is thrown and told by who starts it; logs are JSON lines.
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new TmfExceptionFilter(options.errors));
  const fastify = adapter.getInstance<FastifyInstance>();
  answerInTime(fastify, options.requestTimeoutMs);
  securityHeaders(fastify);
  ignoreTypesOfNothing(fastify);
  if (options.corsOrigins.length > 0) await allowOrigins(fastify, options.corsOrigins);
  if (options.rateLimitPerMinute > 0) {
    await fastify.register(rateLimit, {
      max: options.rateLimitPerMinute,
      timeWindow: 60_000,
      allowList: (request) => request.url.startsWith('/health/') || request.url === '/metrics',
      addHeadersOnExceeding: {
        'x-ratelimit-limit': true,
        'x-ratelimit-remaining': true,
        'x-ratelimit-reset': true,
      },
      errorResponseBuilder: (_request, context) =>
        new Refusal(
          429,
          'tooManyRequests',
          `More than ${context.max} requests in a minute; wait ${context.after}`,
        ),
    });
  }
  return { app, fastify };
};
