import type { ConflictRule, IngestRecord } from '@quotebridge/platform/events';
import { sourcesOf, type IngestMark } from './mark';

/** Who changed a stored resource last, and when by the clock that counts. */
export interface LastChange {
  /** Principal of the change. */
  readonly by: string;
  readonly at: Date;
  readonly mark: IngestMark | undefined;
}

/** Name of whoever changes resources over the API, in rules of priority. */
const LOCAL = 'local';
const CONNECTOR = 'connector:';

const writerOf = ({ by }: LastChange): string =>
  by.startsWith(CONNECTOR) ? by.slice(CONNECTOR.length) : LOCAL;

const timeOf = ({ by, at, mark }: LastChange): number =>
  by.startsWith(CONNECTOR) && mark?.modifiedAt !== undefined ? Date.parse(mark.modifiedAt) : at.getTime();

const rank = (order: readonly string[], name: string): number =>
  order.includes(name) ? order.indexOf(name) : order.length;

/** True for a record that its own source has overtaken: an older state that arrives late. */
export const isStale = (mark: IngestMark | undefined, record: IngestRecord, source: string): boolean =>
  mark?.source === source &&
  mark.modifiedAt !== undefined &&
  record.modifiedAt !== undefined &&
  Date.parse(record.modifiedAt) < Date.parse(mark.modifiedAt);

/**
 * What to do with a record that meets a resource which somebody else changed last: take it, leave the resource as it
 * is, or let a person decide. Pure. A record without a time of change counts as new. By priority a source that goes first keeps
 * its say after somebody else has changed what it brought.
 */
export const settleConflict = (
  last: LastChange,
  record: Pick<IngestRecord, 'modifiedAt'>,
  source: string,
  conflict: ConflictRule | undefined,
): 'take' | 'leave' | 'ask' => {
  const writer = writerOf(last);
  if (conflict === undefined || conflict.rule === 'incoming' || writer === source) return 'take';
  if (conflict.rule === 'manual') return 'ask';
  if (conflict.rule === 'priority') {
    const others = [writer, ...sourcesOf(last.mark)].map((name) => rank(conflict.order, name));
    return rank(conflict.order, source) <= Math.min(...others) ? 'take' : 'leave';
  }
  return record.modifiedAt === undefined || Date.parse(record.modifiedAt) >= timeOf(last) ? 'take' : 'leave';
};
