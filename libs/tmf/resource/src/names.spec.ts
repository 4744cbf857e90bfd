import { Refusal } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { checkId, reservedNames } from './names';
import { archivedId, parseId, pathOf, publicId } from './stored';

test.each(['42', 'a b', 'x:y', "it's(1)", 'a.b', 'i'.repeat(200)])('%s may be an id', (id) => {
  expect(checkId(id)).toBe(id);
});

test.each([
  7,
  null,
  undefined,
  {},
  '',
  ' a',
  'a ',
  '.',
  '..',
  'a/b',
  'a?b',
  'a#b',
  'ä',
  'a\0',
  'i'.repeat(201),
  archivedId('4', '1'),
  // Would be shown as the id 4, and as one of its versions.
  '4:(version=1',
  '4:(version=)x',
])('%j may not be an id', (id) => {
  expect(() => checkId(id)).toThrow(Refusal);
});

test('an id that may be used comes back from its path', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 20 }), (id) => {
      try {
        checkId(id);
      } catch {
        return;
      }
      expect(decodeURIComponent(new URL(`http://host/x/${pathOf(id)}`).pathname.slice(3))).toBe(id);
    }),
  );
});

test('id and version come back from the id of an archived version', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9.-]{1,9}$/), fc.string(), (id, version) => {
      expect(parseId(archivedId(id, version))).toEqual({ id, version });
      expect(publicId(archivedId(id, version))).toBe(id);
    }),
  );
});

test.each(['1.0', '2026/1', 'A#2', '1?', '50%', 'é', "1'(2)"])(
  'the version %s comes back from its path',
  (version) => {
    const segment = new URL(`http://host/x/${pathOf(archivedId('4', version))}`).pathname.slice(3);
    expect(segment).not.toContain('/');
    expect(decodeURIComponent(segment)).toBe(archivedId('4', version));
  },
);

test('every name that the store keeps for itself is listed, with a pointer to it', () => {
  const faults = reservedNames({ _rev: 1, $a: 1, 'b\0': 1, c_: 1, '_a/b': 1 });
  expect(faults.map(({ path }) => path)).toEqual(['/_rev', '/$a', '/b\0', '/_a~1b']);
});
