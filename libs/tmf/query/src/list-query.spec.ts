import fc from 'fast-check';
import { matchAll } from './filter';
import { parseListQuery } from './list-query';
import { faults, kinds, mongo, options, parse } from './list-query.fixture';
import { matches } from './matches';
import { queryStatus } from './scope';

it('an offset too deep is refused with the way that leads on', () => {
  expect(faults('offset=10001&sort=name')[0]?.message).toContain('follow the "next" links');
  expect(faults('offset=10001&sort=note.date')[0]?.message).toContain(
    'ends there; sort by another attribute',
  );
});

describe('conditions of a list query', () => {
  it.each<[string, object]>([
    ['', {}],
    ['name=a', { name: { $eq: 'a' } }],
    ['?name=a', { name: { $eq: 'a' } }],
    ['name=', { name: { $eq: '' } }],
    ['id=42', { _id: { $eq: '42' } }],
    ['%40type=X', { '@type': { $eq: 'X' } }],
    ['name=a+b%20c', { name: { $eq: 'a b c' } }],
    ['category.id=1', { 'category.id': { $eq: '1' } }],
    ['name.eq=a', { name: { $eq: 'a' } }],
    ['name.ne=a', { name: { $nin: ['a'] } }],
    ['name.ne=a,b', { name: { $nin: ['a', 'b'] } }],
    ['size.gt=1', { size: { $gt: 1 } }],
    ['size.gte=1.5', { size: { $gte: 1.5 } }],
    ['size.lt=-1', { size: { $lt: -1 } }],
    ['size.lte=1e3', { size: { $lte: 1000 } }],
    ['size%3E1', { size: { $gt: 1 } }],
    ['size%3E%3D1', { size: { $gte: 1 } }],
    ['size%3E=1', { size: { $gte: 1 } }],
    ['size%3C1', { size: { $lt: 1 } }],
    ['size<=1', { size: { $lte: 1 } }],
    ['size%3D%3D1', { size: { $eq: 1 } }],
    ['size%3E%3D=1', { size: { $gte: 1 } }],
    ['name%3D~%5Ea', { name: { $regex: '^a' } }],
    ['name*=a,b', { name: { $regex: 'a,b' } }],
    ['name.regex=(?i)pump', { name: { $regex: 'pump', $options: 'i' } }],
    ['isBundle=true', { isBundle: { $eq: true } }],
    ['name=~b', { name: { $eq: '~b' } }],
    ['name=%3Db', { name: { $eq: '=b' } }],
    ['name=a>b', { name: { $eq: 'a>b' } }],
    ['lastUpdate%3E%3D2013', { lastUpdate: { $gte: '2013-01-01' } }],
    ['characteristic.value=5', { 'characteristic.value': { $in: ['5', 5] } }],
    ['characteristic.value=true', { 'characteristic.value': { $in: ['true', true] } }],
    ['characteristic.value.gt=5', { 'characteristic.value': { $gt: 5 } }],
  ])('%s asks MongoDB for %j', (query, filter) => {
    expect(mongo(query)).toEqual(filter);
  });

  it.each<[string, object]>([
    ['lifecycleStatus=a,b', { lifecycleStatus: { $in: ['a', 'b'] } }],
    ['lifecycleStatus=a&lifecycleStatus=b', { lifecycleStatus: { $in: ['a', 'b'] } }],
    [
      'lifecycleStatus=a;lifecycleStatus=b',
      { $or: [{ lifecycleStatus: { $eq: 'a' } }, { lifecycleStatus: { $eq: 'b' } }] },
    ],
    ['lifecycleStatus=a;b', { lifecycleStatus: { $in: ['a', 'b'] } }],
    ['name="a,b"', { name: { $eq: 'a,b' } }],
    ["name='a',b", { name: { $in: ['a', 'b'] } }],
    ['name=%22a%2Cb%22', { name: { $eq: 'a,b' } }],
    ['name=a%2Cb,c', { name: { $in: ['a,b', 'c'] } }],
    ['name=5" pipe', { name: { $eq: '5" pipe' } }],
    ['name="5', { name: { $eq: '"5' } }],
    ['name=a%3Bb', { name: { $eq: 'a;b' } }],
  ])('%s: lists, repeats, separators and quotes', (query, filter) => {
    expect(mongo(query)).toEqual(filter);
  });

  it('a comma that a client library has encoded separates, and the whole text is looked for as well', () => {
    expect(mongo('name=Foo%2C%20Bar')).toEqual({ name: { $in: ['Foo', ' Bar', 'Foo, Bar'] } });
    expect(mongo('size=1%2C2')).toEqual({ size: { $in: [1, 2] } });
  });

  it('"&" binds tighter than ";"', () => {
    const { filter } = parse('name=a&size=1;name=b&size=2');
    const passes = (name: string, size: number) => matches(filter, { name, size });
    expect([passes('a', 1), passes('b', 2), passes('a', 2), passes('b', 1)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('two bounds of one attribute both hold', () => {
    expect(mongo('size.gt=1&size.lt=5')).toEqual({ $and: [{ size: { $gt: 1 } }, { size: { $lt: 5 } }] });
  });

  it.each<[string, string, string]>([
    ['nam=a', 'nam', 'unknownAttribute'],
    ['name.foo=a', 'name.foo', 'unknownOperator'],
    ['name.gte.lt=a', 'name.gte', 'unknownAttribute'],
    ['name.gt>a', 'name.gt', 'operator'],
    ['name[$ne]=a', 'name[$ne]', 'unknownAttribute'],
    ['$where=1', '$where', 'unknownAttribute'],
    ['__proto__=1', '__proto__', 'unknownAttribute'],
    ['constructor.name=1', 'constructor.name', 'unknownAttribute'],
    ['_rev=1', '_rev', 'unknownAttribute'],
    ['name', 'name', 'syntax'],
    ['name=%E0%A4%A', 'name', 'syntax'],
    ['size=abc', 'size', 'value'],
    ['size=1e999', 'size', 'value'],
    ['isBundle=yes', 'isBundle', 'value'],
    ['isBundle.gt=true', 'isBundle', 'operator'],
    ['size.regex=1', 'size', 'operator'],
    ['category=1', 'category', 'operator'],
    ['size.gt=1,2', 'size', 'value'],
    ['lastUpdate.gt=soon', 'lastUpdate', 'value'],
    ['lastUpdate.gt=2020-02-30', 'lastUpdate', 'value'],
    ['name.regex=(a%2B)%2B', 'name', 'value'],
    [`name.regex=${'a'.repeat(101)}`, 'name', 'limit'],
    [`name=${'a'.repeat(501)}`, 'name', 'limit'],
    [`name=${'a,'.repeat(51)}`, 'name', 'limit'],
    ['sort=foo', 'foo', 'unknownAttribute'],
    ['sort=category', 'sort', 'value'],
    ['sort=name,', 'sort', 'syntax'],
    ['sort=name,id,size,version,isBundle', 'sort', 'limit'],
    ['fields=a..b', 'fields', 'syntax'],
    ['limit=-1', 'limit', 'value'],
    ['limit=ten', 'limit', 'value'],
    ['limit=1&limit=2', 'limit', 'syntax'],
    ['offset=10001', 'offset', 'limit'],
    ['after=abc', 'after', 'cursor'],
    ['after=abc&before=abc', 'before', 'cursor'],
    ['after=abc&offset=1', 'offset', 'cursor'],
    ['sort=note.date&after=abc', 'sort', 'cursor'],
  ])('%s is refused: %s, %s', (query, path, code) => {
    expect(faults(query)).toMatchObject([{ path, code }]);
    expect(queryStatus(faults(query))).toBe(400);
  });

  it('names the nearest attributes and operators', () => {
    expect(faults('lifecycleStaus=a')[0]?.message).toContain('Did you mean lifecycleStatus?');
    expect(faults('size.gtr=1')[0]?.message).toMatch(/Did you mean gt/);
  });

  it('lists every fault of a query, and bounds conditions and length', () => {
    expect(
      faults('foo=1&size=x&limit=-1')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['foo', 'limit', 'size']);
    expect(faults(Array.from({ length: 30 }, (_, n) => `size.gt=${n}`).join('&'))).toMatchObject([
      { code: 'limit' },
    ]);
    expect(faults(`name=${'a'.repeat(9_000)}`)).toMatchObject([{ code: 'limit' }]);
  });

  it('pages, sorts and hands reserved parameters over', () => {
    const query = parse(
      'offset=5&limit=7&sort=-lastUpdate,%2Bname,category.id&checkReferences=true&fields=name',
    );
    expect(query).toMatchObject({
      offset: 5,
      limit: 7,
      pageRequested: true,
      flags: { checkReferences: 'true' },
    });
    expect(query.sort.map(({ storagePath, direction }) => [storagePath, direction])).toEqual([
      ['lastUpdate', -1],
      ['name', 1],
      ['category.id', 1],
    ]);
    expect(parse('')).toEqual({
      filter: matchAll,
      sort: [],
      offset: 0,
      limit: 20,
      pageRequested: false,
      flags: {},
    });
    expect(parse('limit=5&sort=name').filter).toBe(matchAll);
    expect(parse('limit=5000').limit).toBe(100);
    expect(parse('', { defaultSort: '-lastUpdate' }).sort).toMatchObject([
      { path: 'lastUpdate', direction: -1 },
    ]);
  });
});

describe('any query string', () => {
  const words = [
    ...Object.keys(kinds),
    '=',
    '==',
    '=~',
    '>',
    '%3E',
    '&',
    ';',
    ',',
    '.gt',
    '.regex',
    '"',
    "'",
    '%',
    '%2C',
    'filter=',
    '$[?(',
    "@.name=='a'",
    '@',
    ')]',
    '&&',
    '!',
    '/',
    'sort=',
    'fields=',
    'after=',
    'limit=',
    '5',
    '\ud800',
    '\0',
  ];
  const query = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => parts.join('')),
  );

  it('is answered with a query or with faults that name something', () => {
    fc.assert(
      fc.property(query, (text) => {
        const result = parseListQuery(text, options);
        if (result.ok)
          expect(typeof matches(result.value.filter, { name: 'a', note: [{ author: 'b' }] })).toBe('boolean');
        else
          expect(result.error.every(({ message, code }) => message.length > 10 && code !== undefined)).toBe(
            true,
          );
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds a text by exactly that text, however it is spelt, when it is encoded and quoted', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (name) => {
        const { filter } = parse(`name=${encodeURIComponent(`"${name}"`)}`);
        expect(matches(filter, { name })).toBe(true);
        expect(matches(filter, { name: `${name}x` })).toBe(false);
      }),
    );
  });

  it('finds a text by itself when it is only encoded, as common clients send it', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 30 }).filter((text) => !/^["']|["']$/.test(text)),
        (name) => {
          expect(matches(parse(`name=${encodeURIComponent(name)}`).filter, { name })).toBe(true);
        },
      ),
    );
  });
});
