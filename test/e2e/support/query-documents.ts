import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '@quotebridge/platform/core';
import type { FieldKind, MongoFilter } from '@quotebridge/tmf/query';
import fc from 'fast-check';
import { mongo } from 'mongoose';

interface Stored {
  _id: string;
  [name: string]: Json | undefined;
}

/** A filter as the driver wants it. */
export const asFilter = (filter: MongoFilter) => filter as mongo.Filter<Stored>;

/** Collections of a database of its own, for what is asked of MongoDB directly. */
export const testCollections = (word: string) => {
  const client = new mongo.MongoClient(process.env['MONGODB_URI'] ?? '');
  const database = client.db(`${word}-${randomUUID()}`);
  return {
    open: () => client.connect(),
    /** A new collection that holds the documents as `id-0`, `id-1`, …. */
    of: async (documents: readonly JsonObject[]) => {
      const collection = database.collection<Stored>(randomUUID());
      await collection.insertMany(documents.map((document, index) => ({ ...document, _id: `id-${index}` })));
      return collection;
    },
    close: async () => {
      await database.dropDatabase();
      await client.close();
    },
  };
};

/** Texts that engines could order or compare in different ways. */
export const TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'b\n',
  'a\nb',
  'ä',
  'ſ',
  'K',
  '\u{1f600}',
  '\ue000',
  ' ',
  '5',
  'true',
  'a.b',
  '$ne',
];

/** One day in many spellings. */
export const DATES = [
  '2020-01-01',
  '2020-01-01T00:00:00Z',
  '2020-01-01T00:00:00.000Z',
  '2020-01-01T00:00:00.5Z',
  '2020-01-01T00:00:00.500Z',
  '2020-01-01T00:00:01Z',
  '2019-12-31T23:59:59.999999Z',
];

/** One of {@link TEXTS}. */
export const text = fc.constantFrom(...TEXTS);
/** A value that has no parts. */
export const scalar = fc.oneof(
  text,
  fc.constantFrom(...DATES),
  fc.constantFrom(0, 1, -1, 5, 5.5, 1e12),
  fc.boolean(),
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.array(fc.oneof(scalar, fc.constant(null)), { maxLength: 3 }) },
);
const inner = fc.record({ x: value, y: value, '@type': text }, { requiredKeys: [] });
/** Documents with values, objects and arrays in the same places. */
export const documents = fc.record(
  {
    a: value,
    b: value,
    o: fc.oneof(inner, fc.array(fc.oneof(inner, scalar), { maxLength: 3 })),
    n: fc.record({ o: fc.oneof(inner, fc.array(inner, { maxLength: 3 })) }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

/** Attributes that a query string may name. */
export const kinds: Readonly<Record<string, FieldKind>> = {
  name: 'string',
  size: 'number',
  made: 'date-time',
  bundle: 'boolean',
  'o.x': 'string',
};

/** Resolves {@link kinds}. */
export const resolve = (path: string) => {
  const kind = kinds[path];
  return kind === undefined ? undefined : { storagePath: path, kind };
};
