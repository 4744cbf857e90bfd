import * as fc from 'fast-check';
import { readMixed, readSection, writeMixed, writeSection, type Section } from './multipart';

const name = fc.stringMatching(/^[a-z][a-z-]{0,11}$/);
const value = fc.string({ maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, ' ').trim());
// Bodies that look like what stands between parts.
const body = fc
  .array(fc.oneof(fc.string(), fc.constantFrom('\r\n', '--', 'batch_0', '\r\n--batch_0--\r\n', 'é')), {
    maxLength: 6,
  })
  .map((pieces) => pieces.join(''));
const section: fc.Arbitrary<Section> = fc.record({
  headers: fc.dictionary(name, value, { maxKeys: 3 }).map((headers) => ({ ...headers })),
  body,
});

describe('multipart/mixed', () => {
  it('sections that are written are read back, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(section, { minLength: 1, maxLength: 5 }), (sections) => {
        const { contentType, body: text } = writeMixed(sections);
        expect(readMixed(contentType, text)).toEqual({ ok: true, value: sections });
      }),
    );
  });

  it('one inside another is read back', () => {
    fc.assert(
      fc.property(fc.array(section, { minLength: 1, maxLength: 3 }), (sections) => {
        const inner = writeMixed(sections);
        const outer = writeMixed([{ headers: { 'content-type': inner.contentType }, body: inner.body }]);
        const read = readMixed(outer.contentType, outer.body);
        const [only] = read.ok ? read.value : [];
        expect(readMixed(only?.headers['content-type'], only?.body ?? '')).toEqual({
          ok: true,
          value: sections,
        });
      }),
    );
  });

  it('one that was cut off anywhere is refused as a whole', () => {
    fc.assert(
      fc.property(fc.array(section, { minLength: 1, maxLength: 3 }), fc.nat(), (sections, at) => {
        const { contentType, body: text } = writeMixed(sections);
        // The line end behind the closing boundary may be missing.
        const cut = text.slice(0, at % (text.length - 2));
        expect(readMixed(contentType, cut)).toMatchObject({ ok: false });
      }),
    );
  });

  it('a section is read back, with or without headers', () => {
    fc.assert(
      fc.property(section, (given) => {
        expect(readSection(writeSection(given))).toEqual(given);
      }),
    );
  });

  it.each([
    ['quoted', 'multipart/mixed; boundary="a b"', '--a b\r\nX: 1\r\n\r\nhi\r\n--a b--'],
    ['with other parameters', 'multipart/mixed; charset=utf-8; boundary=a', '--a\r\nX: 1\r\n\r\nhi\r\n--a--'],
    ['in capitals', 'Multipart/Mixed;BOUNDARY=a', 'before\r\n--a  \r\nx:1\r\n\r\nhi\r\n--a--\r\nbehind'],
  ])('a boundary %s is understood', (_what, contentType, text) => {
    expect(readMixed(contentType, text)).toEqual({ ok: true, value: [{ headers: { x: '1' }, body: 'hi' }] });
  });

  it.each([
    ['text/plain', '--a\r\n\r\nhi\r\n--a--'],
    [undefined, ''],
    ['multipart/mixed', '--a--'],
    ['multipart/mixed; boundary=a', '--ab\r\n\r\nhi\r\n--ab--'],
  ])('what is none is refused: %s', (contentType, text) => {
    expect(readMixed(contentType, text)).toMatchObject({ ok: false });
  });
});
