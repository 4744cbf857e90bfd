import { Refusal, type Clock } from '@quotebridge/platform/core';
import { hashSecret, newApiKey, parseApiKey, secretMatches, type RandomBytes } from './api-key';
import type { ApiKeyRecord, ApiKeyStore } from './api-key-store';
import type { Roles } from './roles';

const ROLE_NAME = /^[\w.-]{1,100}$/;

/** What a command says about a key to be made. */
export interface NewApiKey {
  readonly name: string;
  readonly role: string;
  /** Roles that an authorization may name and the holder of the key decides for, for example `sales-manager`. */
  readonly approverOf?: readonly string[];
  readonly expiresAt?: Date;
}

/** What the functions below work with. */
export interface ApiKeyAdminOptions {
  readonly store: ApiKeyStore;
  readonly roles: Roles;
  readonly clock: Clock;
  readonly random?: RandomBytes;
}

/** A key as a command may show it: never the hash. */
export type ApiKeyView = Omit<ApiKeyRecord, 'hash'> & { readonly state: 'active' | 'expired' | 'revoked' };

/** Whether a stored key is good at a time (milliseconds since the epoch). */
export const apiKeyState = (record: ApiKeyRecord, now: number): ApiKeyView['state'] => {
  if (record.revokedAt) return 'revoked';
  return record.expiresAt && record.expiresAt.getTime() <= now ? 'expired' : 'active';
};

const refuse = (message: string): Refusal => new Refusal(400, 'invalidApiKey', message);

/** What is stored of a key but for its secret. Refuses (400) what a key cannot be. */
const checked = (wanted: NewApiKey, { roles, clock }: ApiKeyAdminOptions) => {
  const name = wanted.name.trim();
  if (name === '' || name.length > 200) throw refuse('Give the key a name of 1 to 200 characters.');
  if (!Object.hasOwn(roles, wanted.role)) {
    throw refuse(`There is no role "${wanted.role}". Choose one of ${Object.keys(roles).join(', ')}.`);
  }
  if (wanted.expiresAt && !(wanted.expiresAt.getTime() > clock.now())) {
    throw refuse('The expiry must be a date in the future, for example 2030-12-31.');
  }
  if (wanted.approverOf?.some((role) => !ROLE_NAME.test(role)) === true) {
    throw refuse(
      'A role to decide for is a word of letters, digits, dots and hyphens, for example sales-manager.',
    );
  }
  return {
    name,
    role: wanted.role,
    ...(wanted.approverOf === undefined ? {} : { approverOf: wanted.approverOf }),
    createdAt: new Date(clock.now()),
    ...(wanted.expiresAt ? { expiresAt: wanted.expiresAt } : {}),
  };
};

/**
 * Makes and stores a key. `key` is the only copy of the secret there will ever be.
 * Refuses (400) an empty name, an unknown role, a role to decide for that is no word, and an expiry in the past.
 */
export const createApiKey = async (
  wanted: NewApiKey,
  options: ApiKeyAdminOptions,
): Promise<{ key: string; id: string }> => {
  const record = checked(wanted, options);
  const { key, id, secret } = newApiKey(options.random);
  await options.store.insert({ id, ...record, hash: hashSecret(secret) });
  return { key, id };
};

/**
 * Stores a key that was made elsewhere, for example by who installs the services; one that is there already stays as
 * it is. Refuses (400) like {@link createApiKey} and what has not the form of a key, (409) an id with another secret.
 */
export const registerApiKey = async (
  key: string,
  wanted: NewApiKey,
  options: ApiKeyAdminOptions,
): Promise<{ id: string; isNew: boolean }> => {
  const record = checked(wanted, options);
  const parts = parseApiKey(key);
  if (parts === undefined)
    throw refuse('A key is qb_, 16 hexadecimal digits, _ and 43 letters, digits, - or _.');
  const { id, secret } = parts;
  const known = await options.store.find(id);
  if (known === undefined) {
    await options.store.insert({ id, ...record, hash: hashSecret(secret) });
    return { id, isNew: true };
  }
  if (!secretMatches(secret, known.hash))
    throw new Refusal(409, 'apiKeyTaken', `There is another key with the id ${id}. Make a new one.`);
  return { id, isNew: false };
};

/** All keys, newest first, with their state now. */
export const listApiKeys = async ({
  store,
  clock,
}: Pick<ApiKeyAdminOptions, 'store' | 'clock'>): Promise<ApiKeyView[]> =>
  (await store.list()).map((record) => {
    const { hash: _hash, ...rest } = record;
    return { ...rest, state: apiKeyState(record, clock.now()) };
  });

/** Revokes a key; services stop taking it within the time they remember it (seconds). Refuses (404) an unknown id. */
export const revokeApiKey = async (
  id: string,
  { store, clock }: Pick<ApiKeyAdminOptions, 'store' | 'clock'>,
): Promise<void> => {
  if (await store.revoke(id, new Date(clock.now()))) return;
  throw new Refusal(
    404,
    'unknownApiKey',
    `There is no API key with the id "${id.slice(0, 40)}". List the keys to see their ids.`,
  );
};
