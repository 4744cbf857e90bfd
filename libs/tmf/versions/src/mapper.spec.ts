import { frozen, type JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import {
  at,
  contactMedium,
  each,
  externalId,
  flatten,
  mapper,
  nest,
  product,
  relatedChannel,
  relatedPartyRef,
  relatedPlace,
  rename,
  type VersionMapper,
} from './index';

const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
/** Objects of a few colliding names, dangerous ones among them, two levels deep. */
const collisions = fc.dictionary(
  fc.constantFrom('a', 'b', 'inner', '__proto__', 'constructor', ''),
  fc.oneof(json, fc.dictionary(fc.constantFrom('a', 'b', 'inner', '__proto__'), json)),
) as fc.Arbitrary<JsonObject>;

describe('a mapping table', () => {
  it.each<[string, VersionMapper]>([
    ['rename', mapper([rename('a', 'b')])],
    ['nest', mapper([nest('inner', ['a', 'b'])])],
    ['nest under another name', mapper([nest('inner', { a: 'b' })])],
    ['flatten', mapper([flatten('inner', ['a', '__proto__'])])],
    ['all together', mapper([at('inner', flatten('b', ['a'])), rename('a', 'b'), nest('inner', ['a'])])],
  ])('%s is a bijection of all JSON objects and leaves its input alone', (_name, table) => {
    fc.assert(
      fc.property(collisions, (doc) => {
        frozen(doc);
        expect(table.fromStored(frozen(table.toStored(doc)))).toEqual(doc);
        expect(table.toStored(frozen(table.fromStored(doc)))).toEqual(doc);
      }),
    );
  });

  it('shares what it does not touch', () => {
    const doc = { relatedParty: [{ id: '1', role: 'Buyer' }], note: [{ text: 'n' }], validFor: {} };
    const stored = mapper([each('relatedParty', relatedPartyRef)]).toStored(doc);
    expect(stored['note']).toBe(doc.note);
    expect(mapper([rename('x', 'y')]).toStored(doc)).toBe(doc);
  });

  it('swaps the two names where both occur', () => {
    const table = mapper([rename('orderDate', 'creationDate')]);
    expect(table.toStored({ orderDate: 1, creationDate: 'mine' })).toEqual({
      creationDate: 1,
      orderDate: 'mine',
    });
  });

  it('refuses two steps for one attribute when it is compiled', () => {
    expect(() => mapper([rename('a', 'b'), rename('b', 'c')])).toThrow("two steps want the attribute 'b'");
  });

  it.each([
    ['relatedParty.id', 'relatedParty.partyOrPartyRole.id'],
    ['relatedParty.role', 'relatedParty.role'],
    // What a filter by JSONPath looks into.
    ['relatedParty', 'relatedParty'],
    ['channel', 'channel'],
    ['contactMedium', 'contactMedium'],
    ['product', 'product'],
    ['product.product', 'product.product'],
    ['channel.name', 'channel.channel.name'],
    ['place.city', 'place.place.city'],
    ['externalId', 'externalId.id'],
    ['orderDate', 'creationDate'],
    ['creationDate', 'creationDate'],
    ['contactMedium.characteristic.city', 'contactMedium.city'],
    ['product.productRelationship.product.id', 'product.productRelationship.id'],
    ['product.product.relatedParty.name', 'product.product.relatedParty.partyOrPartyRole.name'],
    ['unknown.path', 'unknown.path'],
  ])('the v4 path %s is stored at %s', (v4, stored) => {
    const table = mapper([
      rename('orderDate', 'creationDate'),
      each('relatedParty', relatedPartyRef),
      each('channel', relatedChannel),
      each('place', relatedPlace),
      each('contactMedium', contactMedium),
      at('product', product),
      externalId,
    ]);
    expect(table.storedPath(v4)).toBe(stored);
  });
});
