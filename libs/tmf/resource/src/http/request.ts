import { Refusal } from '@quotebridge/platform/core';
import type { JsonBody } from '@quotebridge/platform/http';
import type { Principal } from '@quotebridge/platform/security';
import type { FastifyRequest } from 'fastify';
import type { ApiVersion } from '@quotebridge/tmf-specs';
import type { ResourceDefinition, VersionBinding, WriteContext } from '../definition';
import type { ResourceService } from '../service';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler of a TMF route runs. */
    qbPrincipal: Principal;
  }
}

/** What the handlers of one resource in one version share. */
export interface RouteContext {
  readonly definition: ResourceDefinition;
  readonly binding: VersionBinding;
  readonly version: ApiVersion;
  readonly service: ResourceService;
  /** Prefix of links and locations: `publicUrl` and the path of the API. */
  readonly baseUrl: string;
  readonly limits: RouteLimits;
  /** Attributes that whoever asks may not see; everything confidential unless given. */
  readonly hidden?: readonly string[];
  /** False when whoever asks may see the guarded parts of items; they are hidden unless so. */
  readonly hidesParts?: boolean;
}

/** Bounds of list requests and the write rules of a deployment. */
export interface RouteLimits {
  readonly defaultLimit: number;
  readonly maxLimit: number;
  /** Totals are counted up to here unless the client asks for an exact one. */
  readonly countCap: number;
  /** Longest time a list query may take in the store, in milliseconds. */
  readonly queryTimeMs: number;
  /** Refuse a PATCH or DELETE without If-Match with 428. */
  readonly requireIfMatch: boolean;
}

/** Content type of every answer with a body. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/** The raw query string, without the question mark. */
export const rawQuery = (request: FastifyRequest): string => {
  const url = request.raw.url ?? '';
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
};

/** The body as the content-type parser left it; refuses with 400 a request without one. */
export const bodyOf = (request: FastifyRequest): JsonBody => {
  if (request.body === undefined || request.body === null)
    throw new Refusal(400, 'emptyBody', 'The body is empty; send a JSON document');
  return request.body as JsonBody;
};

/** The id in the path; it may name a version, `42:(version=1.0)`. */
export const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;

/** A request header that has one value. */
export const headerOf = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

/** The context of a write that a request makes. */
export const writeContextOf = (request: FastifyRequest, checkReferences = false): WriteContext => ({
  actor: request.qbPrincipal.id,
  origin: 'http',
  principal: request.qbPrincipal,
  ...(checkReferences ? { checkReferences } : {}),
  ...(request.qbSpanContext === undefined ? {} : { trace: request.qbSpanContext }),
});
