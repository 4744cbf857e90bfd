import { Refusal } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { parseItemQuery } from './item-query';

const refusal = (query: string): Refusal | undefined => {
  try {
    parseItemQuery(query);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    throw thrown;
  }
};

test.each([
  ['', { checkReferences: false }],
  ['fields=', { checkReferences: false }],
  ['fields=name', { fields: { name: {} }, checkReferences: false }],
  ['fields=name&fields=a.b', { fields: { name: {}, a: { b: {} } }, checkReferences: false }],
  ['fields=name%2Cid', { fields: { name: {}, id: {} }, checkReferences: false }],
  ['fields=none', { fields: {}, checkReferences: false }],
  ['checkReferences=true&depth=1', { checkReferences: true }],
  ['checkReferences=false', { checkReferences: false }],
])('%s is read', (query, expected) => {
  expect(JSON.parse(JSON.stringify(parseItemQuery(query)))).toEqual(expected);
});

test.each(['version=1.0', 'limit=1', 'fields=%zz', '%zz=1', 'checkReferences=yes', 'fields=$a', 'a'])(
  '%s is refused with 400 and a fault',
  (query) => {
    expect(refusal(query)?.status).toBe(400);
    expect(refusal(query)?.faults.length).toBeGreaterThan(0);
  },
);

test('no text makes the reader fail otherwise than by a refusal', () => {
  fc.assert(
    fc.property(fc.string(), (query) => {
      refusal(query);
      refusal(`fields=${query}`);
    }),
  );
});
