import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { JsonText } from './json-text';

const objects = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>;

describe('JsonText', () => {
  it('is the object that has the members of all its parts, whether they are text or not; the last one counts', () => {
    fc.assert(
      fc.property(objects, objects, objects, fc.constantFrom(undefined, 2), (before, kept, after, space) => {
        const { text } = JsonText.of(before, JSON.stringify(kept, null, space), after);
        const merged = [before, kept, after].flatMap((part) => Object.entries(part));
        expect(new Map(Object.entries(JSON.parse(text) as JsonObject))).toEqual(
          new Map(merged.map(([name, value]) => [name, JSON.parse(JSON.stringify(value)) as unknown])),
        );
      }),
    );
  });
});
