import { isJsonObject, messageOf } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import { traceHeadersOf } from '@quotebridge/platform/telemetry';
import { childName } from './children/common';
import type { Connector } from './connector';
import { readReport, type ReportFact } from './report';

/** How connector processes are reached. */
export interface ConnectorApiOptions {
  /** Address with `{name}` (of the Service) and `{namespace}` in it. */
  readonly address: string;
  /** The bearer token of the connectors of a namespace; undefined when there is none. */
  token(namespace: string): Promise<string | undefined>;
  readonly timeoutMs: number;
}

/** The operations routes of a connector process, as far as the operator needs them. */
export class ConnectorApi {
  constructor(private readonly options: ConnectorApiOptions) {}

  /** What the process says of itself. Never rejects: that it says nothing is a fact, too. */
  async report(connector: Connector): Promise<ReportFact> {
    try {
      const answer = await this.call(connector, 'GET', '/status');
      const report = answer.ok ? readReport(await answer.json()) : undefined;
      if (report !== undefined) return { ok: true, report };
      await answer.body?.cancel().catch(() => undefined);
      return { ok: false, message: answer.ok ? 'its answer is no report' : `it answered ${answer.status}` };
    } catch (thrown) {
      return { ok: false, message: reasonOf(thrown) };
    }
  }

  /**
   * Starts runs of all streams, or of one. Undefined when the connector has taken it, or the reason why it refuses;
   * throws when it could not be asked.
   */
  async runNow(
    connector: Connector,
    stream: string | undefined,
    trace: Context,
  ): Promise<string | undefined> {
    const path = stream === undefined ? '/runs' : `/streams/${encodeURIComponent(stream)}/run`;
    const answer = await this.call(connector, 'POST', path, traceHeadersOf(trace));
    const text = await answer.text();
    if (answer.ok) return undefined;
    if (answer.status >= 500) throw new Error(`The connector answered ${answer.status} to run-now`);
    return `the connector answered ${answer.status}: ${reasonIn(text)}`;
  }

  private async call(
    connector: Connector,
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const { address, token, timeoutMs } = this.options;
    const { namespace = '' } = connector.metadata;
    const bearer = await token(namespace);
    const base = address.replaceAll('{name}', childName(connector)).replaceAll('{namespace}', namespace);
    return fetch(`${base}${path}`, {
      method,
      headers: { ...headers, ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) },
      signal: AbortSignal.timeout(timeoutMs),
    });
  }
}

// `fetch failed` says nothing; its cause does.
const reasonOf = (thrown: unknown): string =>
  messageOf(thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown);

const reasonIn = (text: string): string => {
  try {
    const body: unknown = JSON.parse(text);
    const message = isJsonObject(body) ? (body['message'] ?? body['reason']) : undefined;
    return typeof message === 'string' ? message : text.slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
};
