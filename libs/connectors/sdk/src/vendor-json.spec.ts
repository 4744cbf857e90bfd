import type { Json } from '@quotebridge/platform/core';
import { textAt } from './vendor-json';

describe('a text in a record of a vendor', () => {
  it.each<[string, Json | undefined, string | undefined]>([
    ['is without the blanks that pad it', '  SP-1001   ', 'SP-1001'],
    [
      'keeps the zeros that it begins with: they are part of a number',
      '000000000000012345',
      '000000000000012345',
    ],
    ['is none when it is blank', '    ', undefined],
    ['is none when it is empty', '', undefined],
    ['is none when it is not there', undefined, undefined],
    ['is none when it is null', null, undefined],
  ])('%s', (_name, value, expected) => {
    expect(textAt(value === undefined ? {} : { Product: value }, 'Product')).toBe(expected);
  });
});
