import type { Json, JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { changedAttributes, nonPatchable } from './changes';
import { patchStatus } from './faults';
import { applyMergePatch } from './merge-patch';
import { applyPatch, patchKind } from './patch-kind';

const merged = (document: JsonObject, patch: unknown) => {
  const result = applyMergePatch(document, patch);
  return result.ok ? result.value : result.error;
};

describe('merge patch', () => {
  // The table of RFC 7396, appendix A, as far as it is about objects.
  it.each<[string, string, string]>([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('%s with %s becomes %s', (document, patch, expected) => {
    expect(merged(JSON.parse(document) as JsonObject, JSON.parse(patch))).toEqual(JSON.parse(expected));
  });

  it.each([[[]], [null], ['x'], [1], [undefined]])('refuses %p as a body', (body) => {
    expect(merged({}, body)).toMatchObject([{ path: '', code: 'syntax' }]);
  });

  it('refuses the prototype as a name and values that are too deep, with their pointers', () => {
    expect(merged({}, JSON.parse('{"a":{"__proto__":{"x":1}}}'))).toMatchObject([
      { path: '/a/__proto__', code: 'name' },
    ]);
    let deep: JsonObject = {};
    for (let level = 0; level < 5_000; level += 1) deep = { a: deep };
    expect(merged({}, deep)).toMatchObject([{ code: 'limit' }]);
  });

  const withoutNull = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(withoutNull);
    if (typeof value !== 'object' || value === null) return value ?? 0;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) =>
        inner === null || inner === undefined || name === '__proto__' ? [] : [[name, withoutNull(inner)]],
      ),
    );
  };
  const objects = fc
    .dictionary(
      fc.constantFrom('a', 'b', 'constructor', 'toString', 'x y'),
      fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
    )
    .map((value) => value as JsonObject);
  const plain = objects.map((value) => withoutNull(value) as JsonObject);
  const safe = objects.map(
    (value) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto')) as JsonObject,
  );

  it('an empty patch changes nothing, and a patch applied twice does what it does once', () => {
    fc.assert(
      fc.property(plain, safe, (document, patch) => {
        expect(merged(document, {})).toEqual(document);
        const once = merged(document, patch) as JsonObject;
        expect(merged(once, patch)).toEqual(once);
      }),
    );
  });

  it('a document merged into nothing is the document, and it wins over what was there', () => {
    fc.assert(
      fc.property(plain, plain, (document, other) => {
        expect(merged({}, document)).toEqual(document);
        for (const name of Object.keys(document))
          if (typeof document[name] !== 'object')
            expect((merged(other, document) as JsonObject)[name]).toEqual(document[name]);
      }),
    );
  });

  it('never changes the document, and only the named attributes differ', () => {
    fc.assert(
      fc.property(plain, safe, (document, patch) => {
        const copy = structuredClone(document);
        const after = merged(document, patch) as JsonObject;
        expect(document).toEqual(copy);
        for (const name of changedAttributes(document, after)) expect(Object.keys(patch)).toContain(name);
      }),
    );
  });

  it('answers every body with a result', () => {
    fc.assert(fc.property(fc.anything(), (body) => typeof applyMergePatch({ a: 1 }, body).ok === 'boolean'));
  });
});

describe('changes of a patch', () => {
  it('names added, removed and changed attributes, not reordered members', () => {
    expect(
      changedAttributes(
        { a: 1, b: { x: 1, y: 2 }, c: [1], d: 1 },
        { b: { y: 2, x: 1 }, c: [2], d: 1, e: null },
      ),
    ).toEqual(['a', 'c', 'e']);
  });

  it('refuses a changed fixed attribute and lets a repeated value pass', () => {
    const before = { id: '1', href: '/x/1', name: 'a' };
    expect(nonPatchable(before, { ...before, name: 'b' }, ['id', 'href'])).toEqual([]);
    expect(nonPatchable(before, { id: '2', name: 'b' }, ['id', 'href'])).toMatchObject([
      { path: '/id', code: 'nonPatchable' },
      { path: '/href', code: 'nonPatchable' },
    ]);
  });

  it.each([
    ['application/json', 'merge'],
    ['application/json; charset=utf-8', 'merge'],
    ['Application/Merge-Patch+JSON', 'merge'],
    ['application/json-patch+json', 'json-patch'],
    ['application/json-patch-query+json;x=y', 'json-patch-query'],
    ['text/plain', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('the content type %p is a patch of kind %p', (type, kind) => {
    expect(patchKind(type)).toBe(kind);
  });

  it.each<[Parameters<typeof applyPatch>[0], unknown, number]>([
    ['merge', [], 400],
    ['json-patch', [{ op: 'test', path: '/a', value: 2 }], 409],
    ['json-patch', [{ op: 'remove', path: '/b' }], 422],
    ['json-patch-query', [{ op: 'remove', path: 'a[*]' }], 501],
  ])('a refused patch of kind %s is answered with its status', (kind, body, status) => {
    const result = applyPatch(kind, { a: 1 }, body);
    expect(result.ok ? 200 : patchStatus(result.error)).toBe(status);
  });
});
