import { hostname } from 'node:os';
import { isoNow, messageOf, systemClock, type Ids } from '@quotebridge/platform/core';
import { alertSubject, type EventBus } from '@quotebridge/platform/events';
import type { Logger } from '@quotebridge/platform/telemetry';
import type {
  ConnectorInstance,
  ConnectorObserver,
  ConnectorStores,
  RunRecord,
} from '@quotebridge/connectors/sdk';
import type { ConnectorAppSettings } from '../connector-app';
import { noteFailing } from '../failing-streams';
import { roundMemory, roundsOf, startTimetable, type ScheduleDefaults, type Timetable } from './timetable';

/** What schedules need of a running connector. */
interface SchedulingOptions {
  readonly app: Pick<ConnectorAppSettings, 'instance' | 'streams' | 'onAlert' | 'leaseMs'>;
  readonly defaults: ScheduleDefaults;
  readonly instance: ConnectorInstance;
  readonly stores: ConnectorStores;
  readonly bus: EventBus;
  readonly logger: Logger;
  readonly observer: ConnectorObserver;
  readonly ids: Ids;
}

const LEASE_MS = 30_000;

/** Runs the streams of a connector by their schedules; tells log, metric, event and hook when one keeps failing. */
export const startScheduling = (options: SchedulingOptions): Timetable => {
  const { app, defaults, instance, stores, bus, logger, observer, ids } = options;
  const leaseMs = app.leaseMs ?? LEASE_MS;
  const rounds = roundsOf(
    instance.streams.map(({ name }) => name),
    defaults,
    app.streams,
  );
  const tell = async (record: RunRecord, tries: number): Promise<void> => {
    observer.alert?.(record, tries);
    app.onAlert?.(record, tries);
    await noteFailing(stores.notes, record).catch((thrown: unknown) =>
      logger.warn({ reason: messageOf(thrown) }, 'That a stream keeps failing could not be noted'),
    );
    const { stream, _id: run, error, startedAt } = record;
    const alert = {
      instance: app.instance,
      stream,
      run,
      startedAt,
      tries,
      error: error ?? '',
      at: isoNow(systemClock),
    };
    // The log and the metric have it in any case.
    await bus
      .publish(alertSubject(app.instance, stream), alert, {
        id: `alert-${run}`,
        key: `${app.instance}/${stream}`,
      })
      .catch((thrown: unknown) =>
        logger.warn({ reason: messageOf(thrown) }, 'An alert could not be published'),
      );
  };
  return startTimetable(
    rounds,
    {
      memory: roundMemory(stores, `${hostname()}/${ids.next()}`, leaseMs),
      leaseMs,
      clock: systemClock,
      run: (ask, streams) => instance.runAll(ask, streams),
      alert: tell,
    },
    (reason) => logger.error({ reason }, 'A round over the streams failed'),
  );
};
