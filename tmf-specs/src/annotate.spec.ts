import fc from 'fast-check';
import { isJsonObject } from '@quotebridge/platform/core';
import type { Json, JsonObject } from '@quotebridge/platform/core';
import { annotateTypes } from './annotate';
import type { Api } from './types';
import { validatorFor } from './validate';

interface Case {
  readonly property: string;
  readonly at: readonly [Api, string];
  readonly doc: JsonObject;
  readonly typed: JsonObject;
}

const CASES: readonly Case[] = [
  {
    property: 'the resource gets its class, whatever body it is',
    at: ['TMF620', 'Category_FVO'],
    doc: { name: 'Internet' },
    typed: { '@type': 'Category', name: 'Internet' },
  },
  {
    property: 'nested objects and lists get the class of their place',
    at: ['TMF620', 'Category'],
    doc: { parent: { id: '1' }, productOffering: [{ id: '2' }, { '@type': 'ProductOfferingRef', id: '3' }] },
    typed: {
      '@type': 'Category',
      parent: { '@type': 'CategoryRef', id: '1' },
      productOffering: [
        { '@type': 'ProductOfferingRef', id: '2' },
        { '@type': 'ProductOfferingRef', id: '3' },
      ],
    },
  },
  {
    property: 'amounts and periods have no class',
    at: ['TMF620', 'ProductOfferingPrice'],
    doc: { '@type': 'ProductOfferingPrice', price: { unit: 'EUR', value: 5 }, validFor: {} },
    typed: { '@type': 'ProductOfferingPrice', price: { unit: 'EUR', value: 5 }, validFor: {} },
  },
  {
    property: 'a value-or-reference place tells the two apart',
    at: ['TMF620', 'ProductOffering'],
    doc: {
      productOfferingPrice: [
        { id: '4', name: 'x' },
        { name: 'x', priceType: 'recurring' },
      ],
      attachment: [{ id: '5' }, { id: '6', mimeType: 'image/png' }],
    },
    typed: {
      '@type': 'ProductOffering',
      productOfferingPrice: [
        { '@type': 'ProductOfferingPriceRef', id: '4', name: 'x' },
        { '@type': 'ProductOfferingPrice', name: 'x', priceType: 'recurring' },
      ],
      attachment: [
        { '@type': 'AttachmentRef', id: '5' },
        { '@type': 'Attachment', id: '6', mimeType: 'image/png' },
      ],
    },
  },
  {
    property: 'a characteristic gets the class of its value',
    at: ['TMF622', 'Product'],
    doc: {
      productCharacteristic: [
        { name: 'colour', value: 'red' },
        { name: 'speed', value: 100 },
        { name: 'fast', value: true },
        { name: 'sizes', value: [1, 2] },
        { name: 'nothing' },
      ],
    },
    typed: {
      '@type': 'Product',
      productCharacteristic: [
        { '@type': 'StringCharacteristic', name: 'colour', value: 'red' },
        { '@type': 'NumberCharacteristic', name: 'speed', value: 100 },
        { '@type': 'BooleanCharacteristic', name: 'fast', value: true },
        { '@type': 'NumberArrayCharacteristic', name: 'sizes', value: [1, 2] },
        { '@type': 'Characteristic', name: 'nothing' },
      ],
    },
  },
  {
    property: 'a party is a reference unless it says more',
    at: ['TMF648', 'Quote'],
    doc: { relatedParty: [{ role: 'customer', partyOrPartyRole: { id: '1', name: 'ACME' } }] },
    typed: {
      '@type': 'Quote',
      relatedParty: [
        {
          '@type': 'RelatedPartyOrPartyRole',
          role: 'customer',
          partyOrPartyRole: { '@type': 'PartyRef', id: '1', name: 'ACME' },
        },
      ],
    },
  },
  {
    property: 'an unknown class is kept and read as the class of its place',
    at: ['TMF620', 'ProductOffering'],
    doc: { '@type': 'GoldOffering', category: [{ id: '1' }], gold: { carat: 18 } },
    typed: {
      '@type': 'GoldOffering',
      category: [{ '@type': 'CategoryRef', id: '1' }],
      gold: { carat: 18 },
    },
  },
  {
    property: 'what has the wrong shape stays as it is, for the validator to refuse',
    at: ['TMF620', 'ProductOffering'],
    doc: { '@type': 'ProductOffering', category: 'none', productOfferingTerm: [null, 3], validFor: [] },
    typed: { '@type': 'ProductOffering', category: 'none', productOfferingTerm: [null, 3], validFor: [] },
  },
];

test.each(CASES)('$property', ({ at: [api, name], doc, typed }) => {
  expect(annotateTypes(api, name, doc)).toEqual(typed);
});

test('a document that lacks nothing comes back as the same object', () => {
  const doc = annotateTypes('TMF620', 'Category', { parent: { id: '1' }, productOffering: [{ id: '2' }] });
  expect(annotateTypes('TMF620', 'Category', doc)).toBe(doc);
});

test('a class that no model has is an error', () => {
  expect(() => annotateTypes('TMF620', 'Unicorn', {})).toThrow('TMF620 v5 has no class "Unicorn"');
});

const key = fc.constantFrom(
  'id',
  'name',
  'value',
  'category',
  'attachment',
  'productOfferingPrice',
  'price',
  '@type',
  'x',
);
const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<Json>(null, 1, 'text', true),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
  ),
}));
const documents = fc.dictionary(key, tree, { maxKeys: 6 });

const withoutTypes = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(withoutTypes);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => name !== '@type');
  return Object.fromEntries(kept.map(([name, part]) => [name, withoutTypes(part ?? null)]));
};

test('annotation adds classes and nothing else, touches no input, and is done after one turn', () => {
  fc.assert(
    fc.property(documents, (doc) => {
      const before = JSON.stringify(doc);
      const once = annotateTypes('TMF620', 'ProductOffering', doc);
      expect(JSON.stringify(doc)).toBe(before);
      expect(withoutTypes(once)).toEqual(withoutTypes(doc));
      expect(annotateTypes('TMF620', 'ProductOffering', once)).toBe(once);
    }),
  );
});

test('after annotation no class is missing where the place demands one', () => {
  const validate = validatorFor('TMF620', 'v5', 'ProductOffering');
  fc.assert(
    fc.property(documents, (doc) => {
      const faults = validate(annotateTypes('TMF620', 'ProductOffering', doc));
      expect(faults.filter(({ path, code }) => code === 'required' && path.endsWith('/@type'))).toEqual([]);
    }),
  );
});
