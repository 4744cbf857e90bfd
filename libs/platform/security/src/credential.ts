import { hash } from 'node:crypto';
import { unauthenticated } from './challenge';

/** Request headers as Node.js gives them: lower-case names. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a request presented to prove who it is. */
export interface Credential {
  readonly scheme: 'bearer' | 'apiKey';
  readonly value: string;
}

const MAX_LENGTH = 8192;
const SCHEMES: Readonly<Record<string, Credential['scheme']>> = { bearer: 'bearer', apikey: 'apiKey' };

/** The one credential of a request. Throws the 401 that fits when there is none, several or an unknown kind. */
export const credentialOf = (headers: RequestHeaders): Credential => {
  const authorization = headers['authorization'];
  const apiKey = headers['x-api-key'];
  if (authorization === undefined && apiKey === undefined) throw unauthenticated('missing');
  if (authorization !== undefined && apiKey !== undefined) throw unauthenticated('several');
  if (typeof apiKey === 'string') return { scheme: 'apiKey', value: apiKey };
  if (typeof authorization !== 'string') throw unauthenticated('several');
  const space = authorization.indexOf(' ');
  const scheme = SCHEMES[authorization.slice(0, space).toLowerCase()];
  if (space < 0 || scheme === undefined) throw unauthenticated('scheme');
  const value = authorization.slice(space + 1).trim();
  if (value.length > MAX_LENGTH) throw unauthenticated(scheme === 'bearer' ? 'malformed' : 'apiKey');
  return { scheme, value };
};

/**
 * Under which a checked credential is remembered. A digest, so that memory holds no usable credential and the
 * time a look-up takes says nothing about one.
 */
export const digestOf = (credential: Credential): string => hash('sha256', credential.value, 'base64url');
