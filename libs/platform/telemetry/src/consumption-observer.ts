import type { Logger } from './logger';
import type { EventMetrics } from './standard-metrics';

/** Counts and logs what becomes of the messages of durable consumers; an observer for the event bus. */
export const consumptionObserver = (
  logger: Logger,
  metrics: Pick<EventMetrics, 'consumed' | 'deadLetters'>,
) => ({
  // A counter that is first seen with its first letter has not increased, says Prometheus, and nobody would be alarmed.
  begin: (consumer: string): void => metrics.deadLetters.add({ consumer }, 0),
  retry: (consumer: string, subject: string, attempt: number, reason: string): void => {
    metrics.consumed.add({ consumer, outcome: 'retried' });
    logger.warn({ consumer, subject, attempt, reason }, 'A message could not be handled and is tried again');
  },
  deadLetter: (consumer: string, subject: string, reason: string): void => {
    metrics.consumed.add({ consumer, outcome: 'dead' });
    metrics.deadLetters.add({ consumer });
    logger.error({ consumer, subject, reason }, 'A message went to the dead letters');
  },
});
