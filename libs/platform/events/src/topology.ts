import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';

const DAY_NS = 24 * 3600 * 1_000_000_000;
const GIB = 1024 ** 3;

/** Name of the stream of all TMF events. */
export const TMF_EVENTS = 'TMF_EVENTS';
/** Name of the stream of ingest batches and their outcomes. */
export const INGEST = 'INGEST';
/** Name of the stream of messages that no consumer could handle. */
export const DEAD_LETTERS = 'DEAD_LETTERS';
/** Name of the stream of what people should be told of. */
export const ALERTS = 'ALERTS';

type StreamSpec = Pick<
  StreamConfig,
  'name' | 'subjects' | 'max_age' | 'max_bytes' | 'duplicate_window' | 'discard' | 'retention' | 'storage'
>;

const limited = (
  name: string,
  subjects: string[],
  maxAgeDays: number,
  maxBytes: number,
  discard: DiscardPolicy,
): StreamSpec => ({
  name,
  subjects,
  max_age: maxAgeDays * DAY_NS,
  max_bytes: maxBytes,
  duplicate_window: 120 * 1_000_000_000,
  discard,
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
});

/**
 * Every stream of the suite, all bounded. A full ingest or dead-letter stream refuses new messages (the sender
 * keeps them); the event stream drops the oldest after a week, because its producers must never stop; so do
 * alerts.
 */
export const STREAMS: readonly StreamSpec[] = [
  limited(TMF_EVENTS, ['tmf.>'], 7, 4 * GIB, DiscardPolicy.Old),
  limited(INGEST, ['ingest.>'], 3, 2 * GIB, DiscardPolicy.New),
  limited(DEAD_LETTERS, ['dlq.>'], 30, GIB, DiscardPolicy.New),
  limited(ALERTS, ['alerts.>'], 7, GIB / 16, DiscardPolicy.Old),
];
