import fc from 'fast-check';
import { maskPersonal, maskText } from './index';

describe('maskText', () => {
  it.each([
    ['mail bob.smith+x@sales.example.co.uk now', 'mail [e-mail]@sales.example.co.uk now'],
    ['call +49 (170) 123-45 67 today', 'call [phone] today'],
    ['Authorization: Bearer abc.def-ghi_jkl', 'Authorization: Bearer [credential]'],
    ['basic dXNlcjpwYXNz', 'basic [credential]'],
    ['got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'got [token]'],
    [
      'key qb_0123456789abcdef_0123456789012345678901234567890123456789abc',
      'key qb_0123456789abcdef_[secret]',
    ],
    ['mongodb://root:s3cret@db:27017/x', 'mongodb://[credential]@db:27017/x'],
    ['/token?code=abc&x=1&access_token=def', '/token?code=[secret]&x=1&access_token=[secret]'],
    [
      'order 20260301120000 total 1499.00 at 2026-03-01T12:00:00+01:00',
      'order 20260301120000 total 1499.00 at 2026-03-01T12:00:00+01:00',
    ],
    ['id 3f2504e0-4f89-41d3-9a0c-0305e82c3301 rev 12', 'id 3f2504e0-4f89-41d3-9a0c-0305e82c3301 rev 12'],
  ])('%s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it('no e-mail address gets through, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[a-z]{6,12}$/), fc.string(), (before, person, after) => {
        expect(maskText(`${before} ${person}@example.com ${after}`)).not.toContain(`${person}@`);
      }),
    );
  });

  it('masking twice changes nothing more', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(maskText(maskText(text))).toBe(maskText(text))));
  });

  it.each([
    ['a', 'a'.repeat(200_000)],
    ['dots', 'a.'.repeat(100_000)],
    ['at signs', '@a.'.repeat(70_000)],
    ['digits', '+1 '.repeat(70_000)],
    ['addresses', '://a:'.repeat(40_000)],
    ['spaces', `Bearer ${' '.repeat(200_000)}`],
  ])('a very long text of %s is cut', (_what, text) => {
    expect(maskText(text).length).toBeLessThanOrEqual(20_000);
  });
});

describe('maskPersonal', () => {
  it('masks by name at any depth, and leaves the names of things alone', () => {
    expect(
      maskPersonal({
        quote: {
          name: 'Forklift offer',
          relatedParty: [
            { role: 'customer', name: 'Jane Roe', partyOrPartyRole: { name: 'Jane Roe', id: 'p1' } },
          ],
          contactMedium: [{ emailAddress: 'jane@example.com', phoneNumber: '0170 1234567' }],
        },
        headers: { Authorization: 'Bearer x', 'X-API-Key': 'k', accept: 'json' },
        client_secret: 's',
        count: 3,
        empty: null,
      }),
    ).toEqual({
      quote: {
        name: 'Forklift offer',
        relatedParty: [
          { role: 'customer', name: '[personal]', partyOrPartyRole: { name: '[personal]', id: 'p1' } },
        ],
        contactMedium: [{ emailAddress: '[personal]', phoneNumber: '[personal]' }],
      },
      headers: { Authorization: '[secret]', 'X-API-Key': '[secret]', accept: 'json' },
      client_secret: '[secret]',
      count: 3,
      empty: null,
    });
  });

  it('a secret under a secret name never gets through, whatever it is and however deep', () => {
    const names = fc.constantFrom(
      'password',
      'access_token',
      'Authorization',
      'client-secret',
      'apiKey',
      'Cookie',
    );
    fc.assert(
      fc.property(names, fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 5 }), (name, path) => {
        const secret = 'SECRET-5b1f';
        const nested = path.reduceRight<Record<string, unknown>>((inner, key) => ({ [key]: [inner] }), {
          [name]: { v: secret },
        });
        expect(JSON.stringify(maskPersonal(nested))).not.toContain(secret);
      }),
    );
  });

  it('never changes its input', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        const before = JSON.stringify(fields);
        maskPersonal(fields);
        expect(JSON.stringify(fields)).toBe(before);
      }),
    );
  });

  it('an error keeps its type, code and place but not the people in it', () => {
    const error = Object.assign(new TypeError('eve@example.com is taken'), { code: 'E11000' });
    const masked = maskPersonal({ error })['error'];
    expect(masked).toMatchObject({
      type: 'TypeError',
      code: 'E11000',
      message: '[e-mail]@example.com is taken',
    });
    expect(JSON.stringify(masked)).not.toContain('eve@');
  });

  it('long lists are cut and bytes are not printed', () => {
    const { items, bytes } = maskPersonal({
      items: Array.from({ length: 150 }, (_, n) => n),
      bytes: Buffer.from('x'),
    });
    expect(items).toHaveLength(101);
    expect((items as unknown[])[100]).toBe('[50 more]');
    expect(bytes).toBe('[1 bytes]');
  });
});
