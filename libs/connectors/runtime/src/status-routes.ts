import { isoNow, messageOf, type Clock } from '@quotebridge/platform/core';
import { type ConnectorInstance, type ConnectorStores, type RunRecord } from '@quotebridge/connectors/sdk';
import type { FastifyInstance } from 'fastify';
import { concernReport } from './concern-routes';
import { latestRuns } from './latest-runs';

/** What the report is made of. */
export interface StatusOptions {
  readonly instance: ConnectorInstance;
  readonly stores: ConnectorStores;
  readonly clock: Clock;
  readonly paused: boolean;
  /** When a stream runs next by itself, epoch milliseconds. */
  readonly nextRunMs: (stream: string) => Promise<number | undefined>;
}

interface Connected {
  readonly ok: boolean;
  readonly message?: string;
  readonly at: string;
}

/** The outside system is asked at most so often, whoever asks for the report. */
const CHECK_MS = 60_000;

const checker = ({ instance, clock }: StatusOptions): (() => Connected | undefined) => {
  let last: Connected | undefined;
  let askedMs = -Infinity;
  return () => {
    if (clock.now() - askedMs >= CHECK_MS) {
      askedMs = clock.now();
      // Not waited for: a system that is slow must not make the connector look dead.
      instance.connector.check().then(
        () => (last = { ok: true, at: isoNow(clock) }),
        (thrown: unknown) =>
          (last = { ok: false, message: instance.redact(messageOf(thrown)), at: isoNow(clock) }),
      );
    }
    return last;
  };
};

const lastRunOf = ({ state, startedAt, endedAt, counts, error, resumesAt, traceparent }: RunRecord) => ({
  state,
  lastRunAt: startedAt,
  ...(state === 'succeeded' && endedAt !== undefined ? { lastSuccessAt: endedAt } : {}),
  counts,
  ...(error === undefined ? {} : { error }),
  ...(resumesAt === undefined ? {} : { resumesAt }),
  ...(traceparent === undefined ? {} : { traceparent }),
});

/** How the stream is, whatever the run that is under way will come to. */
const outcomeOf = ({ state, error }: RunRecord) => ({
  outcome: state,
  ...(state !== 'failed' || error === undefined ? {} : { error }),
});

/** `GET /status`: how the instance and each of its streams are, for operators and programs that watch over it. */
export const statusRoutes = (app: FastifyInstance, options: StatusOptions): void => {
  const { instance, stores, paused, nextRunMs } = options;
  const connected = checker(options);
  app.get('/status', async () => {
    const isConnected = connected();
    return {
      state: paused ? 'paused' : 'running',
      ...(isConnected === undefined ? {} : { connected: isConnected }),
      ...(await concernReport(stores)),
      streams: await Promise.all(
        instance.streams.map(async ({ name, title, entity, resource, mode }) => {
          const { last, decided, good } = await latestRuns(stores.runs, name);
          const checkpoint = await stores.checkpoints.load(name);
          const nextMs = await nextRunMs(name);
          return {
            name,
            title,
            entity,
            resource,
            mode: mode ?? 'delta',
            quarantined: await stores.quarantine.count(name),
            ...(checkpoint === undefined ? {} : { checkpoint }),
            ...(last === undefined ? {} : lastRunOf(last)),
            ...(decided === undefined ? {} : outcomeOf(decided)),
            ...(good?.endedAt === undefined ? {} : { lastSuccessAt: good.endedAt }),
            ...(nextMs === undefined ? {} : { nextRunAt: new Date(nextMs).toISOString() }),
          };
        }),
      ),
    };
  });
};
