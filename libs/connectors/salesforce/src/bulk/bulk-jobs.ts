import { setTimeout as wait } from 'node:timers/promises';
import { isJsonObject, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { isCallFailed, replyJson, type HttpReply } from '@quotebridge/platform/resilience';
import { textAt } from '@quotebridge/connectors/sdk';
import type { RestClient } from '../rest-client';
import { readTime } from '../soql';

/** Waits between two looks at a job: quick at first, because small ones are done at once. */
const FIRST_LOOK_MS = 200;
const MOST_LOOK_MS = 15_000;
/** A job that is not done by then is given up. */
const PATIENCE_MS = 2 * 3600 * 1000;

/** A query job of the Bulk API 2.0. */
export interface BulkJob {
  readonly id: string;
  /** When it was made, by the clock of the org (date-time). */
  readonly createdAt: string;
}

/** One page of results: CSV with a header row. */
export interface BulkPage {
  readonly text: string;
  /** How many records the org says it has. */
  readonly count: number | undefined;
  /** Leads to the next page. */
  readonly next: string | undefined;
}

/** A job that gives nothing any more: it failed, was aborted, or the org has forgotten it or the place in it. */
export class BulkJobLost extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BulkJobLost';
  }
}

/** Codes of a refusal that another job does not meet. */
const LOST = new Set(['INVALID_LOCATOR', 'INVALIDJOB', 'INVALIDJOBSTATE', 'NOT_FOUND']);

const lostBy = (thrown: unknown): unknown => {
  if (!isCallFailed(thrown, 'reject') || thrown.decision.kind !== 'reject') return thrown;
  return LOST.has(thrown.decision.code ?? '') ? new BulkJobLost(thrown.decision.reason) : thrown;
};

const bodyOf = (reply: HttpReply): JsonObject => {
  const body = replyJson(reply);
  return isJsonObject(body) ? body : {};
};

/** Query jobs of the Bulk API 2.0 (vendor facts B1). Each call counts against the budget like any other. */
export class BulkJobs {
  constructor(
    private readonly client: RestClient,
    private readonly clock: Clock,
    private readonly rows: number,
  ) {}

  /** Makes a job. One that is made twice after a lost answer does no harm: the org drops it after seven days. */
  async create(query: string): Promise<BulkJob> {
    const reply = await this.client.call('POST', 'jobs/query', { operation: 'query', query }, true);
    const body = bodyOf(reply);
    const id = textAt(body, 'id');
    if (id === undefined) throw new Error('The org has made a bulk job without an id');
    if (body['state'] === 'Aborted' || body['state'] === 'Failed') throw this.lost(id, body);
    const createdAt = readTime(body['createdDate']) ?? new Date(this.clock.now()).toISOString();
    return { id, createdAt };
  }

  /** Resolves when the results can be read. Throws {@link BulkJobLost} when there will be none. */
  async completed(id: string, signal: AbortSignal): Promise<void> {
    const end = this.clock.now() + PATIENCE_MS;
    for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(MOST_LOOK_MS, waitMs * 2)) {
      const body = bodyOf(await this.read(`jobs/query/${id}`));
      if (body['state'] === 'JobComplete') return;
      if (body['state'] === 'Aborted' || body['state'] === 'Failed') throw this.lost(id, body);
      if (this.clock.now() > end)
        throw new Error(`The bulk job ${id} is still ${String(body['state'])} after two hours`);
      await wait(waitMs, undefined, { signal });
    }
  }

  /** One page of the results of a job that is complete; the first without a locator. */
  async page(id: string, locator: string | undefined): Promise<BulkPage> {
    const more = locator === undefined ? '' : `&locator=${encodeURIComponent(locator)}`;
    const reply = await this.read(`jobs/query/${id}/results?maxRecords=${this.rows}${more}`);
    const { 'sforce-locator': next, 'sforce-numberofrecords': count } = reply.headers;
    return {
      text: reply.body,
      count: /^\d+$/.test(count ?? '') ? Number(count) : undefined,
      next: next === undefined || next === 'null' ? undefined : next,
    };
  }

  /** Removes a job that has been read. One that cannot be removed goes by itself. */
  async remove(id: string): Promise<void> {
    await this.client.call('DELETE', `jobs/query/${id}`).catch((thrown: unknown) => {
      if (!isCallFailed(thrown)) throw thrown;
    });
  }

  private async read(path: string): Promise<HttpReply> {
    try {
      return await this.client.call('GET', path);
    } catch (thrown) {
      throw lostBy(thrown);
    }
  }

  private lost(id: string, body: JsonObject): BulkJobLost {
    const why = textAt(body, 'errorMessage');
    return new BulkJobLost(`it ended ${String(body['state'])}${why === undefined ? '' : `: ${why}`} (${id})`);
  }
}
