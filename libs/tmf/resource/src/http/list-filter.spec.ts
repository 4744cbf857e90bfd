import { each, mapper, narrowedState, object } from '@quotebridge/tmf/versions';
import type { FilterNode } from '@quotebridge/tmf/query';
import { storedFilter, type FilteredStore } from './list-filter';

const v4 = mapper([
  narrowedState('state', { draft: 'pending' }),
  each('item', object(narrowedState('state', { partial: 'failed' }))),
]);
const store = (more: Partial<FilteredStore>): FilteredStore => ({
  mapper: undefined,
  versioned: false,
  cipher: undefined,
  ...more,
});
const is = (path: string, ...values: string[]): FilterNode => ({ type: 'in', path, values });
const inItem = (node: FilterNode): FilterNode => ({ type: 'element', path: 'item', node });

describe('a filter of a client, as the store needs it', () => {
  it.each<[string, FilterNode, FilterNode]>([
    ['a state', is('state', 'pending'), is('state', 'pending', 'draft')],
    ['a state of items', is('item.state', 'failed'), is('item.state', 'failed', 'partial')],
    ['one of the same item', inItem(is('state', 'failed')), inItem(is('state', 'failed', 'partial'))],
    [
      'none of the same item',
      inItem({ type: 'not', node: is('state', 'failed') }),
      inItem({ type: 'not', node: is('state', 'failed', 'partial') }),
    ],
    ['an attribute of the same name elsewhere', is('note.state', 'failed'), is('note.state', 'failed')],
  ])('asks for every stored value that v4 shows as that: %s', (_what, asked, stored) => {
    expect(storedFilter(store({ mapper: v4 }), asked)).toEqual(stored);
  });

  it('means all versions by an id, but not by the id of an element', () => {
    const found = storedFilter(store({ versioned: true }), is('_id', '42'));
    expect(JSON.stringify(found)).toContain('42:(version=');
    const inside = inItem(is('_id', '42'));
    expect(storedFilter(store({ versioned: true }), inside)).toEqual(inside);
  });
});
