import { createHash } from 'node:crypto';
import { Refusal, type Clock } from '@quotebridge/platform/core';
import {
  ensureCollection,
  isDuplicateKey,
  type ClientSession,
  type Store,
} from '@quotebridge/platform/store';
import type { FastifyRequest } from 'fastify';
import type { FieldCipher } from '../encryption/field-cipher';
import { bodyOf, rawQuery } from './request';

const COLLECTION = 'idempotency_keys';
const KEEP_SECONDS = 24 * 3600;
const MAX_KEY = 255;

/** An answer that can be given again. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Where used keys are kept, and what is made with one: a key stands for something else elsewhere. */
export interface KeyScope {
  readonly store: Store;
  readonly clock: Clock;
  readonly cipher?: FieldCipher | undefined;
  readonly of: readonly string[];
}

interface KeyDocument {
  _id: string;
  at: Date;
  digest: string;
  /** Its body is sealed where the resource has fields that are. */
  answer: Omit<StoredAnswer, 'body'> & { body: unknown };
}

/** Creates the collection of used keys; a key is remembered for a day. */
export const ensureIdempotencyKeys = (store: Store): Promise<void> =>
  ensureCollection(store, COLLECTION, [{ keys: { at: 1 }, options: { expireAfterSeconds: KEEP_SECONDS } }]);

const placeOf = (key: string): string => `${COLLECTION}/${key}`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

const sameRequest = (known: KeyDocument, digest: string, cipher: FieldCipher | undefined): StoredAnswer => {
  const { body } = known.answer;
  if (known.digest === digest)
    return { ...known.answer, body: cipher?.openText(body, placeOf(known._id)) ?? String(body) };
  throw new Refusal(
    409,
    'idempotencyKeyReused',
    'This Idempotency-Key was used with another body or query; take a new key',
  );
};

/**
 * Runs a creating request once for its Idempotency-Key. The key, the resource and its event are one transaction; a
 * repeat gets the answer of the first request, whatever happened to the connection meanwhile.
 */
export const answerOnce = async (
  { store, clock, cipher, of }: KeyScope,
  request: FastifyRequest,
  key: string,
  run: (session: ClientSession) => Promise<StoredAnswer>,
): Promise<StoredAnswer> => {
  if (key.trim() === '' || key.length > MAX_KEY) {
    throw new Refusal(400, 'invalidIdempotencyKey', `Idempotency-Key must have 1 to ${MAX_KEY} characters`);
  }
  const keys = store.collection<KeyDocument>(COLLECTION);
  const _id = sha256(JSON.stringify([request.qbPrincipal.id, ...of, key]));
  const digest = sha256(`${rawQuery(request)}\n${bodyOf(request).text}`);
  const known = await keys.findOne({ _id });
  if (known) return sameRequest(known, digest, cipher);
  try {
    return await store.transaction(async (session) => {
      const made = await run(session);
      const body = cipher?.sealText(made.body, placeOf(_id)) ?? made.body;
      const answer = { ...made, body };
      await keys.insertOne({ _id, at: new Date(clock.now()), digest, answer }, { session });
      return made;
    });
  } catch (thrown) {
    // Two requests with one key at the same time: the slower one finds the answer of the faster.
    const first = isDuplicateKey(thrown) || thrown instanceof Refusal ? await keys.findOne({ _id }) : null;
    if (first) return sameRequest(first, digest, cipher);
    throw thrown;
  }
};
