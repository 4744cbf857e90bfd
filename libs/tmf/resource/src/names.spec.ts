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

test('every name that the store keeps for itself is listed, with a pointer to it', () => {
  const faults = reservedNames({ _rev: 1, $a: 1, 'b\0': 1, c_: 1, '_a/b': 1 });
  expect(faults.map(({ path }) => path)).toEqual(['/_rev', '/$a', '/b\0', '/_a~1b']);
});
