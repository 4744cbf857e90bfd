import type { ConnectorObserver } from '@quotebridge/connectors/sdk';
import type { Logger, Metrics } from '@quotebridge/platform/telemetry';

const OUTCOMES = ['created', 'updated', 'unchanged', 'deleted', 'rejected'] as const;

/** Logs and counts what a connector does. Runs that found nothing new are logged for debugging only. */
export const connectorObserver = (logger: Logger, metrics: Metrics): ConnectorObserver => {
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
  return {
    run: (record) => {
      const { stream, state, counts, error } = record;
      runs.add({ stream, state });
      for (const outcome of OUTCOMES) records.add({ stream, outcome }, counts[outcome]);
      const fields = { run: record._id, stream, state, counts, ...(error === undefined ? {} : { error }) };
      const isNews = counts.created + counts.updated + counts.deleted + counts.rejected > 0;
      if (state === 'failed') logger.error(fields, 'A run failed');
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
