import { stringify } from 'csv-stringify/sync';
import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import type { Fields } from '../fields';
import { csvRecords, TornPage } from './csv-rows';

const FIELDS: Fields = {
  Id: 'text',
  'Account.Name': 'text',
  'Account.Parent.Name': 'text',
  UnitPrice: 'number',
  IsActive: 'boolean',
};

const read = async (text: string, count?: number): Promise<JsonObject[]> => {
  const records: JsonObject[] = [];
  for await (const page of csvRecords(text, FIELDS, count)) records.push(...page);
  return records;
};

const filled = fc.string({ minLength: 1 }).filter((text) => text.trim() === text);
const row = fc.record({
  Id: filled,
  name: fc.option(filled),
  parent: fc.option(filled),
  UnitPrice: fc.option(fc.integer({ min: -1e9, max: 1e9 }).map((cents) => cents / 100)),
  IsActive: fc.boolean(),
});

describe('rows of a bulk result', () => {
  it('become the records that REST gives, whatever the texts contain and however long the page is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 40 }),
        fc.integer({ min: 1, max: 40 }),
        async (some, times) => {
          const rows = Array.from({ length: times }, () => some).flat();
          const cells = rows.map((one) => [
            one.Id,
            one.name ?? '',
            one.parent ?? '',
            one.UnitPrice === null ? '' : String(one.UnitPrice),
            String(one.IsActive),
          ]);
          const text = stringify([Object.keys(FIELDS), ...cells], { quoted: true });
          expect(await read(text, rows.length)).toEqual(
            rows.map(({ Id, name, parent, UnitPrice, IsActive }) => ({
              Id,
              Account: { Name: name, Parent: { Name: parent } },
              UnitPrice,
              IsActive,
            })),
          );
        },
      ),
    );
  });

  it.each([
    ['fewer records than announced', '"Id"\n"1"\n', 2],
    ['more records than announced', '"Id"\n"1"\n"2"\n', 1],
    ['an end inside a field', '"Id"\n"1', undefined],
    ['a row with too few fields', '"Id","UnitPrice"\n"1"\n', 1],
    ['nothing at all', '', 3],
  ])('a page with %s is torn', async (_name, text, count) => {
    await expect(read(text, count)).rejects.toThrow(TornPage);
  });

  it('a number that is none stays a text, so that the mapping can refuse it', async () => {
    expect(await read('"Id","UnitPrice"\n"1","a lot"\n')).toEqual([{ Id: '1', UnitPrice: 'a lot' }]);
  });
});
