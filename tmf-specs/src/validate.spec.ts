import type { Fault, JsonObject } from '@quotebridge/platform/core';
import { MAX_FAULTS } from './faults';
import type { Api, ApiVersion } from './types';
import { compileValidators, validatorFor } from './validate';

interface Case {
  readonly property: string;
  readonly at: readonly [Api, ApiVersion, string];
  readonly value: unknown;
  readonly faults: readonly string[];
}

const OFFERING = {
  '@type': 'ProductOffering',
  name: 'Fibre 100',
  lifecycleStatus: 'Launched',
  lastUpdate: '2026-01-31T09:30:00Z',
};
const OFFERING_V5 = ['TMF620', 'v5', 'ProductOffering_FVO'] as const;
const PATCH_V5 = ['TMF620', 'v5', 'ProductOffering_MVO'] as const;

const REVERSED = { startDateTime: '2026-02-01T00:00:00Z', endDateTime: '2026-01-01T00:00:00Z' };

const offering = (more: JsonObject): JsonObject => ({ ...OFFERING, ...more });

const seen = (faults: readonly Fault[]): string[] =>
  faults.map(({ path, code }) => `${path} ${code ?? ''}`).sort();

const CASES: readonly Case[] = [
  { property: 'a complete v5 offering is valid', at: OFFERING_V5, value: OFFERING, faults: [] },
  {
    property: 'every missing attribute is named by its own path',
    at: OFFERING_V5,
    value: {},
    faults: ['/@type required', '/lastUpdate required', '/lifecycleStatus required', '/name required'],
  },
  {
    property: 'a v4 offering needs a name only',
    at: ['TMF620', 'v4', 'ProductOffering_Create'],
    value: { name: 'x' },
    faults: [],
  },
  {
    property: 'unknown attributes are allowed at every level',
    at: OFFERING_V5,
    value: offering({ colour: 'red', category: [{ '@type': 'CategoryRef', id: '7', shelf: { row: 3 } }] }),
    faults: [],
  },
  {
    property: 'every fault of a nested list is found',
    at: OFFERING_V5,
    value: offering({ category: [{ '@type': 'CategoryRef' }, 7, { '@type': 'CategoryRef', id: 1 }] }),
    faults: ['/category/0/id required', '/category/1 type', '/category/2/id type'],
  },
  {
    property: 'a date-time that is none is refused',
    at: OFFERING_V5,
    value: offering({ lastUpdate: 'yesterday', validFor: { startDateTime: '2026-02-30T00:00:00Z' } }),
    faults: ['/lastUpdate format', '/validFor/startDateTime format'],
  },
  {
    property: 'a period ends after it starts, wherever it is',
    at: OFFERING_V5,
    value: offering({
      validFor: REVERSED,
      category: [{ '@type': 'CategoryRef', id: '7' }],
      channel: [{ '@type': 'ChannelRef', id: 'web' }],
      productOfferingCharacteristic: [
        { '@type': 'CharacteristicSpecification', name: 'colour', valueType: 'string', validFor: REVERSED },
      ],
    }),
    faults: ['/productOfferingCharacteristic/0/validFor/endDateTime period', '/validFor/endDateTime period'],
  },
  {
    property: 'a period ends after it starts in v4 as well',
    at: ['TMF620', 'v4', 'ProductOfferingPrice_Create'],
    value: { name: 'x', validFor: REVERSED },
    faults: ['/validFor/endDateTime period'],
  },
  {
    property: 'a patch that sets both bounds may not reverse them',
    at: PATCH_V5,
    value: { '@type': 'ProductOffering', validFor: REVERSED },
    faults: ['/validFor/endDateTime period'],
  },
  {
    property: 'a patch of one bound is no period yet',
    at: PATCH_V5,
    value: {
      '@type': 'ProductOffering',
      validFor: { startDateTime: null, endDateTime: '2026-01-01T00:00:00Z' },
    },
    faults: [],
  },
  {
    property: 'null is no value',
    at: OFFERING_V5,
    value: offering({ description: null }),
    faults: ['/description type'],
  },
  { property: 'a body that is no object is one fault', at: OFFERING_V5, value: [], faults: [' type'] },
  {
    property: 'an alternative is chosen by @type: a reference needs its id',
    at: OFFERING_V5,
    value: offering({ attachment: [{ '@type': 'AttachmentRef' }] }),
    faults: ['/attachment/0/id required'],
  },
  {
    property: 'an alternative is chosen by @type: a value needs its own attributes',
    at: OFFERING_V5,
    value: offering({ attachment: [{ '@type': 'Attachment', attachmentType: 'picture' }] }),
    faults: ['/attachment/0/mimeType required'],
  },
  {
    property: 'an unknown alternative is read as its @baseType',
    at: OFFERING_V5,
    value: offering({ attachment: [{ '@type': 'Drawing', '@baseType': 'AttachmentRef', id: 4 }] }),
    faults: ['/attachment/0/id type'],
  },
  {
    property: 'an unknown alternative without base is left open',
    at: OFFERING_V5,
    value: offering({ attachment: [{ '@type': 'Hologram', depth: 4 }] }),
    faults: [],
  },
  {
    property: 'an alternative without @type is told so',
    at: OFFERING_V5,
    value: offering({ attachment: [{ id: '4' }] }),
    faults: ['/attachment/0/@type required'],
  },
  {
    property: 'an unknown subclass is read as its base class',
    at: OFFERING_V5,
    value: {
      ...OFFERING,
      '@type': 'GoldOffering',
      '@baseType': 'ProductOffering',
      '@schemaLocation': 'x',
      name: 5,
    },
    faults: ['/name type'],
  },
  {
    property: 'a subclass has the attributes of its base class as well',
    at: ['TMF648', 'v5', 'Characteristic_FVO'],
    value: { '@type': 'StringCharacteristic', value: 3 },
    faults: ['/name required', '/value type'],
  },
  {
    property: 'a class that a model amends demands what the model says',
    at: ['TMF622', 'v5', 'ProductOrder_MVO'],
    value: {
      '@type': 'ProductOrder',
      productOrderItem: [
        {
          '@type': 'ProductOrderItem',
          product: { '@type': 'Product', productCharacteristic: [{ '@type': 'StringCharacteristic' }] },
        },
      ],
    },
    faults: ['/productOrderItem/0/product/productCharacteristic/0/value required'],
  },
  {
    property: 'a list that needs an item is not empty',
    at: ['TMF648', 'v4', 'Quote_Create'],
    value: { quoteItem: [] },
    faults: ['/quoteItem minItems'],
  },
  {
    property: 'values of an enumeration differ by version',
    at: ['TMF622', 'v4', 'ProductOrder_Update'],
    value: { state: 'draft', productOrderItem: [{ id: '1', action: 'add' }] },
    faults: ['/state enum'],
  },
  {
    property: 'null in a merge patch removes an attribute',
    at: PATCH_V5,
    value: { '@type': 'ProductOffering', description: null, validFor: null, category: null },
    faults: [],
  },
  {
    property: 'a nested object of a merge patch may be partial but not wrong',
    at: PATCH_V5,
    value: { '@type': 'ProductOffering', productSpecification: { name: 'x', version: 2 } },
    faults: ['/productSpecification/version type'],
  },
  {
    property: 'a list of a merge patch is complete, since it replaces the old one',
    at: PATCH_V5,
    value: { '@type': 'ProductOffering', category: [{ name: 'x' }, null] },
    faults: ['/category/0/@type required', '/category/0/id required', '/category/1 type'],
  },
];

test.each(CASES)('$property', ({ at: [api, version, name], value, faults }) => {
  expect(seen(validatorFor(api, version, name)(value))).toEqual([...faults].sort());
});

test('the message about an enumeration lists the allowed values', () => {
  const [fault] = validatorFor('TMF620', 'v5', 'ImportJob')({ '@type': 'ImportJob', status: 'Done' });
  expect(fault).toEqual({
    path: '/status',
    message: 'must be one of "Not Started", "Running", "Succeeded", "Failed"',
    code: 'enum',
  });
});

test('the message about a type says what is wanted and what is there', () => {
  const [fault] = validatorFor(...OFFERING_V5)(offering({ name: [] }));
  expect(fault?.message).toBe('must be a string, but is an array');
});

test('the message about a reversed period names both of its ends', () => {
  const [fault] = validatorFor(...OFFERING_V5)(offering({ validFor: REVERSED }));
  expect(fault?.message).toBe(
    'must not be before startDateTime: 2026-01-01T00:00:00Z is before 2026-02-01T00:00:00Z',
  );
});

test('a path is a JSON Pointer with its characters escaped', () => {
  const value = { '@type': 'MapCharacteristicValueSpecification', value: { 'a/b~c': 1 } };
  const [fault] = validatorFor('TMF620', 'v5', 'CharacteristicValueSpecification')(value);
  expect(fault?.path).toBe('/value/a~1b~0c');
});

test('a huge wrong body gets a bounded answer that says how much is left out', () => {
  const faults = validatorFor(...OFFERING_V5)(offering({ category: Array.from({ length: 1_000 }, () => 0) }));
  expect(faults).toHaveLength(MAX_FAULTS + 1);
  expect(faults.at(-1)).toEqual({ path: '', message: 'and 800 more faults', code: 'more' });
});

test('a body nested without end is refused and ends no process', () => {
  const levels = 200_000;
  const body: unknown = JSON.parse('{"@type":"Product","product":['.repeat(levels) + ']}'.repeat(levels));
  expect(validatorFor('TMF622', 'v5', 'Product')(body)).toEqual([
    { path: '', message: 'is nested too deeply', code: 'depth' },
  ]);
});

test('a validator is compiled once', () => {
  expect(validatorFor(...OFFERING_V5)).toBe(validatorFor(...OFFERING_V5));
});

test.each(['Unicorn', '__proto__', 'constructor'])('the class %s that no model has is an error', (name) => {
  expect(() => validatorFor('TMF620', 'v5', name)).toThrow(`has no class "${name}"`);
});

test('a validator that was compiled ahead says the same as one compiled at its first use', () => {
  const ahead = validatorFor('TMF699', 'v4', 'SalesLead');
  compileValidators();
  compileValidators();
  expect(ahead({ name: 7 })).toEqual([
    { path: '/name', message: 'must be a string, but is a number', code: 'type' },
  ]);
  expect(validatorFor('TMF699', 'v4', 'SalesLead')).toBe(ahead);
});
