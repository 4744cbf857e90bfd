import {
  stateOf,
  type Condition,
  type Connector,
  type ConnectorStatus,
  type StreamStatus,
} from './connector';
import { conditionOf } from './conditions';
import type { Facts } from './facts';
import { coarseAge } from './lag';
import type { StreamReport } from './report';
import type { Rollout } from './rollout';

const defined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;

const MOST_ERROR = 500;

const streamOf = (stream: StreamReport, now: number): StreamStatus =>
  defined({
    name: stream.name,
    state: stream.state,
    lastRunTime: stream.lastRunAt,
    lastSuccessTime: stream.lastSuccessAt,
    nextRunTime: stream.nextRunAt,
    counts: stream.counts,
    checkpoint:
      stream.checkpoint === undefined ? undefined : `${stream.checkpoint.at} ${stream.checkpoint.id}`,
    lag: stream.lastSuccessAt === undefined ? undefined : coarseAge(now - Date.parse(stream.lastSuccessAt)),
    quarantined: stream.quarantined,
    error: stream.error?.slice(0, MOST_ERROR),
  } as StreamStatus);

const phaseOf = (connector: Connector, conditions: readonly Condition[], rollout: Rollout): string => {
  if (connector.metadata.deletionTimestamp !== undefined) return 'Draining';
  if (conditionOf(conditions, 'ConfigurationValid')?.status === 'False') return 'Invalid';
  if (conditionOf(conditions, 'CredentialsValid')?.status === 'False') return 'NoCredentials';
  const state = stateOf(connector);
  if (state !== 'Running') return state;
  if (conditionOf(conditions, 'Degraded')?.status === 'True') return 'Degraded';
  return rollout.phase === 'settled' && rollout.ready > 0 ? 'Running' : 'Starting';
};

const latest = (times: readonly (string | undefined)[]): string | undefined =>
  times
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);

/** The status that follows from the facts and the conditions. While no report comes, what was known of the streams stays. */
export const statusOf = (
  facts: Facts,
  conditions: readonly Condition[],
  rollout: Rollout,
): ConnectorStatus => {
  const { connector, report, now } = facts;
  const before = connector.status;
  const reported = report?.ok === true ? report.report.streams : undefined;
  const streams = reported?.map((stream) => streamOf(stream, now)) ?? before?.streams;
  const oldest = reported
    ?.map(({ lastSuccessAt }) => lastSuccessAt)
    .filter((time) => time !== undefined)
    .sort()
    .at(0);
  return defined({
    observedGeneration: connector.metadata.generation,
    phase: phaseOf(connector, conditions, rollout),
    replicas: `${rollout.ready}/${rollout.wanted}`,
    lastSyncTime: latest((streams ?? []).map(({ lastSuccessTime }) => lastSuccessTime)),
    lag: oldest === undefined ? before?.lag : coarseAge(now - Date.parse(oldest)),
    conditions,
    streams,
    handledRunNow: before?.handledRunNow,
  } as ConnectorStatus);
};
