import type { JsonObject } from '@quotebridge/platform/core';
import { MappingOverride, WrongMapping } from './mapping-override';
import { isRejection, type Stream } from './stream';

const stream = (samples: readonly JsonObject[] = []): Stream => ({
  name: 'parts',
  title: 'Parts',
  entity: 'Part',
  resource: 'productSpecification',
  overlapMs: 0,
  samples,
  identity: ({ id }) => String(id),
  position: () => undefined,
  read: async function* () {},
  map: ({ id, name }) =>
    id === 'bad'
      ? { faults: [{ path: '/id', message: 'is bad' }] }
      : [
          {
            externalId: String(id),
            op: 'upsert',
            id: 'x',
            resource: { '@type': 'Part', name: name ?? '', old: 1 },
          },
        ],
});

const mapped = async (mapping: Record<string, string>, raw: JsonObject): Promise<unknown> => {
  const result = await new MappingOverride(mapping).over(stream())(raw);
  return isRejection(result) ? result : result[0]?.resource;
};

describe('mapping overrides', () => {
  afterEach(() => jest.restoreAllMocks());

  const raw = {
    id: 1,
    name: 'bolt',
    texts: [
      { lang: 'DE', text: 'Schraube' },
      { lang: 'EN', text: 'Bolt' },
    ],
  };

  it('a value replaces the attribute, null removes it, nothing leaves it', async () => {
    const mapping = {
      name: '$uppercase($mapped.name) & " " & id',
      description: 'texts[lang="EN"].text',
      old: 'null',
      brand: 'maker.name',
    };
    expect(await mapped(mapping, raw)).toEqual({ '@type': 'Part', name: 'BOLT 1', description: 'Bolt' });
  });

  it('lists and objects come out as plain JSON', async () => {
    const list = await mapped({ words: 'texts.text', first: 'texts[0]' }, raw);
    expect(JSON.stringify(list)).toBe(
      JSON.stringify({
        '@type': 'Part',
        name: 'bolt',
        old: 1,
        words: ['Schraube', 'Bolt'],
        first: { lang: 'DE', text: 'Schraube' },
      }),
    );
  });

  it('a machine that stands still for a while rejects nothing', async () => {
    let now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => (now += 60_000));
    expect(await mapped({ name: '$uppercase(name)' }, raw)).toMatchObject({ name: 'BOLT' });
  });

  it('records that are mapped at once do not use up the steps of one another', async () => {
    const over = new MappingOverride({ size: '$sum($map([1..9000], function($n) { $n }))' }).over(stream());
    const results = await Promise.all(Array.from({ length: 6 }, async () => over(raw)));
    expect(results.filter(isRejection)).toEqual([]);
  });

  it('what the connector rejects stays rejected', async () => {
    expect(await mapped({ name: '"x"' }, { id: 'bad' })).toEqual({
      faults: [{ path: '/id', message: 'is bad' }],
    });
  });

  it.each([
    ['runs for ever', '($f := function($x) { $f($x + 1) }; $f(1))'],
    ['goes ever deeper', '($f := function($x) { 1 + $f($x) }; $f(1))'],
    ['makes endless lists', '[1..9999999]'],
    ['is another one each time', '$now()'],
    ['runs what nobody has checked', '$eval("1")'],
    ['fails', '$number("abc")'],
    ['gives a function', '$uppercase'],
    ['repeats a repetition', '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)'],
  ])('an expression that %s rejects the record with the attribute', async (_name, expression) => {
    expect(await mapped({ name: expression }, raw)).toMatchObject({
      faults: [{ path: '/name', code: 'override', message: expect.stringMatching(/./) as string }],
    });
  });

  it('expressions that cannot be read are all told at once', () => {
    const wrong = (): unknown => new MappingOverride({ name: '(', id: '1', __proto_: '1', description: '1' });
    expect(wrong).toThrow(WrongMapping);
    expect(wrong).toThrow(/name: .*\nid: is no attribute/);
  });

  it('the samples of the stream show at start what would fail at night', async () => {
    const override = new MappingOverride({ name: '$number(size)' });
    await expect(override.check(stream([{ id: 1, size: '12' }]))).resolves.toBeUndefined();
    await expect(override.check(stream([{ id: 1, size: 'XL' }]))).rejects.toThrow(/^name: /);
  });
});
