import fc from 'fast-check';
import { faults, mongo, parse } from './list-query.fixture';
import { matches } from './matches';
import { queryStatus } from './scope';

describe('JSONPath filters', () => {
  const filter = (text: string) => mongo(`filter=${encodeURIComponent(text)}`);
  it.each<[string, object]>([
    ["note[?(@.author=='X')]", { note: { $elemMatch: { author: { $eq: 'X' } } } }],
    ["$.note[?(@.author=='X')]", { note: { $elemMatch: { author: { $eq: 'X' } } } }],
    ["note[?@.author=='X']", { note: { $elemMatch: { author: { $eq: 'X' } } } }],
    ['note[?("X" == @.author)]', { note: { $elemMatch: { author: { $eq: 'X' } } } }],
    ["note[?(@['author']=='it\\'s')]", { note: { $elemMatch: { author: { $eq: "it's" } } } }],
    ['note[?(@.author)]', { note: { $elemMatch: { author: { $exists: true } } } }],
    ['note[?(@.text=~/^a\\/b/i)]', { note: { $elemMatch: { text: { $regex: '^a\\/b', $options: 'i' } } } }],
    [
      "note[?(!(@.author=='X') && @.text!='y')]",
      { note: { $elemMatch: { $and: [{ author: { $nin: ['X'] } }, { text: { $nin: ['y'] } }] } } },
    ],
    [
      "note[?(@.author=='X')].text",
      { note: { $elemMatch: { $and: [{ author: { $eq: 'X' } }, { text: { $exists: true } }] } } },
    ],
    ["$[?(@.size>=5 || @.name=='x')]", { $or: [{ size: { $gte: 5 } }, { name: { $eq: 'x' } }] }],
    ['$[?(5 < @.size)]', { size: { $gt: 5 } }],
    ["$[?(@.@type=='T')]", { '@type': { $eq: 'T' } }],
    ["$[?(@.note[?(@.author=='X')])]", { note: { $elemMatch: { author: { $eq: 'X' } } } }],
    ['category.id', { 'category.id': { $exists: true } }],
  ])('%s', (text, expected) => {
    expect(filter(text)).toEqual(expected);
  });

  it('conditions of one filter hold for the same element, plain conditions each for any element', () => {
    const document = {
      note: [
        { author: 'X', text: 'a' },
        { author: 'Y', text: 'b' },
      ],
    };
    const same = parse(`filter=${encodeURIComponent("note[?(@.author=='X' && @.text=='b')]")}`);
    expect(matches(same.filter, document)).toBe(false);
    expect(matches(parse('note.author=X&note.text=b').filter, document)).toBe(true);
  });

  it('may leave its && unencoded and stand beside other conditions', () => {
    expect(mongo("name=a&filter=note[?(@.author=='X'&&@.text=='b')]&limit=3")).toEqual({
      $and: [
        { name: { $eq: 'a' } },
        { note: { $elemMatch: { $and: [{ author: { $eq: 'X' } }, { text: { $eq: 'b' } }] } } },
      ],
    });
  });

  it.each<[string, string, object]>([
    ['an open bracket in quotes', "note[?(@.text=='a[b')]", { text: { $eq: 'a[b' } }],
    ['an encoded bracket in quotes', "note[?(@.text=='a%5Bb')]", { text: { $eq: 'a[b' } }],
    ['brackets and quotes that are encoded', 'note%5B%3F(@.text==%27%5B%27)%5D', { text: { $eq: '[' } }],
    ['an escaped quote before a bracket', "note[?(@.text=='it\\'s[')]", { text: { $eq: "it's[" } }],
    ['the other kind of quote in quotes', 'note[?(@.text=="it\'s[")]', { text: { $eq: "it's[" } }],
    ['an ampersand in quotes', "note[?(@.text=='a&b')]", { text: { $eq: 'a&b' } }],
    ['a quote in a regular expression', "note[?(@.text=~/^it's/)]", { text: { $regex: "^it's" } }],
    ['a bracket in a regular expression', 'note[?(@.text =~ /^\\[x/)]', { text: { $regex: '^\\[x' } }],
    [
      'a closing bracket in quotes before &&',
      "note[?(@.text==']'&&@.author=='X')]",
      { $and: [{ text: { $eq: ']' } }, { author: { $eq: 'X' } }] },
    ],
  ])('ends where its brackets close, whatever stands in its texts: %s', (_, filter, element) => {
    expect(mongo(`filter=${filter}&name=a&limit=3`)).toEqual({
      $and: [{ name: { $eq: 'a' } }, { note: { $elemMatch: element } }],
    });
    expect(parse(`filter=${filter}&limit=3`).limit).toBe(3);
  });

  it('is cut alike however much of it is percent-encoded', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '[', ']', "'", '"', '&', '\\', '/', '%') });
    fc.assert(
      fc.property(text, (value) => {
        const literal = `'${value.replace(/[\\']/g, '\\$&')}'`;
        const filter = `note[?(@.text==${literal}&&@.author=='X')]`;
        const bare = filter.replace(/%/g, '%25');
        for (const sent of [bare, encodeURIComponent(filter), encodeURI(filter)])
          expect(mongo(`filter=${sent}&name=a`)).toEqual({
            $and: [
              { name: { $eq: 'a' } },
              { note: { $elemMatch: { $and: [{ text: { $eq: value } }, { author: { $eq: 'X' } }] } } },
            ],
          });
      }),
    );
  });

  it.each<[string, string, 400 | 501]>([
    ["note[?(@.author='X')]", 'syntax', 400],
    ["note[?(@.author=='X']", 'syntax', 400],
    ["note[?(@.author=='X)]", 'syntax', 400],
    ['note[?()]', 'syntax', 400],
    ['', 'syntax', 400],
    ['note[?(@.author==)]', 'syntax', 400],
    ["note[?(@.author=='X')] x", 'syntax', 400],
    ["note[?(@.foo=='X')]", 'unknownAttribute', 400],
    ["note[?(@.$where=='X')]", 'syntax', 400],
    ['note[?(@.author=~/(a*)*/)]', 'value', 400],
    [`$[?(${'('.repeat(30)}@.size${')'.repeat(30)})]`, 'limit', 400],
    ['note[0]', 'unsupported', 501],
    ['note[*]', 'unsupported', 501],
    ['$..author', 'unsupported', 501],
    ['note[?(@.author==null)]', 'unsupported', 501],
    ['note[?(@.author==@.text)]', 'unsupported', 501],
    ['note[?(length(@.author)>3)]', 'unsupported', 501],
    ["note[?(@.author in ['a'])]", 'unsupported', 501],
    ['note[?(@.author=~/a/m)]', 'unsupported', 501],
  ])('%s is refused: %s, %d', (text, code, status) => {
    const found = faults(`filter=${encodeURIComponent(text)}`);
    expect(found).toMatchObject([{ code }]);
    expect(queryStatus(found)).toBe(status);
  });
});
