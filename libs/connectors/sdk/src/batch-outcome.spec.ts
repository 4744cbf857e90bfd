import * as fc from 'fast-check';
import type { RecordOutcome } from '@quotebridge/platform/events';
import { judgeBatch, whatBecameOf } from './batch-outcome';
import type { MappedRecord } from './mapped-page';

const vendorRecord = (name: string, parts: number): MappedRecord => ({
  externalId: name,
  raw: { name },
  print: '',
  bytes: 0,
  ends: false,
  records: Array.from({ length: parts }, (_, part) => ({
    externalId: `${name}-${part}`,
    op: 'upsert' as const,
    id: `${name}-${part}`,
    resource: {},
  })),
});

describe('judgeBatch', () => {
  it('guarantees 5 and 8: a record is good only when all it became was accepted, else it is refused with a reason', () => {
    const answer = fc.constantFrom('created', 'updated', 'unchanged', 'rejected', 'none');
    fc.assert(
      fc.property(
        fc.array(fc.array(answer, { minLength: 1, maxLength: 4 }), { maxLength: 10 }),
        (answers) => {
          const batch = answers.map((parts, index) => vendorRecord(`r${index}`, parts.length));
          const outcomes = answers.flatMap((parts, index) =>
            parts.flatMap((status, part): RecordOutcome[] =>
              status === 'none' ? [] : [{ externalId: `r${index}-${part}`, status }],
            ),
          );
          const { good, refused } = judgeBatch(batch, outcomes);
          answers.forEach((parts, index) => {
            const isGood = parts.every((status) => status !== 'rejected' && status !== 'none');
            expect(good.some(({ externalId }) => externalId === `r${index}`)).toBe(isGood);
            const entry = refused.find(({ externalId }) => externalId === `r${index}`);
            expect(entry === undefined).toBe(isGood);
            if (entry !== undefined) expect(entry.faults.length).toBeGreaterThan(0);
          });
          expect(good.length + refused.length).toBe(batch.length);
        },
      ),
    );
  });
});

describe('whatBecameOf', () => {
  it('every accepted record is remembered once: gone, as it was sent, or as the resource it was found to be', () => {
    const accepted = (record: MappedRecord, ids: readonly string[]): RecordOutcome[] =>
      record.records.map(({ externalId }, at) => ({
        externalId,
        status: 'updated',
        id: ids[at] ?? externalId,
      }));
    const sent = vendorRecord('sent', 2);
    const found = vendorRecord('found', 2);
    const removed = vendorRecord('removed', 1);
    const gone = { ...removed, records: removed.records.map((one) => ({ ...one, op: 'delete' as const })) };
    const outcomes = [
      ...accepted(sent, []),
      ...accepted(found, ['found-0', 'elsewhere']),
      ...accepted(gone, []),
    ];
    expect(whatBecameOf([sent, found, gone], outcomes)).toEqual({
      gone: ['removed'],
      renamed: new Map([['found-1', 'elsewhere']]),
      asPlanned: [{ externalId: 'sent', print: '', ids: ['sent-0', 'sent-1'] }],
      adopted: [{ externalId: 'found', print: '', ids: ['found-0', 'elsewhere'] }],
    });
  });
});
