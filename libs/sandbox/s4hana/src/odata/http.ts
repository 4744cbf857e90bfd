import type { PartAnswer } from './batch';
import { badRequest } from './errors';
import type { ODataAnswer, ODataRequest } from './service';

/** The body of a request as JSON; undefined when there is none. */
export const parseBody = (body: unknown): unknown => {
  if (typeof body !== 'string' || body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw badRequest('The request body is not well-formed JSON.');
  }
};

/**
 * Path and query of a request to a service, from an absolute, rooted or relative address. `tail` is how the address of its root
 * ends: what stands before it may be another one outside.
 */
export const targetIn = (
  root: string,
  tail: string,
  address: string,
): Pick<ODataRequest, 'path' | 'query'> => {
  const url = new URL(address, `${root}/`);
  const behind = url.pathname.split(tail).slice(1).join(tail);
  const query = new URLSearchParams(url.search);
  query.delete('sap-client');
  try {
    return { path: decodeURIComponent(behind).replace(/^\/+|\/+$/g, ''), query };
  } catch {
    throw badRequest(`The address ${address} is not well encoded.`);
  }
};

/** The type of an answer that has a body. */
export const typeOf = ({ body }: ODataAnswer): string =>
  typeof body === 'object' ? 'application/json;charset=utf-8' : 'text/plain';

/** An answer as a part of a batch. */
export const asPart = ({ status, headers, body }: ODataAnswer): PartAnswer => ({
  status,
  headers: {
    ...(body === undefined ? {} : { 'content-type': 'application/json;charset=utf-8' }),
    ...headers,
  },
  body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
});
