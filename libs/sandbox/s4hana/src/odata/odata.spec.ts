import * as fc from 'fast-check';
import { Refusal } from '@quotebridge/platform/core';
import type { Row } from '@quotebridge/sandbox/core';
import { fields, type EntitySet } from '../model/entity';
import { decodeValue, encodeValue, etagOf } from './encode';
import { parseFilter } from './filter';
import { parsePath } from './path';
import { stamped } from './write';

const SET: EntitySet = {
  set: 'A_Thing',
  keys: ['Name'],
  fields: fields({ String: 'Name', Decimal: 'Weight', DateTimeOffset: 'Changed', Boolean: 'Done' }),
  navs: {},
  etag: 'Changed',
  changedAt: 'Changed',
  writable: [],
};

const quoted = (text: string): string => `'${text.replace(/'/g, "''")}'`;

/** Runs and tells a refusal from a result; anything else that is thrown fails the test. */
const refusedOr = <T>(work: () => T): T | 'refused' => {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof Refusal) return 'refused';
    throw thrown;
  }
};

describe('$filter', () => {
  it('finds a text by equality whatever signs it has', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const { test } = parseFilter(SET, `Name eq ${quoted(text)}`);
        expect([test({ Name: text }), test({ Name: other })]).toEqual([true, other === text]);
      }),
    );
  });

  it('compares decimals by value and not as text', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -99999, max: 99999 }),
        fc.integer({ min: -99999, max: 99999 }),
        (left, right) => {
          const [a, b] = [(left / 100).toFixed(2), (right / 100).toFixed(2)];
          expect(parseFilter(SET, `Weight lt ${b}M`).test({ Weight: a })).toBe(left < right);
        },
      ),
    );
  });

  it('binds and closer than or, and not closest', () => {
    const row = (a: boolean): Row => ({ Name: a ? 'a' : 'b', Done: true });
    const { test } = parseFilter(SET, "Name eq 'x' and Done eq true or not Name eq 'a'");
    expect([test(row(true)), test(row(false))]).toEqual([false, true]);
  });

  it('gives a test or a refusal for any text', () => {
    const words = fc.constantFrom(
      'Name',
      'eq',
      'and',
      '(',
      ')',
      "'x'",
      '1',
      'not',
      'substringof',
      ',',
      'datetime',
      "'",
    );
    fc.assert(
      fc.property(
        fc.array(words).map((parts) => parts.join(' ')),
        (filter) => {
          const parsed = refusedOr(() => parseFilter(SET, filter));
          if (parsed !== 'refused') expect(typeof parsed.test({ Name: 'x' })).toBe('boolean');
        },
      ),
    );
  });
});

describe('paths', () => {
  it('read any key back, slashes, quotes and brackets included', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        expect(parsePath(`A_Thing(${quoted(key)})/to_Part`)).toEqual([
          { name: 'A_Thing', keys: { '': key } },
          { name: 'to_Part' },
        ]);
      }),
    );
  });

  it('give segments or a refusal for any text', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        expect(['refused', true]).toContain(refusedOr(() => Array.isArray(parsePath(path))));
      }),
    );
  });
});

describe('values', () => {
  it('come back from the wire as they were kept', () => {
    const time = fc.integer({ min: -1e12, max: 4e12 });
    fc.assert(
      fc.property(time, fc.string(), fc.boolean(), (moment, text, flag) => {
        expect(decodeValue('a', 'DateTime', encodeValue('DateTime', moment))).toBe(moment);
        expect(decodeValue('a', 'DateTimeOffset', encodeValue('DateTimeOffset', moment))).toBe(moment);
        expect(decodeValue('a', 'String', encodeValue('String', text))).toBe(text);
        expect(decodeValue('a', 'Boolean', encodeValue('Boolean', flag))).toBe(flag);
      }),
    );
  });

  it.each([
    ['Decimal', 1.5],
    ['Decimal', '1,5'],
    ['String', 1],
    ['Boolean', 'true'],
    ['DateTime', '01.02.2026'],
    ['String', { nested: true }],
  ] as const)('of type %s are not read from %j', (type, sent) => {
    expect(refusedOr(() => decodeValue('a', type, sent))).toBe('refused');
  });

  it('never give one ETag to two states, even while the clock stands still or goes back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1 }), (moments) => {
        const tags = new Set<string | undefined>();
        moments.reduce<Row>((row, now) => {
          const next = stamped(SET, row, now);
          tags.add(etagOf(SET, next));
          return next;
        }, {});
        expect(tags.size).toBe(moments.length);
      }),
    );
  });
});
