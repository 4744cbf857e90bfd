import { Refusal } from '@quotebridge/platform/core';
import type { FastifyRequest } from 'fastify';
import { etagOf, type StoredResource } from '../stored';
import { headerOf } from './request';

/** Entity tags of a list; a comma inside the quotes belongs to its tag. */
const tags = (header: string): string[] => header.match(/(?:W\/)?"[^"]*"|\*/g) ?? [];

/** The tag of the stored state alone, whoever was shown how much of it: a change is made to that. */
const stateOf = (tag: string): string => tag.replace(/\.[0-9a-z]+"$/, '"');

/** Weak comparison (RFC 9110, 8.8.3.2): `W/` makes no difference. */
const matchesWeakly = (header: string, etag: string): boolean =>
  tags(header).some((tag) => tag === '*' || tag === etag || tag === `W/${etag}`);

const failed = (etag: string, message: string): Refusal =>
  new Refusal(412, 'preconditionFailed', message, { headers: { ETag: etag } });

/** Refuses with 412 when the stored state is not the one that the client names in If-Match (RFC 9110, 13.1.1). */
export const checkIfMatch = (ifMatch: string | undefined, current: StoredResource): void => {
  if (ifMatch === undefined) return;
  const etag = etagOf(current);
  if (tags(ifMatch).some((tag) => tag === '*' || stateOf(tag) === etag)) return;
  throw failed(etag, `The resource has changed since; its ETag is now ${etag}. Read it again`);
};

/** Refuses with 412 a change of a state that the client excludes in If-None-Match (RFC 9110, 13.1.2). */
const checkIfNoneMatch = (ifNoneMatch: string | undefined, current: StoredResource): void => {
  if (ifNoneMatch === undefined) return;
  const etag = etagOf(current);
  if (matchesWeakly(tags(ifNoneMatch).map(stateOf).join(), etag))
    throw failed(etag, `If-None-Match excludes the state of the resource, ${etag}`);
};

/** True when the client has the current state already (RFC 9110, 13.1.2): the answer is 304. */
export const isNotModified = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined && matchesWeakly(ifNoneMatch, etag);

/**
 * The conditions of a change, to be checked on the state that is about to be changed. Refuses with 428 a change
 * without If-Match where the deployment demands one.
 */
export const conditionsOf = (
  request: FastifyRequest,
  required: boolean,
): ((current: StoredResource) => void) => {
  const ifMatch = headerOf(request, 'if-match');
  const ifNoneMatch = headerOf(request, 'if-none-match');
  if (required && ifMatch === undefined)
    throw new Refusal(428, 'ifMatchRequired', 'Send If-Match with the ETag of the state that you have read');
  return (current) => {
    checkIfMatch(ifMatch, current);
    checkIfNoneMatch(ifNoneMatch, current);
  };
};
