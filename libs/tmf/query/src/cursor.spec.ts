import fc from 'fast-check';
import { decodeCursor, encodeCursor, needsItem, wholeCursor, type PageCursor } from './cursor';
import type { SortKey } from './sort';

const key = (path: string, direction: 1 | -1 = 1): SortKey => ({
  path,
  storagePath: path,
  direction,
  array: false,
});
const sort = [key('made', -1), key('o.name')];

describe('a cursor', () => {
  it('gives back the sort values and the id it was made of, missing ones as null', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.option(fc.string()),
        fc.oneof(fc.string(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })),
        (id, name, made) => {
          const document = { _id: id, made, ...(name === null ? {} : { o: { name } }) };
          const text = encodeCursor(sort, document) ?? '';
          const expected = JSON.parse(JSON.stringify({ values: [made, name], id })) as object;
          expect(decodeCursor(sort, text)).toEqual(expected);
          expect(text).toMatch(/^[\w-]+$/);
        },
      ),
    );
  });

  it('that was changed in any character, or is garbage, is refused with a sentence', () => {
    const text = encodeCursor(sort, { _id: 'a', made: 'x' }) ?? '';
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'ABab01-_'), (at, char) => {
        const changed = `${text.slice(0, at)}${char}${text.slice(at + 1)}`;
        const decoded = decodeCursor(sort, changed);
        // The last character carries unused bits, so another one may stand for the same cursor.
        if (changed !== text && typeof decoded !== 'string')
          expect(decoded).toEqual(decodeCursor(sort, text));
      }),
    );
    fc.assert(fc.property(fc.string(), (garbage) => typeof decodeCursor(sort, garbage) === 'string'));
  });

  it('that would be too long needs its item to be whole, as long as that has the same place', () => {
    const document = { _id: 'a', made: 'x'.repeat(50_000), o: { name: 'short' } };
    const text = encodeCursor(sort, document) ?? '';
    expect(text.length).toBeLessThan(500);
    const cursor = { ...(decodeCursor(sort, text) as PageCursor), side: 'after' as const };
    expect(needsItem(cursor)).toBe(true);
    expect(wholeCursor(sort, cursor, document)).toEqual({
      values: [document.made, 'short'],
      id: 'a',
      side: 'after',
    });
    expect(wholeCursor(sort, cursor, { ...document, made: `${document.made}y` })).toBeUndefined();
    expect(wholeCursor(sort, cursor, { _id: 'a' })).toBeUndefined();
    expect(wholeCursor(sort, cursor, undefined)).toBeUndefined();
  });

  it('of short values stays whole whatever becomes of its item', () => {
    const text = encodeCursor(sort, { _id: 'a', made: 'x'.repeat(1_000) }) ?? '';
    const cursor = { ...(decodeCursor(sort, text) as PageCursor), side: 'before' as const };
    expect(needsItem(cursor)).toBe(false);
    expect(wholeCursor(sort, cursor, undefined)).toEqual(cursor);
  });

  it('belongs to its order', () => {
    const text = encodeCursor(sort, { _id: 'a', made: 'x' }) ?? '';
    expect(decodeCursor([key('made')], text)).toMatch(/another sort order/);
    expect(decodeCursor([key('made', 1), key('o.name')], text)).toMatch(/another sort order/);
  });

  it('is not made where the order cannot be continued', () => {
    expect(encodeCursor([key('made')], { _id: 'a', made: ['x'] })).toBeUndefined();
    expect(encodeCursor([key('o.name')], { _id: 'a', o: [{ name: 'x' }] })).toBeUndefined();
    expect(encodeCursor([key('o')], { _id: 'a', o: {} })).toBeUndefined();
    expect(encodeCursor([], { id: 'no _id' })).toBeUndefined();
    expect(encodeCursor([{ ...key('note.date'), array: true }], { _id: 'a' })).toBeUndefined();
  });
});
