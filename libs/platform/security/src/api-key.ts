import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The two parts of an API key: `qb_<id>_<secret>`. The id is public, the secret is known to its holder only. */
export interface ApiKeyParts {
  readonly id: string;
  readonly secret: string;
}

// Both parts have a fixed length because base64url may itself contain the separator.
const FORMAT = /^qb_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** Takes a key apart, or undefined when it has not the form of one. */
export const parseApiKey = (key: string): ApiKeyParts | undefined => {
  const [, id, secret] = FORMAT.exec(key) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
};

/** Random bytes of a length; injected so that tests can foretell keys. */
export type RandomBytes = (length: number) => Buffer;

/** A new key: 64 bits of id, 256 bits of secret. */
export const newApiKey = (random: RandomBytes = randomBytes): ApiKeyParts & { readonly key: string } => {
  const id = random(8).toString('hex');
  const secret = random(32).toString('base64url');
  return { id, secret, key: `qb_${id}_${secret}` };
};

/**
 * What is stored instead of the secret. A plain SHA-256 is right here: slow hashes (scrypt, argon2) make guessing
 * of *weak* words dear, but a secret of 256 random bits cannot be guessed at any speed, and tens of milliseconds
 * of work in every request would be a way to take the service down.
 */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Whether the secret has this hash; takes the same time wherever they differ. */
export const secretMatches = (secret: string, hash: string): boolean => {
  const given = Buffer.from(hashSecret(secret), 'base64url');
  const stored = Buffer.from(hash, 'base64url');
  return given.length === stored.length && timingSafeEqual(given, stored);
};
