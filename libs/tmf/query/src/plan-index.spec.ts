import { matchAll, type FilterNode } from './filter';
import { planIndex, type IndexShape } from './plan-index';
import { mongoSort, type SortKey } from './sort';

const key = (path: string, direction: 1 | -1 = 1): SortKey => ({
  path,
  storagePath: path,
  direction,
  array: false,
});
const is = (path: string, ...values: string[]): FilterNode => ({ type: 'in', path, values });
const indexes: IndexShape[] = [
  { name: 'byId', keys: { _id: 1 } },
  { name: 'byMade', keys: { made: 1, _id: 1 } },
  { name: 'byState', keys: { state: 1, _id: 1 } },
  { name: 'byStateMade', keys: { state: 1, made: 1, _id: 1 } },
  { name: 'byStateNameMade', keys: { state: 1, name: 1, made: 1, _id: 1 } },
  { name: 'byMadeOnly', keys: { size: 1 } },
  { name: 'sparse', keys: { owner: 1, _id: 1 }, partial: true },
];

describe('the index to hint', () => {
  it.each<[string, FilterNode, SortKey[], string | undefined]>([
    ['no filter, no order', matchAll, [], undefined],
    ['an order alone', matchAll, [key('made')], 'byMade'],
    ['a descending order alone', matchAll, [key('made', -1)], 'byMade'],
    ['an equality alone', is('state', 'a'), [], 'byState'],
    ['an equality and an order', is('state', 'a'), [key('made', -1)], 'byStateMade'],
    [
      'two equalities and an order',
      { type: 'and', nodes: [is('name', 'x'), is('state', 'a')] },
      [key('made')],
      'byStateNameMade',
    ],
    ['an equality no index begins with', is('name', 'x'), [key('made')], 'byMade'],
    ['several values', is('state', 'a', 'b'), [key('made')], 'byMade'],
    ['alternatives', { type: 'or', nodes: [is('state', 'a'), is('state', 'b')] }, [], undefined],
    ['mixed directions', matchAll, [key('state'), key('made', -1)], undefined],
    ['an index without _id at its end', matchAll, [key('size')], undefined],
    ['a partial index', is('owner', 'x'), [], undefined],
    ['an order by what an equality fixes', is('state', 'a'), [key('state'), key('made')], 'byStateMade'],
  ])('for %s', (_, filter, sort, expected) => {
    expect(planIndex({ filter, sort }, indexes)).toBe(expected);
  });

  it('the order ends with _id in the last direction and can be turned round', () => {
    expect(Object.entries(mongoSort([key('a'), key('b', -1)]))).toEqual([
      ['a', 1],
      ['b', -1],
      ['_id', -1],
    ]);
    expect(Object.entries(mongoSort([key('a'), key('b', -1)], true))).toEqual([
      ['a', -1],
      ['b', 1],
      ['_id', 1],
    ]);
    expect(mongoSort([])).toEqual({ _id: 1 });
    expect(mongoSort([key('_id', -1), key('a')])).toEqual({ _id: -1 });
  });
});
