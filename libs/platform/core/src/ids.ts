import { createHash, randomUUID } from 'node:crypto';

/** Where new identifiers come from; injected so that tests can foretell them. */
export interface Ids {
  next(): string;
}

/** Random UUIDs. */
export const randomIds: Ids = { next: () => randomUUID() };

const NAMESPACE = Buffer.from('6f1d9c1b6c0f4d0c9a5b8a3f4d2e7c11', 'hex');

/**
 * The same UUID (RFC 9562, version 5) for the same words, on every machine and in every process. Gives a record
 * of an outside system its id before its owner has stored it: `stableId(source, resource, externalId)`.
 */
export const stableId = (...words: readonly string[]): string => {
  const hash = createHash('sha1').update(NAMESPACE).update(JSON.stringify(words)).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};
