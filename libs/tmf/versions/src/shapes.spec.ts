import type { Json, JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import {
  at,
  attachment,
  characteristic,
  characteristicValueSpecification,
  contactMedium,
  externalId,
  firstOf,
  mapper,
  type Lens,
  narrowedState,
  product,
  relatedChannel,
  relatedPartyRef,
  relatedPlace,
  reference,
  renamedValue,
  renameType,
} from './index';
import { changesOfV4 } from './testing/laws';

interface Pair {
  readonly name: string;
  readonly lens: Lens;
  readonly v4: JsonObject;
  readonly stored: JsonObject;
  /** What v4 shows where it is more than what v4 wrote. */
  readonly shown?: JsonObject;
}

const pairs: readonly Pair[] = [
  {
    name: 'a related party',
    lens: relatedPartyRef,
    v4: { id: '1', name: 'Ada', role: 'Buyer', '@referredType': 'Individual', xNote: 'n' },
    stored: {
      role: 'Buyer',
      xNote: 'n',
      partyOrPartyRole: { '@type': 'PartyRef', id: '1', name: 'Ada', '@referredType': 'Individual' },
    },
  },
  {
    name: 'a party that plays a role',
    lens: relatedPartyRef,
    v4: { id: '1', role: 'Buyer', '@referredType': 'Customer', '@type': 'RelatedParty' },
    stored: {
      '@type': 'RelatedPartyRefOrPartyRoleRef',
      role: 'Buyer',
      partyOrPartyRole: { '@type': 'PartyRoleRef', id: '1', '@referredType': 'Customer' },
    },
  },
  {
    name: 'a party by value, whose own attributes v4 shows in an extension',
    lens: relatedPartyRef,
    v4: {
      role: 'Buyer',
      id: '1',
      partyOrPartyRole: { '@type': 'Individual', familyName: 'Byron' },
    },
    stored: { role: 'Buyer', partyOrPartyRole: { '@type': 'Individual', id: '1', familyName: 'Byron' } },
  },
  {
    name: 'a channel',
    lens: relatedChannel,
    v4: { id: 'c', name: 'Web', role: 'sales' },
    stored: { role: 'sales', channel: { '@type': 'ChannelRef', id: 'c', name: 'Web' } },
  },
  {
    name: 'a referred place',
    lens: relatedPlace,
    v4: { id: 'p', role: 'installation', '@referredType': 'GeographicSite' },
    stored: {
      '@type': 'RelatedPlaceRefOrValue',
      role: 'installation',
      place: { '@type': 'PlaceRef', id: 'p', '@referredType': 'GeographicSite' },
    },
    shown: { '@type': 'PlaceRef', id: 'p', role: 'installation', '@referredType': 'GeographicSite' },
  },
  {
    name: 'a place by value',
    lens: relatedPlace,
    v4: { '@type': 'GeographicAddress', role: 'installation', city: 'Ulm' },
    stored: {
      '@type': 'RelatedPlaceRefOrValue',
      role: 'installation',
      place: { '@type': 'GeographicAddress', city: 'Ulm' },
    },
  },
  {
    name: 'a single external id',
    lens: externalId,
    v4: { externalId: 'PO-1' },
    stored: { externalId: [{ '@type': 'ExternalIdentifier', id: 'PO-1' }] },
  },
  {
    name: 'external identifiers with owners',
    lens: externalId,
    v4: {
      externalId: 'PO-1',
      externalIdDetail: [{ owner: 'erp' }, { '@type': 'ExternalIdentifier', id: '2' }],
    },
    stored: {
      externalId: [
        { '@type': 'ExternalIdentifier', id: 'PO-1', owner: 'erp' },
        { '@type': 'ExternalIdentifier', id: '2' },
      ],
    },
  },
  {
    name: 'a contact medium',
    lens: contactMedium,
    v4: {
      mediumType: 'email',
      preferred: true,
      characteristic: { emailAddress: 'a@b.example', contactType: 'work' },
    },
    stored: {
      '@type': 'EmailContactMedium',
      mediumType: 'email',
      preferred: true,
      emailAddress: 'a@b.example',
      contactType: 'work',
    },
    shown: {
      '@type': 'EmailContactMedium',
      mediumType: 'email',
      preferred: true,
      characteristic: { emailAddress: 'a@b.example', contactType: 'work' },
    },
  },
  {
    name: 'a product by value',
    lens: product,
    v4: {
      name: 'Line',
      agreement: [{ id: 'a', agreementItemId: '1' }],
      productPrice: [{ priceType: 'recurring', productPriceAlteration: [] }],
      productRelationship: [{ relationshipType: 'reliesOn', product: { id: 'p2' } }],
      productOrderItem: [{ productOrderId: 'o', orderItemId: '1' }],
    },
    stored: {
      '@type': 'Product',
      name: 'Line',
      agreementItem: [{ agreementId: 'a', agreementItemId: '1' }],
      productPrice: [{ priceType: 'recurring', priceAlteration: [] }],
      productRelationship: [{ relationshipType: 'reliesOn', id: 'p2' }],
      productOrderItem: [{ orderId: 'o', orderItemId: '1' }],
    },
    shown: {
      '@type': 'Product',
      name: 'Line',
      agreement: [{ id: 'a', agreementItemId: '1' }],
      productPrice: [{ priceType: 'recurring', productPriceAlteration: [] }],
      productRelationship: [{ relationshipType: 'reliesOn', product: { id: 'p2' } }],
      productOrderItem: [{ productOrderId: 'o', orderItemId: '1' }],
    },
  },
  {
    name: 'a class with another name in v4',
    lens: renameType('Catalog', 'ProductCatalog'),
    v4: { '@type': 'Catalog' },
    stored: { '@type': 'ProductCatalog' },
  },
];

describe('the shape of', () => {
  it.each(pairs)('$name is translated both ways', ({ lens, v4, stored, shown }) => {
    expect(lens.toStored(v4)).toEqual(stored);
    expect(lens.fromStored(stored)).toEqual(shown ?? v4);
  });
});

describe('the class of', () => {
  it.each<[Json, string]>([
    ['a', 'StringCharacteristic'],
    [1.5, 'NumberCharacteristic'],
    [false, 'BooleanCharacteristic'],
    [{ a: 1 }, 'ObjectCharacteristic'],
    [['a'], 'StringArrayCharacteristic'],
    [[1, 2.5], 'NumberArrayCharacteristic'],
    [[true], 'BooleanArrayCharacteristic'],
    [[{}], 'ObjectArrayCharacteristic'],
    [['a', 1], 'Characteristic'],
  ])('a characteristic with the value %j is %s', (value, type) => {
    expect(characteristic.toStored({ name: 'n', value })).toEqual({ '@type': type, name: 'n', value });
  });

  it('a characteristic value is not decided where there is no value', () => {
    const range = { valueFrom: 1, valueTo: 5 };
    expect(characteristicValueSpecification.toStored(range)).toBe(range);
  });

  it('a characteristic follows a value that a v4 client changed', () => {
    expect(characteristic.toStored({ '@type': 'StringCharacteristic', value: 5 })).toMatchObject({
      '@type': 'NumberCharacteristic',
    });
  });

  it.each([
    ['IntegerCharacteristic', 5],
    ['FloatCharacteristic', 5.5],
    ['MapArrayCharacteristic', [{}]],
    ['ColourCharacteristic', 'red'],
  ])('a characteristic stays %s when that is right for its value or not known', (type, value) => {
    const doc = { '@type': type, value };
    expect(characteristic.toStored(doc)).toBe(doc);
  });

  it.each([
    [{ id: '1', href: 'https://host.example/1' }, 'AttachmentRef'],
    [{ id: '1', url: 'https://host.example/1.pdf' }, 'Attachment'],
    [{ name: 'plan' }, 'Attachment'],
  ])('an attachment %j is %s', (value, type) => {
    expect(attachment.toStored(value)).toMatchObject({ '@type': type });
  });
});

describe('a state that v4 does not know', () => {
  const table = mapper([narrowedState('state', { draft: 'pending', 'inProgress.accepted': 'inProgress' })]);

  it('is shown by the closest one, with its own name beside it', () => {
    expect(table.fromStored({ state: 'draft' })).toEqual({ state: 'pending', stateDetail: 'draft' });
  });

  it('stays when a v4 client changes something else', () => {
    expect(table.toStored({ state: 'pending', stateDetail: 'draft', xNote: 1 })).toEqual({
      state: 'draft',
      xNote: 1,
    });
  });

  it('gives way to the state that a v4 client asks for', () => {
    expect(table.toStored({ state: 'cancelled', stateDetail: 'draft' })).toEqual({ state: 'cancelled' });
  });

  it('is found by the state that v4 shows', () => {
    expect(table.storedValues('state', 'inProgress')).toEqual(['inProgress', 'inProgress.accepted']);
    expect(table.storedValues('state', 'held')).toEqual(['held']);
    expect(table.storedValues('category', 'inProgress')).toEqual(['inProgress']);
  });
});

it('external ids that are no list of identifiers, or have a detail of their own, survive v4', () => {
  const table = mapper([externalId]);
  const identifier = fc.oneof(
    fc.record({ id: fc.string(), '@type': fc.constantFrom('ExternalIdentifier', 'Own') }),
    fc.record({ owner: fc.string(), '@type': fc.constant('ExternalIdentifier') }),
  );
  fc.assert(
    fc.property(fc.array(identifier, { maxLength: 3 }), (list) => {
      expect(table.toStored(table.fromStored({ externalId: list }))).toEqual({ externalId: list });
    }),
  );
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (id, detail) => {
      const v4 = { externalId: id, externalIdDetail: JSON.parse(JSON.stringify(detail)) as Json };
      expect(changesOfV4(table, v4)).toEqual([]);
    }),
  );
});

it.each<[string, JsonObject]>([
  ['a text', { place: '', '@type': 'RelatedPlaceRefOrValue', role: 'a' }],
  ['an empty object', { place: {}, '@type': 'RelatedPlaceRefOrValue', role: 'a' }],
  ['nothing', { '@type': 'RelatedPlaceRefOrValue', role: 'a' }],
])('a v4 place that holds %s as its place comes back as it was', (_title, place) => {
  expect(changesOfV4(mapper([relatedPlace]), place)).toEqual([]);
});

describe('a list of which v4 knows one', () => {
  const table = mapper([firstOf('product', reference('ProductRef'))]);
  const [press, saw] = [
    { '@type': 'ProductRef', id: 'press' },
    { '@type': 'ProductRef', id: 'saw' },
  ];

  it('is shown by its first element, the others beside it', () => {
    expect(table.toStored({ product: { id: 'press' } })).toEqual({ product: [press] });
    expect(table.fromStored({ product: [press, saw] })).toEqual({ product: press, productDetail: [saw] });
    expect(table.fromStored({ product: [] })).toEqual({ productDetail: [] });
    expect(table.storedPath('product.id')).toBe('product.id');
  });

  it('survives v4, whatever is in it and beside it', () => {
    const element = fc.constantFrom<Json>(press, saw, { '@type': 'OwnRef' }, 'text', [], 7);
    fc.assert(
      fc.property(fc.array(element, { maxLength: 3 }), fc.option(fc.jsonValue()), (list, detail) => {
        const own = detail === null ? {} : { productDetail: JSON.parse(JSON.stringify(detail)) as Json };
        const stored: JsonObject = { product: list, ...own };
        expect(table.toStored(table.fromStored(stored))).toEqual(stored);
      }),
    );
  });
});

it('a value that v4 spells in another way is found by either spelling', () => {
  const table = mapper([at('status', renamedValue('deceaded', 'deceased'))]);
  expect(table.toStored({ status: 'deceaded' })).toEqual({ status: 'deceased' });
  expect(table.fromStored({ status: 'deceased' })).toEqual({ status: 'deceaded' });
  expect(table.toStored({ status: 'validated' })).toEqual({ status: 'validated' });
  expect(table.storedValues('status', 'deceaded')).toEqual(['deceased']);
});
