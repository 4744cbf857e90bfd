import type { ConnectorDefinition, RunRecord, StreamOptions } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import type { OutboundPolicyOptions } from '@quotebridge/platform/resilience';
import type { Logger } from '@quotebridge/platform/telemetry';
import type { ScheduleDefaults } from './schedule/timetable';

/** Everything one connector instance needs to run. */
export interface ConnectorAppSettings {
  /** The kind of connector, for example the `salesforce` of its lib. */
  readonly definition: ConnectorDefinition;
  /** Name of the instance: `source` of what it publishes, owner of external identifiers. */
  readonly instance: string;
  readonly settings: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  readonly mongodbUri: string;
  /** Database of the instance's checkpoints, runs, quarantine and journal; instances may share one. */
  readonly database: string;
  readonly natsUrl: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** When streams run that have no schedule of their own; absent: no stream runs by itself. */
  readonly schedule?: ScheduleDefaults;
  /** Begins nothing by itself and leaves events where they are, but takes commands. */
  readonly paused?: boolean;
  /** How single streams run, and actions that are left alone. */
  readonly streams?: readonly StreamOptions[];
  readonly withoutActions?: ReadonlySet<string>;
  /** Called when a stream keeps failing, besides log, metric and event. */
  readonly onAlert?: (record: RunRecord, tries: number) => void;
  readonly outbound: OutboundPolicyOptions;
  /** Metrics of the process are among those of the connector: it has the process for itself. */
  readonly processMetrics?: boolean;
  readonly logger: Logger;
  /** How long a start waits for a MongoDB or NATS that cannot be used yet; not at all unless given. */
  readonly startupWaitMs?: number;
  /** Needed for the operations routes unless the host is a loopback address. */
  readonly adminToken?: string;
  /** See `InstanceOptions`. */
  readonly settleMs?: number;
  readonly leaseMs?: number;
  readonly batchSize?: number;
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;
// It becomes part of subjects and consumer names.
const INSTANCE_NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Refuses an instance that must not be started so. */
export const checkApp = ({ instance, host, adminToken }: ConnectorAppSettings): void => {
  if (!INSTANCE_NAME.test(instance)) {
    throw new Error(`The instance name "${instance}" must be up to 40 lower-case letters, digits and dashes`);
  }
  if (!LOOPBACK.test(host) && adminToken === undefined) {
    throw new Error(`Listening on ${host} needs an admin token, because anyone there could start runs`);
  }
};
