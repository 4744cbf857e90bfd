import type { Fault, JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord, RecordOutcome } from '@quotebridge/platform/events';
import type { MappedRecord } from './mapped-page';
import type { Fingerprint, ValuedFault } from './ports';
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

/** Accepted records, by what is to be remembered of them. */
export interface Remembered {
  /** External ids of those whose resources are deleted. */
  readonly gone: readonly string[];
  /** Ids that records were sent with, and the ids of the resources that they were found to be. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Those that became the resources they were sent as. */
  readonly asPlanned: readonly Fingerprint[];
  /** Those of which a resource had another id already. */
  readonly adopted: readonly Fingerprint[];
}

/** What is to be remembered of the records that were accepted. */
export const whatBecameOf = (
  good: readonly MappedRecord[],
  outcomes: readonly RecordOutcome[],
): Remembered => {
  const actual = new Map(outcomes.map(({ externalId, id }) => [externalId, id]));
  const gone: string[] = [];
  const renamed = new Map<string, string>();
  const asPlanned: Fingerprint[] = [];
  const adopted: Fingerprint[] = [];
  for (const { externalId, print, records } of good) {
    const ids = records.map((record) => actual.get(record.externalId) ?? record.id);
    const others = records.flatMap(({ id }, at): [string, string][] => {
      const found = ids[at];
      return found === undefined || found === id ? [] : [[id, found]];
    });
    for (const [sent, found] of others) renamed.set(sent, found);
    if (records.every(({ op }) => op === 'delete')) gone.push(externalId);
    else (others.length === 0 ? asPlanned : adopted).push({ externalId, print, ids });
  }
  return { gone, renamed, asPlanned, adopted };
};
