import fc from 'fast-check';
import { pathPrefixOf, withoutPrefix } from './path-prefix';

describe('the path of the public address', () => {
  test.each([
    ['', ''],
    ['https://quotes.example.com', ''],
    ['https://quotes.example.com/', ''],
    ['https://example.com/deals-quote', '/deals-quote'],
    ['https://example.com/a/b/', '/a/b'],
    ['/deals-quote', '/deals-quote'],
  ])('of %p is %p', (publicUrl, prefix) => {
    expect(pathPrefixOf(publicUrl)).toBe(prefix);
  });

  test.each([
    ['/deals-quote/tmf-api/quoteManagement/v5/quote?limit=1', '/tmf-api/quoteManagement/v5/quote?limit=1'],
    ['/deals-quote', '/'],
    ['/deals-quote?a=1', '/?a=1'],
    ['/deals-quotes/x', '/deals-quotes/x'],
    ['/tmf-api/quoteManagement/v5', '/tmf-api/quoteManagement/v5'],
    ['/x/deals-quote/y', '/x/deals-quote/y'],
    ['*', '*'],
  ])('is taken off the target %p: %p', (target, served) => {
    expect(withoutPrefix(target, '/deals-quote')).toBe(served);
  });

  test('any target is served the same with and without it', () => {
    const segment = fc.stringMatching(/^[\w.~%-]{1,8}$/);
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1 }), segment, (path, prefix) => {
        const target = `/${path.join('/')}`;
        expect(withoutPrefix(`/${prefix}${target}`, `/${prefix}`)).toBe(target);
        expect(withoutPrefix(target, '')).toBe(target);
      }),
    );
  });
});
