import { referencedId } from './reference';

describe('referencedId', () => {
  it.each([
    ['the id', { id: '42' }, '42'],
    ['the id in the version that is named', { id: '42', version: '1.0' }, '42:(version=1.0)'],
    ['an id that names its version itself', { id: '42:(version=1.0)', version: '1.0' }, '42:(version=1.0)'],
    ['the id beside a version that is blank', { id: '42', version: ' ' }, '42'],
    ['the id beside a version that is no text', { id: '42', version: 2 }, '42'],
    ['nothing without an id', { version: '1.0', name: 'Pump' }, undefined],
  ])('gives %s', (_what, reference, expected) => {
    expect(referencedId(reference)).toBe(expected);
  });
});
