import type { JsonObject } from '@quotebridge/platform/core';
import { celName } from './cel-name';
import { crdFragment } from './fragment';
import { re2Of } from './re2';

describe('crdFragment', () => {
  it('keeps what a structural schema can say and drops what it cannot', () => {
    const schema: JsonObject = {
      type: 'object',
      additionalProperties: false,
      required: ['a'],
      properties: {
        a: { type: 'string', pattern: '^x', minLength: 1, format: 'uri', description: 'An a.' },
        b: { enum: ['p', 'q'], default: 'p', description: 'A b.' },
        c: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } },
        d: { type: 'string', format: 'regex' },
        e: { description: 'Anything.' },
      },
    };
    expect(crdFragment(schema)).toEqual({
      type: 'object',
      required: ['a'],
      properties: {
        a: { type: 'string', pattern: '^x', minLength: 1, format: 'uri', description: 'An a.' },
        b: { type: 'string', enum: ['p', 'q'], description: 'A b. Default: "p".' },
        c: { type: 'object', maxProperties: 256, additionalProperties: { type: 'integer', minimum: 0 } },
        d: { type: 'string' },
        e: { description: 'Anything.', 'x-kubernetes-preserve-unknown-fields': true },
      },
    });
  });

  it('turns alternatives that a constant tells apart into rules', () => {
    const schema: JsonObject = {
      type: 'object',
      required: ['kind'],
      properties: { kind: { enum: ['key', 'none'] } },
      oneOf: [
        { properties: { kind: { const: 'key' }, in: { type: 'string' } }, required: ['in'] },
        { properties: { kind: { const: 'none' } } },
      ],
    };
    expect(crdFragment(schema)).toEqual({
      type: 'object',
      required: ['kind'],
      properties: { kind: { type: 'string', enum: ['key', 'none'] }, in: { type: 'string' } },
      'x-kubernetes-validations': [
        { rule: "self.kind != 'key' || has(self.__in__)", message: 'in is needed when kind is key' },
        { rule: "self.kind != 'none' || !has(self.__in__)", message: 'in has no meaning when kind is none' },
      ],
    });
  });

  it('the constant that tells alternatives apart need not be declared beside them', () => {
    const choice = (value: string): JsonObject => ({
      properties: { kind: { const: value, description: 'How.' } },
    });
    expect(crdFragment({ type: 'object', oneOf: [choice('a'), choice('b')] })).toMatchObject({
      properties: { kind: { type: 'string', enum: ['a', 'b'], description: 'How.' } },
    });
  });

  it.each([
    ['^[^/\\u0000-\\u001f]+$', '^[^/\\x{0000}-\\x{001f}]+$'],
    ['^\\u{1F600}\\d$', '^\\x{1F600}\\d$'],
    ['^https?://', '^https?://'],
    ['^(?!http)', undefined],
    ['(?<=a)b', undefined],
    ['(a)\\1', undefined],
    ['[^]', undefined],
  ])('the expression %s is %s for the API server', (pattern, re2) => {
    expect(re2Of(pattern)).toBe(re2);
  });

  it.each([
    ['plain', 'plain'],
    ['in', '__in__'],
    ['a-b', 'a__dash__b'],
    ['a.b/c', 'a__dot__b__slash__c'],
    ['a__b', 'a__underscores__b'],
  ])('writes %s in rules as %s', (name, escaped) => {
    expect(celName(name)).toBe(escaped);
  });
});
