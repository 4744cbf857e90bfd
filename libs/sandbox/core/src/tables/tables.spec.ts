import * as fc from 'fast-check';
import { Tables } from './tables';

type Write = { readonly key: string; readonly color: string | null };

const filled = (writes: readonly Write[], tables = new Tables()): Tables => {
  for (const { key, color } of writes) {
    if (color === null) tables.remove('things', key);
    else tables.put('things', key, { key, color });
  }
  return tables;
};

const anyWrites = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    color: fc.constantFrom('red', 'green', null),
  }),
  { maxLength: 12 },
);

const sorted = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

describe('tables', () => {
  it('find rows by a property as a look through all of them would, whatever was written, undone or rehearsed', () => {
    fc.assert(
      fc.property(anyWrites, anyWrites, anyWrites, (first, undone, last) => {
        const tables = filled(first);
        tables.where('things', 'color', 'red');
        expect(() =>
          tables.transaction(() => {
            filled(undone, tables);
            throw new Error('no');
          }),
        ).toThrow('no');
        tables.rehearse(() => filled(undone, tables));
        filled(last, tables);
        for (const color of ['red', 'green'])
          expect(sorted(tables.where('things', 'color', color))).toEqual(
            sorted(tables.all('things').filter((row) => row['color'] === color)),
          );
        expect(tables.all('things')).toHaveLength(tables.count('things'));
        expect(sorted(tables.all('things'))).toEqual(sorted(filled([...first, ...last]).all('things')));
      }),
    );
  });

  it('give no number away and note no change in a rehearsal', () => {
    const tables = filled([{ key: 'a', color: 'red' }]);
    const before = [tables.changes(), tables.revision];
    tables.rehearse(() => {
      expect(tables.next('number', 7)).toBe(7);
      tables.put('things', 'b', {});
    });
    expect([tables.changes(), tables.revision]).toEqual(before);
    expect(tables.next('number', 7)).toBe(7);
  });

  it('are told piece by piece', () => {
    const tables = filled(['a', 'b', 'c'].map((key) => ({ key, color: 'red' })));
    expect(tables.slice('things', 1, 1)).toEqual([{ key: 'b', color: 'red' }]);
    expect(tables.slice('things', 2, 9)).toHaveLength(1);
  });
});
