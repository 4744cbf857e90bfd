import { Refusal } from '@quotebridge/platform/core';
import { etagOf, type StoredResource } from '../stored';

const tags = (header: string): string[] => header.split(',').map((tag) => tag.trim());

/** Refuses with 412 when the stored state is not the one that the client names in If-Match (RFC 9110, 13.1.1). */
export const checkIfMatch = (ifMatch: string | undefined, current: StoredResource): void => {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const etag = etagOf(current);
  if (tags(ifMatch).includes(etag)) return;
  throw new Refusal(
    412,
    'preconditionFailed',
    `The resource has changed since; its ETag is now ${etag}. Read it again`,
    {
      headers: { ETag: etag },
    },
  );
};

/** True when the client has the current state already (RFC 9110, 13.1.2): the answer is 304. */
export const isNotModified = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === '*' || tags(ifNoneMatch).some((tag) => tag === etag || tag === `W/${etag}`));

/** Refuses with 428 a change without If-Match where the deployment demands one. */
export const demandIfMatch = (ifMatch: string | undefined, required: boolean): void => {
  if (!required || ifMatch !== undefined) return;
  throw new Refusal(428, 'ifMatchRequired', 'Send If-Match with the ETag of the state that you have read');
};
