import {
  INGEST,
  ingestSubject,
  outcomeSubject,
  PermanentError,
  type ConsumerSpec,
  type Delivery,
  type EventBus,
  type IngestBatch,
  type IngestOutcome,
} from '@quotebridge/platform/events';
import { isTransientStoreError } from '@quotebridge/platform/store';
import { BatchApplier } from './apply-batch';
import type { IngestPolicy } from './apply-record';
import type { ResourceService } from '../service';

const isBatch = (value: unknown): value is IngestBatch =>
  typeof value === 'object' &&
  value !== null &&
  'run' in value &&
  typeof value.run === 'string' &&
  'records' in value &&
  Array.isArray(value.records);

/** The durable consumer of the batches of one resource. */
export const ingestConsumer = (resource: string): ConsumerSpec => ({
  durable: `ingest-${resource}`,
  stream: INGEST,
  subjects: [ingestSubject(resource)],
  concurrency: 8,
  maxAttempts: 6,
  backoffMs: [200, 1_000, 5_000, 15_000],
  ackWaitMs: 5_000,
  isTransient: isTransientStoreError,
});

/**
 * Takes a batch in and answers with an outcome for each record. A batch that is delivered again finds its records
 * stored and answers `unchanged`, so a crash between storing and answering does no harm.
 */
export const ingestHandler = (bus: EventBus, service: ResourceService, policy?: IngestPolicy) => {
  const applier = new BatchApplier(service, policy);
  let searching: Promise<unknown> = Promise.resolve();
  return async (delivery: Delivery): Promise<void> => {
    const batch = delivery.json();
    if (!isBatch(batch))
      throw new PermanentError(`The message on ${delivery.subject} is not an ingest batch`);
    // Two sources that bring the same new thing at once must not both find that it is not there.
    const isSearch = (batch.naturalKeys ?? []).length > 0;
    const work = isSearch ? searching.then(() => applier.apply(batch)) : applier.apply(batch);
    if (isSearch) searching = work.catch(() => undefined);
    const outcomes = await work;
    const outcome: IngestOutcome = { run: batch.run, batch: batch.batch, resource: batch.resource, outcomes };
    await bus.publish(outcomeSubject(batch.run), outcome, {
      id: `${batch.run}:${batch.resource}:${batch.batch}:outcome`,
      key: batch.run,
    });
  };
};
