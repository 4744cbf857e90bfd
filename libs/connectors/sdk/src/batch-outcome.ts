import type { Fault, JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord, RecordOutcome } from '@quotebridge/platform/events';
import type { MappedRecord } from './mapped-page';
import type { ValuedFault } from './ports';
import { valued } from './valued-faults';

/** A vendor record of which the owner did not accept everything. */
export interface RefusedRecord {
  readonly externalId: string;
  readonly raw: JsonObject;
  readonly faults: readonly ValuedFault[];
  readonly missing?: true;
}

/** A batch after its outcome: every record is in exactly one of the lists. */
export interface JudgedBatch {
  readonly good: readonly MappedRecord[];
  readonly refused: readonly RefusedRecord[];
}

const NO_OUTCOME: Fault = {
  path: '',
  message: 'the owner of the resource gave no outcome',
  code: 'noOutcome',
};
const NO_REASON: Fault = { path: '', message: 'the owner of the resource gave no reason', code: 'rejected' };

/**
 * What became of the records of a batch. A vendor record is good when each resource it became was accepted; a missing
 * outcome counts as a refusal, because nobody knows what happened.
 */
export const judgeBatch = (
  batch: readonly MappedRecord[],
  outcomes: readonly RecordOutcome[],
): JudgedBatch => {
  const answers = new Map(outcomes.map((outcome) => [outcome.externalId, outcome]));
  const faultsOf = ({ externalId, resource }: IngestRecord): readonly ValuedFault[] => {
    const answer = answers.get(externalId);
    if (answer === undefined) return [NO_OUTCOME];
    if (answer.status !== 'rejected') return [];
    const faults = answer.faults === undefined || answer.faults.length === 0 ? [NO_REASON] : answer.faults;
    return valued(faults, 'resource', resource);
  };
  const good: MappedRecord[] = [];
  const refused: RefusedRecord[] = [];
  for (const record of batch) {
    const faults = record.records.flatMap(faultsOf);
    if (faults.length === 0) good.push(record);
    else {
      const { externalId, raw, missing } = record;
      refused.push({ externalId, raw, faults, ...(missing === undefined ? {} : { missing }) });
    }
  }
  return { good, refused };
};
