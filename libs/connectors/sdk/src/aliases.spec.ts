import type { IngestRecord } from '@quotebridge/platform/events';
import { idsIn, withAliases } from './aliases';

const record: IngestRecord = {
  externalId: '1',
  op: 'upsert',
  id: 'a',
  resource: {
    name: 'b',
    productSpecification: { '@type': 'ProductSpecificationRef', id: 'b' },
    bundled: [{ id: 'c', parts: [{ id: 'b' }] }],
  },
};

describe('aliases', () => {
  it('references lead to the resource that a natural key found, and nothing else changes', () => {
    expect([...idsIn([record])].sort()).toEqual(['a', 'b', 'c']);
    const [changed] = withAliases([record], new Map([['b', 'x']]));
    expect(changed).toEqual({
      ...record,
      resource: {
        name: 'b',
        productSpecification: { '@type': 'ProductSpecificationRef', id: 'x' },
        bundled: [{ id: 'c', parts: [{ id: 'x' }] }],
      },
    });
    expect(withAliases([record], new Map([['a', 'y']]))[0]?.id).toBe('y');
    expect(withAliases([record], new Map())).toEqual([record]);
  });
});
