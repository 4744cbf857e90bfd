import type { mongo } from 'mongoose';

/** An API key as it is stored: everything but the secret. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** Further roles that its holder may decide for, beside what `role` permits; they bring no scopes. */
  readonly approverOf?: readonly string[];
  /** SHA-256 of the secret, base64url. */
  readonly hash: string;
  readonly createdAt: Date;
  readonly expiresAt?: Date;
  readonly revokedAt?: Date;
}

/** Where API keys are kept. */
export interface ApiKeyStore {
  find(id: string): Promise<ApiKeyRecord | undefined>;
  insert(record: ApiKeyRecord): Promise<void>;
  /** Newest first. */
  list(): Promise<ApiKeyRecord[]>;
  /** Marks the key revoked; false when there is no such key. A second call keeps the first time. */
  revoke(id: string, at: Date): Promise<boolean>;
}

/** A stored record: the id is the `_id`. */
export type ApiKeyDocument = Omit<ApiKeyRecord, 'id'> & { readonly _id: string };

/** Name of the database that all services and the command share, unless the settings say otherwise. */
export const ACCESS_DATABASE = 'quotebridge-access';

/** Name of the collection that holds the keys. */
export const API_KEY_COLLECTION = 'apiKey';

const MAX_LISTED = 10_000;
const MAJORITY = { writeConcern: { w: 'majority' } } as const;

const recordOf = ({ _id, ...rest }: ApiKeyDocument): ApiKeyRecord => ({ id: _id, ...rest });

/** API keys in MongoDB; `_id` serves every look-up, so that no further index is needed. */
export const mongoApiKeyStore = (collection: mongo.Collection<ApiKeyDocument>): ApiKeyStore => ({
  find: async (id) => {
    const found = await collection.findOne({ _id: id });
    return found === null ? undefined : recordOf(found);
  },
  insert: async ({ id, ...rest }) => {
    await collection.insertOne({ _id: id, ...rest }, MAJORITY);
  },
  list: async () =>
    (await collection.find().sort({ createdAt: -1 }).limit(MAX_LISTED).toArray()).map(recordOf),
  revoke: async (id, at) => {
    const marked = await collection.updateOne(
      { _id: id },
      [{ $set: { revokedAt: { $ifNull: ['$revokedAt', at] } } }],
      MAJORITY,
    );
    return marked.matchedCount === 1;
  },
});
