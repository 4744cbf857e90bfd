import fc from 'fast-check';
import type { Json } from '@quotebridge/platform/core';
import { holds } from './differs';
import { fingerprint, secretFingerprint } from './fingerprint';

describe('holds', () => {
  it.each<[string, Json, Json, boolean]>([
    ['what the server has added', { a: 1, added: 2 }, { a: 1 }, true],
    ['a value that was changed', { a: 2 }, { a: 1 }, false],
    ['a value that was taken out', {}, { a: 1 }, false],
    [
      'a container put in front',
      { c: [{ name: 'x' }, { name: 'own', image: 'i' }] },
      { c: [{ name: 'own', image: 'i' }] },
      true,
    ],
    [
      'a container of ours that was changed',
      { c: [{ name: 'own', image: 'j' }] },
      { c: [{ name: 'own', image: 'i' }] },
      false,
    ],
    ['a list that grew', { l: [1, 2] }, { l: [1] }, false],
  ])('%s', (_what, have, want, expected) => {
    expect(holds(have, want)).toBe(expected);
  });

  it('everything holds itself', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => holds(value, value)));
  });
});

describe('fingerprint', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse());
        expect(fingerprint(turned)).toBe(fingerprint(object));
      }),
    );
  });

  it('of a Secret is too short to prove a guess by', () => {
    expect(secretFingerprint({ password: 'cA==' })).toMatch(/^[0-9a-f]{8}$/);
  });
});
