import * as fc from 'fast-check';
import type { OpportunityPlan } from './mapping/opportunity';
import { composites } from './write-plan';

const plan = fc.record<OpportunityPlan>({
  fields: fc.constantFrom({}, { StageName: 'Closed Won' }),
  lines: fc
    .nat(900)
    .map((count) => Array.from({ length: count }, (_, id) => ({ id: `l${id}`, fields: { Quantity: id } }))),
  newLines: fc
    .nat(900)
    .map((count) =>
      Array.from({ length: count }, (_, id) => ({ mark: `q/${id}`, offering: 'o', fields: { Quantity: 1 } })),
    ),
  goneLines: fc.nat(300).map((count) => Array.from({ length: count }, (_, id) => `g${id}`)),
});

describe('composites', () => {
  it('hold every change once, within the limits, the opportunity and what is read back last', () => {
    fc.assert(
      fc.property(plan, (given) => {
        const entries = new Map(given.newLines.map(({ mark }) => [mark, 'entry']));
        const made = composites('006', given, entries, 'Item__c', 'query?q=x');
        const parts = made.flatMap((one) => one.parts);
        for (const one of made) {
          const collections = one.parts.filter(({ path }) => path.startsWith('composite/sobjects'));
          expect(collections.length).toBeLessThanOrEqual(5);
          expect(new Set(one.parts.map(({ referenceId }) => referenceId)).size).toBe(one.parts.length);
          const creates = one.parts.some(
            ({ path, method }) => path.includes('Item__c') || method === 'DELETE',
          );
          expect(one.repeatable).toBe(!creates);
        }
        const records = parts.flatMap(({ body }) =>
          Array.isArray(body?.['records']) ? body['records'] : [],
        );
        const gone = parts.flatMap(({ method, path }) =>
          method === 'DELETE' ? (/ids=([^&]*)/.exec(path)?.[1] ?? '').split(',') : [],
        );
        expect(records).toHaveLength(given.lines.length + given.newLines.length);
        expect(gone).toEqual(given.goneLines);
        expect(parts.at(-1)).toMatchObject({ method: 'GET', path: 'query?q=x' });
        const opportunity = parts.findIndex(({ path }) => path === 'sobjects/Opportunity/006');
        expect(opportunity).toBe(Object.keys(given.fields).length === 0 ? -1 : parts.length - 2);
      }),
      { numRuns: 30 },
    );
  });
});
