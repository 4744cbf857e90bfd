import type { ConnectorObserver } from '@quotebridge/connectors/sdk';
import type { Logger, Metrics } from '@quotebridge/platform/telemetry';

const OUTCOMES = ['created', 'updated', 'unchanged', 'deleted', 'rejected', 'missing'] as const;

/** What a connector has, by name. */
interface Counted {
  readonly streams: readonly string[];
  readonly actions: readonly string[];
}

/** An observer that is told beforehand what there will be to count. */
export interface CountingObserver extends ConnectorObserver {
  /** Counts from nothing: of a counter that is first seen with its first count Prometheus says that it has not increased. */
  begin(counted: Counted): void;
}

/** Logs and counts what a connector does. Runs that found nothing new are logged for debugging only. */
export const connectorObserver = (logger: Logger, metrics: Metrics): CountingObserver => {
  const runs = metrics.counter({
    name: 'quotebridge_connector_runs_total',
    help: 'Runs of a stream by how they ended.',
    labels: ['stream', 'state'],
  });
  const records = metrics.counter({
    name: 'quotebridge_connector_records_total',
    help: 'Records of a stream by what became of them.',
    labels: ['stream', 'outcome'],
  });
  const actions = metrics.counter({
    name: 'quotebridge_connector_actions_total',
    help: 'Events that an action took, by result.',
    labels: ['action', 'result'],
  });
  const questions = metrics.counter({
    name: 'quotebridge_connector_questions_total',
    help: 'Live questions by how they ended.',
    labels: ['question', 'result'],
  });
  const questionSeconds = metrics.histogram({
    name: 'quotebridge_connector_question_seconds',
    help: 'Time to the answer of a live question.',
    labels: ['question'],
  });
  return {
    begin: (counted) => {
      for (const stream of counted.streams)
        for (const outcome of OUTCOMES) records.add({ stream, outcome }, 0);
      for (const action of counted.actions)
        for (const result of ['done', 'failed']) actions.add({ action, result }, 0);
    },
    alert: (record, tries) => {
      const { stream, error } = record;
      logger.error({ run: record._id, stream, tries, error }, 'A stream keeps failing and needs somebody');
    },
    sharing: (reason) => logger.warn({ reason }, 'The events could not be shared out; that is tried again'),
    question: (question, result, ms) => {
      questions.add({ question, result });
      questionSeconds.observe({ question }, ms / 1000);
    },
    run: (record) => {
      const { stream, state, counts, error } = record;
      if (record.dryRun === true) return;
      runs.add({ stream, state });
      for (const outcome of OUTCOMES) records.add({ stream, outcome }, counts[outcome]);
      const fields = { run: record._id, stream, state, counts, ...(error === undefined ? {} : { error }) };
      const isNews = counts.created + counts.updated + counts.deleted + counts.rejected + counts.missing > 0;
      if (state === 'paused') {
        const { resumesAt } = record;
        logger.warn({ ...fields, resumesAt }, 'A run is paused until the outside system takes calls again');
      } else if (state === 'failed') logger.error(fields, 'A run failed');
      else if (isNews) logger.info(fields, 'A run ended');
      else logger.debug(fields, 'A run found nothing new');
    },
    action: (action, eventId, error) => {
      actions.add({ action, result: error === undefined ? 'done' : 'failed' });
      if (error === undefined) logger.debug({ action, eventId }, 'An action was done');
      else logger.warn({ action, eventId, error }, 'An action failed');
    },
  };
};
