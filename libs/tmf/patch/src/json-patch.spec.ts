import type { Json, JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { createPatch } from 'rfc6902';
import { applyJsonPatch } from './json-patch';
import { defaultPatchLimits } from './limits';

const outcome = (document: JsonObject, body: unknown) => {
  const result = applyJsonPatch(document, body);
  return result.ok ? result.value : result.error[0];
};

describe('JSON Patch', () => {
  const cases: [string, JsonObject, JsonObject[], JsonObject][] = [
    [
      'adds a member',
      { foo: 'bar' },
      [{ op: 'add', path: '/baz', value: 'qux' }],
      { baz: 'qux', foo: 'bar' },
    ],
    ['adds into an array', { a: [1, 2] }, [{ op: 'add', path: '/a/1', value: 9 }], { a: [1, 9, 2] }],
    ['appends', { a: [1] }, [{ op: 'add', path: '/a/-', value: [2] }], { a: [1, [2]] }],
    ['replaces by adding', { a: 1 }, [{ op: 'add', path: '/a', value: null }], { a: null }],
    ['removes a member', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    ['removes an element', { a: [1, 2, 3] }, [{ op: 'remove', path: '/a/1' }], { a: [1, 3] }],
    ['replaces', { a: { b: 1 } }, [{ op: 'replace', path: '/a/b', value: 2 }], { a: { b: 2 } }],
    ['moves', { a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
    ['moves in an array', { a: [1, 2, 3] }, [{ op: 'move', from: '/a/0', path: '/a/2' }], { a: [2, 3, 1] }],
    ['copies', { a: [1], b: 0 }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
    [
      'unescapes names',
      { 'a/b': 1, 'm~n': 2 },
      [
        { op: 'remove', path: '/a~1b' },
        { op: 'test', path: '/m~0n', value: 2 },
      ],
      { 'm~n': 2 },
    ],
    [
      'tests regardless of member order',
      { a: { x: 1, y: [2] } },
      [{ op: 'test', path: '/a', value: { y: [2], x: 1 } }],
      { a: { x: 1, y: [2] } },
    ],
    ['replaces the whole', { a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
    [
      'ignores unknown members of an operation',
      { a: 1 },
      [{ op: 'replace', path: '/a', value: 2, xyz: 3 }],
      { a: 2 },
    ],
  ];
  it.each(cases)('%s', (_, document, body, expected) => {
    const before = structuredClone(document);
    expect(outcome(document, body)).toEqual(expected);
    expect(document).toEqual(before);
  });

  it.each<[string, unknown, { path: string; code: string }]>([
    ['a body that is no array', { op: 'add' }, { path: '', code: 'syntax' }],
    ['an entry that is no object', [1], { path: '/0', code: 'syntax' }],
    ['an unknown operation', [{ op: 'spam', path: '/a' }], { path: '/0/op', code: 'syntax' }],
    ['a missing path', [{ op: 'remove' }], { path: '/0/path', code: 'syntax' }],
    ['a missing value', [{ op: 'add', path: '/a' }], { path: '/0/value', code: 'syntax' }],
    ['a missing source', [{ op: 'move', path: '/a' }], { path: '/0/from', code: 'syntax' }],
    ['a path without slash', [{ op: 'remove', path: 'a' }], { path: '/0/path', code: 'syntax' }],
    ['a broken escape', [{ op: 'remove', path: '/a~2' }], { path: '/0/path', code: 'syntax' }],
    [
      'a member that is not there',
      [{ op: 'replace', path: '/x', value: 1 }],
      { path: '/0/path', code: 'missing' },
    ],
    [
      'a parent that is not there',
      [{ op: 'add', path: '/x/y', value: 1 }],
      { path: '/0/path', code: 'missing' },
    ],
    [
      'a position past the end',
      [{ op: 'add', path: '/l/3', value: 1 }],
      { path: '/0/path', code: 'missing' },
    ],
    ['a position with leading zero', [{ op: 'remove', path: '/l/01' }], { path: '/0/path', code: 'missing' }],
    [
      'an inherited member',
      [{ op: 'test', path: '/constructor', value: 1 }],
      { path: '/0/path', code: 'missing' },
    ],
    [
      'a path through the prototype',
      [{ op: 'add', path: '/__proto__/x', value: 1 }],
      { path: '/0/path', code: 'missing' },
    ],
    [
      'the prototype as a target',
      [{ op: 'add', path: '/__proto__', value: {} }],
      { path: '/0/path', code: 'missing' },
    ],
    [
      'a name that the store would cut off',
      [{ op: 'add', path: '/o/a\0b', value: 1 }],
      { path: '/0/path', code: 'missing' },
    ],
    ['a failed test', [{ op: 'test', path: '/a', value: '1' }], { path: '/0/value', code: 'test' }],
    ['a move into itself', [{ op: 'move', from: '/o', path: '/o/p' }], { path: '/0/path', code: 'syntax' }],
    ['removal of everything', [{ op: 'remove', path: '' }], { path: '/0/path', code: 'missing' }],
    ['a result that is no object', [{ op: 'replace', path: '', value: [] }], { path: '', code: 'syntax' }],
    [
      'a prototype in a value',
      [{ op: 'add', path: '/a', value: JSON.parse('{"__proto__":{}}') as Json }],
      { path: '/0/value/__proto__', code: 'name' },
    ],
  ])('refuses %s, with its pointer', (_, body, fault) => {
    expect(outcome({ a: 1, l: [1, 2], o: { p: 1 } }, body)).toMatchObject(fault);
  });

  it('lists the faults of all malformed operations at once', () => {
    const result = applyJsonPatch({}, [{ op: 'x' }, { op: 'add', path: '/a' }, { op: 'move' }]);
    const paths = result.ok ? [] : result.error.map(({ path }) => path);
    expect(paths).toEqual(['/0/op', '/1/value', '/2/path', '/2/from']);
  });

  it('bounds the number of operations, and growth by copies of copies', () => {
    const many = Array.from({ length: defaultPatchLimits.maxOperations + 1 }, () => ({
      op: 'test',
      path: '',
      value: {},
    }));
    expect(outcome({}, many)).toMatchObject({ code: 'limit' });
    const doubling = Array.from({ length: 60 }, (_, index) => ({ op: 'copy', from: '', path: `/c${index}` }));
    expect(outcome({ a: 1 }, doubling)).toMatchObject({ code: 'limit' });
    const deepening = Array.from({ length: 60 }, (_, index) => ({
      op: 'add',
      path: '/a'.repeat(index + 1),
      value: {},
    }));
    expect(outcome({}, deepening)).toMatchObject({ code: 'limit' });
  });

  it('bounds how deep copies and moves nest what can be sent', () => {
    const chain = (levels: number): JsonObject =>
      Array.from({ length: levels }).reduce<JsonObject>((inner) => ({ a: inner }), {});
    const into = (op: string, from: string, levels: number) => ({
      op,
      from,
      path: `${'/a'.repeat(levels)}/b`,
    });
    const deep = { a: chain(38), c: chain(38) };
    const once = [into('copy', '/c', 38)];
    expect(outcome(deep, once)).toMatchObject({ c: deep.c });
    expect(outcome(deep, [...once, into('copy', '', 37)])).toMatchObject({ path: '', code: 'limit' });
    const moves = [into('copy', '/c', 38), { op: 'move', from: '/a', path: '/c/a/a/a/b' }];
    expect(outcome(deep, moves)).toMatchObject({ path: '', code: 'limit' });
  });

  it('bounds moves that nest deeper than the stack', () => {
    const chain = Array.from({ length: 38 }).reduce<JsonObject>((inner) => ({ a: inner }), {});
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [`k${at}`, structuredClone(chain)]),
    );
    const path = (at: number): string => `/k${at + 1}${'/a'.repeat(38)}/b`;
    const moves = Array.from({ length: 199 }, (_, at) => ({ op: 'move', from: `/k${at}`, path: path(at) }));
    expect(outcome(many, moves)).toMatchObject({ path: '', code: 'limit' });
  });

  const document = fc.dictionary(
    fc.constantFrom('a', 'b', 'c/d', 'e~f', 'list'),
    fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  ) as fc.Arbitrary<JsonObject>;

  it('turns any document into any other by the patch an independent library makes for them', () => {
    fc.assert(
      fc.property(document, document, (before, after) => {
        const clean = (value: JsonObject) =>
          JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto')) as JsonObject;
        const [from, to] = [clean(before), clean(after)];
        const copy = structuredClone(from);
        expect(applyJsonPatch(from, createPatch(from, to))).toEqual({ ok: true, value: to });
        expect(from).toEqual(copy);
      }),
    );
  });

  const path = fc
    .array(fc.constantFrom('a', 'b', 'list', '0', '1', '-'), { maxLength: 3 })
    .map((names) => names.map((name) => `/${name}`).join(''));
  const operation = fc.record({
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
    path: path.filter((text) => text !== ''),
    from: path.filter((text) => text !== ''),
    value: fc.constantFrom<Json>(1, 'x', [1], { a: 1 }),
  });
  const sample: JsonObject = { a: { b: [1, 2], a: 'x' }, b: [{ a: 1 }, [2]], list: [] };

  it('what is added at a place is found there by a test, and its removal brings the old document back', () => {
    fc.assert(
      fc.property(path, fc.constantFrom<Json>(1, 'x', [1], { a: 1 }), (place, value) => {
        const added = applyJsonPatch(sample, [{ op: 'add', path: place, value }]);
        if (!added.ok || place === '' || place.endsWith('-')) return;
        expect(applyJsonPatch(added.value, [{ op: 'test', path: place, value }])).toEqual(added);
        const replaced = applyJsonPatch(sample, [{ op: 'replace', path: place, value }]);
        const inArray = /\/\d$/.test(place);
        if (replaced.ok && !inArray) expect(replaced).toEqual(added);
        else
          expect(applyJsonPatch(added.value, [{ op: 'remove', path: place }])).toEqual({
            ok: true,
            value: sample,
          });
      }),
      { numRuns: 500 },
    );
  });

  it('answers every body with a result', () => {
    const body = fc.oneof(fc.anything(), fc.array(fc.oneof(operation, fc.anything()), { maxLength: 4 }));
    fc.assert(fc.property(body, (anything) => typeof applyJsonPatch(sample, anything).ok === 'boolean'));
  });
});
