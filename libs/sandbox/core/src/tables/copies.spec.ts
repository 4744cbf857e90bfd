import * as fc from 'fast-check';
import {
  allOf,
  anyOf,
  condition,
  insertedAt,
  noneOf,
  numberedBy,
  orderedMove,
  plainMove,
  Tables,
  type Condition,
  type CopyRules,
  type Interval,
  type Move,
  type Order,
  type Row,
} from '.';
import { ordered } from './condition';

/** Two kinds of things, made at times of which some are the same, some of them in boxes. */
const BASE: readonly Row[] = Array.from({ length: 9 }, (_, index) => ({
  id: `T${index % 2 === 0 ? 'A' : 'B'}-${101 + index}`,
  color: ['red', 'green', 'blue'][index % 3] ?? '',
  name: `thing ${index}`,
  at: 1_000 + Math.floor(index / 2),
  ...(index % 4 === 0 ? {} : { box: index % 4 === 1 ? 'loose' : String(10 + (index % 4)) }),
}));
const number = numberedBy(/^\d+$/, 10, 100);
const TIME: Move['to'] = (value, block) => Number(value) + block * 50;
const RULES: CopyRules = {
  keys: { things: ['id'] },
  moves: {
    id: orderedMove(insertedAt(1, /^T/)),
    box: orderedMove(number),
    at: orderedMove(TIME),
    name: plainMove(numberedBy(/\d+$/, 10)),
  },
};
const BLOCKS = 3;

const moved = (row: Row, block: number): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' || typeof value === 'number'
        ? (RULES.moves[name]?.to(value, block, row) ?? value)
        : value,
    ]),
  );

const put = (tables: Tables, row: Row): void => tables.put('things', String(row['id']), row);

const filled = (isVirtual: boolean): Tables => {
  const tables = new Tables();
  tables.reseed(() => {
    put(tables, { id: 'first', color: 'red', at: 5_000 });
    const fill = (): CopyRules => {
      BASE.forEach((row) => put(tables, row));
      return RULES;
    };
    if (isVirtual) tables.copy(BLOCKS, fill);
    else {
      fill();
      for (let block = 1; block <= BLOCKS; block += 1) BASE.forEach((row) => put(tables, moved(row, block)));
    }
  });
  return tables;
};

const VIRTUAL_IDS = BASE.flatMap((row) =>
  [0, 1, BLOCKS].map((block) => String((block === 0 ? row : moved(row, block))['id'])),
);

type Step = { readonly id: string; readonly color: string | null; readonly at: number };

const work = (tables: Tables, steps: readonly Step[]): void => {
  for (const { id, color, at } of steps) {
    if (color === null) tables.remove('things', id);
    else tables.put('things', id, { ...tables.get('things', id), id, color, at });
  }
};

const anySteps = fc.array(
  fc.record({
    id: fc.constantFrom('new', 'first', ...VIRTUAL_IDS),
    color: fc.constantFrom('red', 'pink', null),
    at: fc.integer({ min: 990, max: 1_200 }),
  }),
  { maxLength: 10 },
);

const VALUES: Readonly<Record<string, readonly (string | number)[]>> = {
  id: [...VIRTUAL_IDS, 'first', 'new', 'nothing'],
  color: ['red', 'green', 'pink'],
  name: ['thing 3', 'thing 13', 'thing 28'],
  at: [990, 1_000, 1_002, 1_050, 1_053, 1_101, 1_154, 5_000],
  box: ['', 'loose', '12', '113', '132', '133'],
};

const SIGNS: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ge: (order) => order >= 0,
  gt: (order) => order > 0,
  le: (order) => order <= 0,
  lt: (order) => order < 0,
  ne: (order) => order !== 0,
};

const intervalOf = (sign: string, value: string | number): readonly Interval[] | undefined =>
  ({
    eq: [{ from: value, to: value }],
    ge: [{ from: value }],
    gt: [{ from: value, fromOpen: true }],
    le: [{ to: value }],
    lt: [{ to: value, toOpen: true }],
  })[sign];

const anyLeaf = fc.constantFrom(...Object.keys(VALUES)).chain((name) =>
  fc
    .tuple(fc.constantFrom(...Object.keys(SIGNS)), fc.constantFrom(...(VALUES[name] ?? [])))
    .map(([sign, value]) => {
      const test = (row: Row): boolean => {
        const own = row[name];
        const known = typeof own === 'string' || typeof own === 'number' ? own : undefined;
        return SIGNS[sign]?.(ordered(known, value)) ?? false;
      };
      return condition([name], test, intervalOf(sign, value));
    }),
);

const { any: anyCondition } = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    anyLeaf,
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map(allOf),
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map(anyOf),
    tie('any').map(noneOf),
  ),
}));

const anyOrder = fc.record({ name: fc.constantFrom('id', 'at', 'name', 'box'), isDescending: fc.boolean() });

const orderBy = ({ name, isDescending }: { name: string; isDescending: boolean }): Order => {
  const value = (row: Row, own: string): string | number | undefined => {
    const found = row[own];
    return typeof found === 'string' || typeof found === 'number' ? found : undefined;
  };
  const sign = isDescending ? -1 : 1;
  return {
    by: { name, isDescending },
    compare: (left, right) =>
      sign * ordered(value(left, name), value(right, name)) || ordered(value(left, 'id'), value(right, 'id')),
  };
};

const inAnyOrder = (rows: readonly Row[]): string[] =>
  rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort();

const written = (isVirtual: boolean, rounds: readonly (readonly Step[])[]): Tables => {
  const tables = filled(isVirtual);
  const [first = [], undone = [], last = []] = rounds;
  tables.where('things', 'color', 'red');
  work(tables, first);
  expect(() =>
    tables.transaction(() => {
      work(tables, undone);
      throw new Error('no');
    }),
  ).toThrow('no');
  tables.rehearse(() => work(tables, undone));
  tables.transaction(() => work(tables, last));
  return tables;
};

const anyRounds = fc.array(anySteps, { minLength: 3, maxLength: 3 });

describe('copies of rows', () => {
  it('are found as rows that are kept would be, in every order and page, whatever was written or undone', () => {
    fc.assert(
      fc.property(
        anyRounds,
        fc.option(anyCondition),
        fc.option(anyOrder),
        fc.nat(40),
        (rounds, where, by, from) => {
          const [copied, kept] = [written(true, rounds), written(false, rounds)];
          const order = by === null ? undefined : orderBy(by);
          const selections = [copied, kept].map((tables) =>
            tables.select('things', where ?? undefined, order, 0),
          );
          const [some, same] = selections.map((one) => [...one]);
          expect(inAnyOrder(some ?? [])).toEqual(inAnyOrder(same ?? []));
          if (order !== undefined) expect(some).toEqual(same);
          expect(selections[0]?.count()).toBe(same?.length);
          expect(selections[0]?.page(from, 7)).toEqual(some?.slice(from, from + 7));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are got, counted, changed and told of as rows that are kept would be', () => {
    fc.assert(
      fc.property(anyRounds, (rounds) => {
        const [copied, kept] = [written(true, rounds), written(false, rounds)];
        for (const id of VALUES['id'] ?? [])
          expect(copied.get('things', String(id))).toEqual(kept.get('things', String(id)));
        expect(copied.count('things')).toBe(kept.count('things'));
        expect(copied.changes()).toEqual(kept.changes());
        for (const [name, values] of Object.entries(VALUES))
          for (const value of [...values, undefined])
            expect(inAnyOrder(copied.where('things', name, value))).toEqual(
              inAnyOrder(kept.where('things', name, value)),
            );
        const again = filled(true);
        again.apply(copied.changes());
        expect(inAnyOrder(again.all('things'))).toEqual(inAnyOrder(kept.all('things')));
        copied.reseed((fresh) => put(fresh, { id: 'only' }));
        expect(copied.all('things')).toEqual([{ id: 'only' }]);
      }),
    );
  });

  it('stand where they were when nothing was written', () => {
    const [copied, kept] = [filled(true), filled(false)];
    expect(copied.all('things')).toEqual(kept.all('things'));
    expect(copied.slice('things', 15, 5)).toEqual(kept.slice('things', 15, 5));
  });

  it('cannot be of an ordered property whose values are not in order', () => {
    const tables = new Tables();
    const rules = { keys: { things: ['id'] }, moves: { id: orderedMove(numberedBy(/\d+/, 1)) } };
    expect(() =>
      tables.copy(BLOCKS, () => {
        put(tables, { id: 'A8' });
        put(tables, { id: 'A9' });
        return rules;
      }),
    ).toThrow('id');
  });
});
