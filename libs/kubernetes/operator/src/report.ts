import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';

/** What a connector process says of one stream (`GET /status` of its operations routes). */
export interface StreamReport {
  readonly name: string;
  readonly state?: string;
  /** How the last run ended that succeeded or failed: `state` may be of one that is under way, or was cut off. */
  readonly outcome?: string;
  readonly lastRunAt?: string;
  readonly lastSuccessAt?: string;
  readonly nextRunAt?: string;
  readonly counts?: Readonly<Record<string, number>>;
  readonly checkpoint?: { readonly at: string; readonly id: string };
  readonly quarantined?: number;
  readonly error?: string;
  /** The span of the last run (W3C Trace Context). */
  readonly traceparent?: string;
}

/** What a connector process says of itself. */
export interface ConnectorReport {
  readonly state: 'running' | 'paused';
  /** Whether the outside system answered when it was last asked. */
  readonly connected?: { readonly ok: boolean; readonly message?: string };
  readonly streams: readonly StreamReport[];
}

/** A report, or why there is none. */
export type ReportFact =
  { readonly ok: true; readonly report: ConnectorReport } | { readonly ok: false; readonly message: string };

/** Spans of runs that the status does not tell of yet. */
export const newRunsIn = (
  fact: ReportFact | undefined,
  known: readonly { readonly name: string; readonly lastRunTime?: string }[] = [],
): readonly string[] =>
  fact?.ok !== true
    ? []
    : fact.report.streams.flatMap(({ name, lastRunAt, traceparent }) =>
        traceparent === undefined ||
        known.some((stream) => stream.name === name && stream.lastRunTime === lastRunAt)
          ? []
          : [traceparent],
      );

/** Reads an answer of the connector; undefined when it is none. Unknown parts are ignored: it may be a newer version. */
export const readReport = (answer: unknown): ConnectorReport | undefined => {
  if (!isJsonObject(answer) || !Array.isArray(answer['streams'])) return undefined;
  const state = answer['state'] === 'paused' ? 'paused' : 'running';
  const connected = answer['connected'];
  const named = answer['streams'].filter(
    (stream): stream is JsonObject & { name: string } =>
      isJsonObject(stream) && typeof stream['name'] === 'string',
  );
  return {
    state,
    streams: named as unknown as readonly StreamReport[],
    ...(isJsonObject(connected) && typeof connected['ok'] === 'boolean'
      ? {
          connected: {
            ok: connected['ok'],
            ...(typeof connected['message'] === 'string' ? { message: connected['message'] } : {}),
          },
        }
      : {}),
  };
};
