import fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import { mongoProjection, parseSelection, selectFields } from './fields';

const selection = (text: string) => {
  const parsed = parseSelection(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};
const quote = {
  id: '1',
  href: '/quote/1',
  '@type': 'Quote',
  state: 'inProgress',
  channel: { '@type': 'Channel', id: 'c', name: 'web' },
  note: [
    { '@type': 'Note', author: 'X', text: 'a' },
    { '@type': 'Note', author: 'Y' },
  ],
};
const base = { id: '1', href: '/quote/1', '@type': 'Quote' };

describe('fields', () => {
  it.each<[string, object]>([
    ['none', base],
    ['state', { ...base, state: 'inProgress' }],
    ['id', base],
    ['channel.name', { ...base, channel: { '@type': 'Channel', name: 'web' } }],
    ['channel.name,channel', { ...base, channel: quote.channel }],
    ['note.text', { ...base, note: [{ '@type': 'Note', text: 'a' }, { '@type': 'Note' }] }],
    ['state.deeper', base],
    ['unknown', base],
    ['', quote],
  ])('%p selects %j', (text, expected) => {
    expect(selectFields(quote, selection(text))).toEqual(expected);
  });

  it('selects any attribute of the first level alone, with id, href and @type', () => {
    for (const name of Object.keys(quote))
      expect(Object.keys(selectFields(quote, selection(name))).sort()).toEqual(
        [...new Set([...Object.keys(base), name])].sort(),
      );
  });

  it.each(['a..b', '$a', 'a b', '__proto__', 'a,,b', '.'])('%p is refused', (text) => {
    expect(parseSelection(text)).toMatchObject({ ok: false, error: [{ path: 'fields', code: 'syntax' }] });
  });

  it('never shows more than there is and never changes the resource', () => {
    const text = fc.array(
      fc.constantFrom('id', 'state', 'channel', 'channel.name', 'note.text', 'constructor.x', 'none'),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(text, (paths) => {
        const parsed = parseSelection(paths.join(','));
        if (!parsed.ok) return;
        const before = structuredClone(quote);
        const picked: JsonObject = selectFields(quote, parsed.value);
        expect(quote).toEqual(before);
        expect(quote).toMatchObject(picked);
      }),
    );
  });

  it('is fetched by a projection without colliding paths, through the places of the version', () => {
    expect(mongoProjection(selection('channel.name,state'))).toEqual({
      _id: 1,
      '@type': 1,
      _rev: 1,
      'channel.name': 1,
      'channel.@type': 1,
      state: 1,
    });
    expect(mongoProjection(selection('a,b'), () => 'same')).toEqual({ _id: 1, '@type': 1, _rev: 1, same: 1 });
    expect(mongoProjection(selection('a'), () => ['x', 'x.y'])).toEqual({
      _id: 1,
      '@type': 1,
      _rev: 1,
      x: 1,
    });
    expect(mongoProjection(selection('a'), () => undefined)).toBeUndefined();
    expect(mongoProjection(undefined)).toBeUndefined();
  });
});
