import * as fc from 'fast-check';
import { Refusal } from '@quotebridge/platform/core';
import { Tables } from '@quotebridge/sandbox/core';
import { fullId, recordId } from '../ids';
import { parseSoql } from './parse';
import type { Org } from './resolve';
import { runSoql } from './run';

const org = (names: readonly string[]): Org => {
  const tables = new Tables();
  names.forEach((Name, index) => {
    const Id = recordId('001', index + 1);
    tables.put('Account', Id, { Id, Name, SystemModstamp: index });
  });
  return { tables, now: 0, base: '' };
};

const quoted = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;

const namesOf = (where: string, names: readonly string[]): unknown[] =>
  runSoql(org(names), parseSoql(`SELECT Name FROM Account ${where}`), false)
    .page(0, names.length)
    .map((record) => record['Name']);

describe('SOQL', () => {
  it('finds a text by equality without regard to case, whatever signs it has', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(namesOf(`WHERE Name = ${quoted(name)}`, [name])).toEqual([name]);
        expect(namesOf(`WHERE Name = ${quoted(name)}`, [`${name}!`])).toEqual([]);
      }),
    );
  });

  it('takes everything but % and _ in LIKE as it stands', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^%_\\]*$/), (name) => {
        expect(namesOf(`WHERE Name LIKE ${quoted(`${name}%`)}`, [`${name} and more`])).toHaveLength(1);
        expect(namesOf(`WHERE Name LIKE ${quoted(name)}`, [`${name}.`])).toEqual([]);
      }),
    );
  });

  it('pages by LIMIT and OFFSET without a gap or a double', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        (names, size) => {
          const seen: unknown[] = [];
          for (let offset = 0; offset <= names.length; offset += size) {
            seen.push(...namesOf(`ORDER BY Name LIMIT ${size} OFFSET ${offset}`, names));
          }
          expect(seen).toEqual([...names].sort());
        },
      ),
    );
  });

  it('gives a query or a refusal for any text', () => {
    const words = fc.constantFrom(
      'SELECT',
      'Name',
      'FROM',
      'Account',
      'WHERE',
      '=',
      "'x'",
      '(',
      ')',
      ',',
      'IN',
      'AND',
      'NOT',
      'LIMIT',
      '1',
      'COUNT',
      "'",
      '\\',
    );
    fc.assert(
      fc.property(
        fc.array(words).map((parts) => parts.join(' ')),
        (text) => {
          try {
            expect(parseSoql(text).from).toEqual(expect.any(String));
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(Refusal);
          }
        },
      ),
    );
  });
});

describe('ids', () => {
  it('are known by 15 and by 18 characters, and no two numbers share one', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), (first, second) => {
        const id = recordId('006', first);
        expect([id.length, fullId(id), fullId(id.slice(0, 15))]).toEqual([18, id, id]);
        expect(recordId('006', second) === id).toBe(first === second);
      }),
    );
  });

  it('carry the check characters that the vendor’s rule gives', () => {
    expect(fullId('0013600000j6g7o')).toBe('0013600000j6g7oAAA');
    expect(fullId('0013600000dCeAz')).toBe('0013600000dCeAzAAK');
    expect(fullId('not an id')).toBeUndefined();
  });
});
