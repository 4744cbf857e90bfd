import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import type { Stream } from './stream';
import { fingerprint } from './fingerprint';
import { cutBatches, mapPage } from './mapped-page';

const stream: Stream = {
  name: 'things',
  title: 'Things',
  entity: 'Thing',
  resource: 'thing',
  overlapMs: 0,
  identity: ({ id }) => (typeof id === 'string' ? id : undefined),
  position: ({ id, at }) =>
    typeof id === 'string' && typeof at === 'number' ? { id, at: new Date(at).toISOString() } : undefined,
  read: async function* () {},
  map: ({ id, bad, parts }) => {
    if (bad === 'throws') throw new Error('broken');
    if (bad === 'rejected') return { faults: [{ path: '/bad', message: 'is bad' }] };
    return Array.from({ length: Number(parts ?? 1) }, (_, part): IngestRecord => {
      const name = `${String(id)}-${part}`;
      return { externalId: name, op: 'upsert', id: name, resource: { '@type': 'Thing', part } };
    });
  },
};

const record: fc.Arbitrary<JsonObject> = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    at: fc.nat(10_000),
    bad: fc.constantFrom('no', 'no', 'throws', 'rejected'),
    parts: fc.integer({ min: 0, max: 4 }),
  },
  { requiredKeys: ['at', 'bad', 'parts'] },
);

describe('mapPage', () => {
  it('guarantee 8: each record is mapped, rejected with a reason, or none of our business', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 30 }), async (page) => {
        const { mapped, rejected } = await mapPage(stream, page);
        const lastOf = new Map(page.map((one) => [one['id'], one]));
        for (const [id, one] of lastOf) {
          if (id === undefined) continue;
          const isRejected = rejected.some(({ externalId }) => externalId === id);
          const isMapped = mapped.some(({ externalId }) => externalId === id);
          expect(isRejected).toBe(one['bad'] !== 'no');
          expect(isMapped).toBe(one['bad'] === 'no' && one['parts'] !== 0);
        }
        const nameless = new Set(page.filter(({ id }) => id === undefined).map((one) => JSON.stringify(one)))
          .size;
        expect(rejected.filter(({ externalId }) => externalId.startsWith('unidentified'))).toHaveLength(
          nameless,
        );
        for (const { faults } of rejected) expect(faults.length).toBeGreaterThan(0);
      }),
    );
  });

  it('batches keep the order, hold no more than their size, and never part a record', async () => {
    const sizes = [fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 3_000 })] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 40 }), ...sizes, async (page, size, most) => {
        const { mapped } = await mapPage(stream, page);
        const batches = cutBatches(mapped, size, most);
        expect(batches.flat()).toEqual(mapped);
        for (const batch of batches) {
          const records = batch.reduce((sum, one) => sum + one.records.length, 0);
          expect(batch.length).toBeGreaterThan(0);
          const bytes = batch.reduce((sum, one) => sum + one.bytes, 0);
          expect((records <= size && bytes <= most) || batch.length === 1).toBe(true);
        }
      }),
    );
  });
});

describe('fingerprint', () => {
  const one = (resource: JsonObject, modifiedAt = '2026-01-01T00:00:00Z'): IngestRecord => ({
    externalId: '1',
    op: 'upsert',
    id: 'x',
    modifiedAt,
    resource,
  });

  it('is the same whatever the order of names, the time of change and lastUpdate', () => {
    expect(fingerprint([one({ a: 1, b: { c: [2], d: 3 }, lastUpdate: 'x' })])).toEqual(
      fingerprint([one({ b: { d: 3, c: [2] }, a: 1, lastUpdate: 'y' }, '2027-01-01T00:00:00Z')]),
    );
  });

  it('changes with every value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const same = fingerprint([one({ v: left })]).print === fingerprint([one({ v: right })]).print;
        expect(same).toBe(JSON.stringify(sortedNames(left)) === JSON.stringify(sortedNames(right)));
      }),
    );
  });
});

const sortedNames = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortedNames);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, inner]) => [name, sortedNames(inner)]);
  return { names };
};
