import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { applyJsonPatchQuery } from './json-patch-query';

const order = (): JsonObject => ({
  '@type': 'ProductOrder',
  note: [
    { id: '1', author: 'X', text: 'a' },
    { id: '2', author: 'Y', text: 'b' },
    { id: '3', author: 'X', text: 'c' },
  ],
  productOrderItem: [
    { id: '110', billingAccount: { id: '1' }, product: { relatedParty: [{ role: 'user', name: 'Ann' }] } },
    {
      id: '120',
      quantity: 2,
      billingAccount: { id: '2' },
      product: {
        relatedParty: [
          { role: 'customer', name: 'Bo' },
          { role: 'user', name: 'Cy' },
        ],
      },
    },
  ],
});

const apply = (...operations: JsonObject[]) => applyJsonPatchQuery(order(), operations);
const patched = (...operations: JsonObject[]): JsonObject => {
  const result = apply(...operations);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const faultOf = (...operations: JsonObject[]) => {
  const result = apply(...operations);
  return result.ok ? undefined : result.error[0];
};

describe('JSON Patch query', () => {
  it('replaces inside the element that the condition chooses, and nowhere else', () => {
    const expected = order();
    const items = expected['productOrderItem'] as JsonObject[];
    items[1] = { ...items[1], billingAccount: { id: '1889' } };
    const path = '/productOrderItem/billingAccount/id?productOrderItem.id=120';
    expect(patched({ op: 'replace', path, value: '1889' })).toEqual(expected);
  });

  it('joins conditions of one element and reads the ones of arrays deeper down', () => {
    const path =
      '/productOrderItem/product/relatedParty/name?productOrderItem.id=120&productOrderItem.product.relatedParty.role=customer';
    const after = patched({ op: 'replace', path, value: 'Di' });
    expect(JSON.stringify(after)).toBe(JSON.stringify(order()).replace('"Bo"', '"Di"'));
  });

  it.each([
    ['/note?note.author=X', ['2']],
    ["note[?(@.author=='X')]", ['2']],
    ["$.note[?(@.author=='X' && @.text=='c')]", ['1', '2']],
    ['/note?note.author=X&note.text=c', ['1', '2']],
    ['/note?note.text.gt=b', ['1', '2']],
    ['/note?note.id.ne=2', ['2']],
    ['/note/0', ['2', '3']],
    ['note[0]', ['2', '3']],
  ])('removes every element that %s chooses', (path, left) => {
    const notes = patched({ op: 'remove', path })['note'] as JsonObject[];
    expect(notes.map((note) => note['id'])).toEqual(left);
  });

  it.each(['limit', 'offset', 'sort', 'fields', 'filter', 'before', 'after'])(
    'chooses by an attribute that is called %s, which means something else in the query of a list',
    (name) => {
      const document = { term: [{ [name]: '1' }, { [name]: '2' }] };
      const body = [{ op: 'remove', path: `/term?term.${name}=2` }];
      expect(applyJsonPatchQuery(document, body)).toEqual({ ok: true, value: { term: [{ [name]: '1' }] } });
    },
  );

  it.each(['/note', '/note/-', 'note'])('appends one value to the array at %s', (path) => {
    const value = { id: '4', text: 'd' };
    expect((patched({ op: 'add', path, value })['note'] as JsonObject[]).at(-1)).toEqual(value);
  });

  it('adds an attribute to each chosen element and replaces a chosen element whole', () => {
    const path = "note[?(@.author=='X')].date";
    const notes = patched({ op: 'add', path, value: '2020-01-01' })['note'] as JsonObject[];
    expect(notes.map((note) => note['date'])).toEqual(['2020-01-01', undefined, '2020-01-01']);
    const whole = patched({ op: 'add', path: '/note?note.id=2', value: { id: '9' } })['note'] as JsonObject[];
    expect(whole.map((note) => note['id'])).toEqual(['1', '9', '3']);
  });

  it('an array given as the value replaces the array', () => {
    expect(patched({ op: 'add', path: '/note', value: [] })['note']).toEqual([]);
  });

  it('a test holds only when every chosen element fulfils it', () => {
    expect(apply({ op: 'test', path: '/note/author?note.text=a', value: 'X' }).ok).toBe(true);
    expect(faultOf({ op: 'test', path: '/note/text?note.author=X', value: 'a' })?.code).toBe('test');
  });

  it.each([
    ['no element fulfils the condition', '/note/text?note.id=99', 'missing'],
    ['an array is passed without a condition', '/productOrderItem/billingAccount/id', 'ambiguous'],
    ['the condition is about no array on the way', '/note/0/text?productOrderItem.id=120', 'missing'],
    ['the filter cannot be read', "note[?(@.author=='X'", 'syntax'],
    ['the JSONPath is beyond the subset', 'note[*].text', 'unsupported'],
    ['the JSONPath calls a function', 'note[?(length(@.text)>1)].text', 'unsupported'],
    ['the condition has an operator of the database', '/note/text?note.$where=1', 'syntax'],
  ])('is refused at the path when %s', (_, path, code) => {
    expect(faultOf({ op: 'replace', path, value: 'z' })).toMatchObject({ path: '/0/path', code });
  });

  it('is done as a whole or not at all, and never touches the document', () => {
    const document = order();
    const body = [
      { op: 'remove', path: '/note?note.id=1' },
      { op: 'replace', path: '/note/text?note.id=1', value: 'gone' },
    ];
    const result = applyJsonPatchQuery(document, body);
    expect(result).toMatchObject({ ok: false, error: [{ path: '/1/path', code: 'missing' }] });
    expect(document).toEqual(order());
  });

  it('answers every path with a result, whatever is in it', () => {
    const part = fc.constantFrom(
      '/note',
      '?',
      'note',
      '[?(',
      "@.author=='X'",
      ')]',
      '.',
      '&',
      '=',
      '/0',
      '$',
      '%',
      '~',
      '*',
    );
    const anyPath = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anyPath, fc.constantFrom('add', 'remove', 'replace', 'test'), (path, op) => {
        const document = order();
        expect(typeof applyJsonPatchQuery(document, [{ op, path, value: 1 }]).ok).toBe('boolean');
        expect(document).toEqual(order());
      }),
      { numRuns: 500 },
    );
  });
});
