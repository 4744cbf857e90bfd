import { randomBytes } from 'node:crypto';
import { FieldKeys } from '@quotebridge/platform/security';
import { isSealed } from '@quotebridge/platform/store';
import { matchAll, type FilterNode } from '@quotebridge/tmf/query';
import fc from 'fast-check';
import type { StoredResource } from '../stored';
import { FieldCipher, openEvent, storedIndexes } from './field-cipher';
import { refuseSealedOrder, sealedFilter } from './sealed-filter';

const keysOf = (...ids: readonly string[]): FieldKeys => {
  const keys = FieldKeys.parse(ids.map((id) => `${id}:${randomBytes(32).toString('base64')}`).join(','));
  if (!keys.ok) throw new Error(keys.error);
  return keys.value;
};

const FIELDS = [
  { path: 'contactMedium.emailAddress', searchable: true as const },
  { path: 'birthDate' },
  { path: 'address' },
];
const keys = keysOf('k1', 'k0');
const cipher = new FieldCipher('customer', FIELDS, keys);

const stored = (attributes: object, id = 'c1'): StoredResource => ({
  _id: id,
  _rev: 1,
  _at: new Date(0),
  _mod: new Date(0),
  _by: 'test',
  ...attributes,
});
/** Without what sealing adds for itself. */
const bare = ({ _blind, _key, ...rest }: StoredResource): object => rest;

/** A value that came as JSON text: there is no -0 in what is written. */
const anyJson = fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe('sealed fields of a document', () => {
  it('come out as they went in, whatever they hold, and leave the document that was given as it was', () => {
    const medium = fc.record(
      { '@type': fc.constant('M'), emailAddress: anyJson, city: fc.string() },
      { requiredKeys: [] },
    );
    const document = fc.record(
      {
        contactMedium: fc.oneof(fc.array(medium, { maxLength: 3 }), medium, fc.constant(null), fc.string()),
        birthDate: anyJson,
        address: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.array(fc.string())),
        name: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(document, (attributes) => {
        const given = stored(attributes);
        const copy = structuredClone(given);
        const sealed = cipher.seal(given);
        expect(given).toEqual(copy);
        expect(bare(cipher.open(sealed))).toEqual(copy);
        // What is sealed again is sealed anew, not twice.
        expect(bare(cipher.open(cipher.seal(cipher.open(sealed))))).toEqual(copy);
      }),
    );
  });

  it('nothing of them can be read, and the searchable ones have one stand-in for each value', () => {
    const sealed = cipher.seal(
      stored({
        name: 'Anna',
        birthDate: '1990-01-01',
        address: { street: 'Dock 3' },
        contactMedium: [{ emailAddress: 'a@x' }, { emailAddress: 'a@x' }, { emailAddress: 'b@x' }, {}],
        _outbox: [{ id: 'e1', subject: 's', at: new Date(0), body: '{"birthDate":"1990-01-01"}' }],
      }),
    );
    const text = JSON.stringify(sealed, (_, value: unknown) => (isSealed(value) ? 'sealed' : value));
    expect(text).not.toMatch(/1990|Dock|a@x/);
    expect(text).toContain('Anna');
    expect(sealed['_key']).toBe('k1');
    expect(Object.values(sealed['_blind'] as Record<string, string[]>)[0]).toHaveLength(2);
    const [event] = sealed._outbox ?? [];
    expect(event && openEvent(keys, event).body).toBe('{"birthDate":"1990-01-01"}');
  });

  it('a field cannot be moved to another document', () => {
    const sealed = cipher.seal(stored({ birthDate: '1990-01-01' }));
    expect(() => cipher.open({ ...sealed, _id: 'c2' })).toThrow('cannot be read');
    // Versions of one resource are the same resource.
    expect(cipher.open({ ...sealed, _id: 'c1:(version=1.0)' })['birthDate']).toBe('1990-01-01');
  });

  it('what is stored plain is read as it is; what is sealed is not read without its key', () => {
    expect(cipher.open(stored({ birthDate: '1990-01-01' }))['birthDate']).toBe('1990-01-01');
    const sealed = cipher.seal(stored({ birthDate: '1990-01-01' }));
    expect(() => new FieldCipher('customer', FIELDS, undefined).open(sealed)).toThrow('cannot be read');
    expect(() => new FieldCipher('customer', FIELDS, keysOf('k1')).open(sealed)).toThrow('cannot be read');
  });

  it('a resource without such fields has no cipher, and without keys nothing is sealed', () => {
    expect(FieldCipher.of({ name: 'x' } as never, keys)).toBeUndefined();
    const document = stored({ birthDate: '1990-01-01' });
    expect(new FieldCipher('customer', FIELDS, undefined).seal(document)).toBe(document);
  });

  it('stand-ins are indexed in place of sealed values, only where there are keys', () => {
    const indexes = [{ keys: { 'contactMedium.emailAddress': 1 } }, { keys: { name: 1 } }] as const;
    const definition = { indexes, encrypted: FIELDS };
    expect(storedIndexes(definition, undefined)).toEqual(indexes);
    expect(storedIndexes(definition, keys).map((index) => Object.keys(index.keys)[0])).toEqual([
      'name',
      '_blind.contactMedium/emailAddress',
    ]);
  });
});

describe('filters on sealed fields', () => {
  const email = 'contactMedium.emailAddress';
  const equal: FilterNode = { type: 'in', path: email, values: ['a@x'] };

  it('equality becomes equality of the stand-ins, by every key', () => {
    const found = sealedFilter({ type: 'and', nodes: [equal, { type: 'not', node: equal }] }, cipher);
    const wanted = {
      type: 'in',
      path: '_blind.contactMedium/emailAddress',
      values: cipher.standIns(email, 'a@x'),
    };
    expect(found).toEqual({ type: 'and', nodes: [wanted, { type: 'not', node: wanted }] });
    expect(wanted.values).toHaveLength(2);
  });

  it.each<[string, FilterNode]>([
    ['name', { type: 'in', path: 'name', values: ['x'] }],
    ['a neighbour', { type: 'in', path: 'contactMedium.city', values: ['x'] }],
    ['whether it exists', { type: 'exists', path: 'birthDate' }],
    ['everything', matchAll],
  ])('%s is asked as before', (_, node) => {
    expect(sealedFilter(node, cipher)).toEqual(node);
  });

  it.each<[FilterNode, string]>([
    [{ type: 'in', path: 'birthDate', values: ['x'] }, 'birthDate is kept encrypted: it cannot be searched'],
    [
      { type: 'in', path: 'address.city', values: ['x'] },
      'address.city is kept encrypted: it cannot be searched',
    ],
    [{ type: 'exists', path: 'address.city' }, 'address.city is kept encrypted'],
    [
      { type: 'compare', path: email, ordering: 'gt', value: 'a' },
      `${email} is kept encrypted: it can be compared`,
    ],
    [{ type: 'regex', path: email, pattern: 'a', ignoreCase: true }, 'for equality only'],
    [
      { type: 'element', path: 'contactMedium', node: { type: 'in', path: 'emailAddress', values: ['a'] } },
      'it cannot be combined with other conditions on the same element',
    ],
  ])('%j is refused with 400', (node, reason) => {
    const ask = () => sealedFilter({ type: 'or', nodes: [{ type: 'not', node }] }, cipher);
    expect(ask).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining(reason) as string }),
    );
  });

  it('lists are not ordered by what is sealed', () => {
    expect(() => refuseSealedOrder(['name'], cipher)).not.toThrow();
    expect(() => refuseSealedOrder(['name', 'birthDate'], cipher)).toThrow('cannot be ordered by it');
  });
});
