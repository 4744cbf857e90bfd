import type { JsonObject } from '@quotebridge/platform/core';
import type { HttpClient, HttpReply } from '@quotebridge/platform/resilience';
import { batchOfChanges, batchOfReads, readBatch, type PartRequest } from './messages';
import type { Mixed } from './multipart';

/** Things that are asked for in one batch: answers are held in memory together. */
const READS_AT_ONCE = 5;

/** Fields of one entity to be set. */
export interface EntityChange {
  /** Address of the entity behind the root of its service: `A_SalesOrderItem(…)`. */
  readonly path: string;
  readonly fields: JsonObject;
  /** The version that is changed; another one is left alone (412). Without it any. */
  readonly etag?: string;
}

/** Calls of `$batch` of one service; `root` is the path of its root without a slash at the end. */
export class BatchCalls {
  constructor(
    private readonly http: HttpClient,
    private readonly addressOf: (root: string) => string,
  ) {}

  /**
   * Asks for several things with as few calls as it takes. The answer to each, in their order; undefined for one that
   * was not answered well: it is to be asked for again, alone. Paths begin behind the root.
   */
  async read(root: string, paths: readonly string[]): Promise<readonly (HttpReply | undefined)[]> {
    const answers: (HttpReply | undefined)[] = [];
    for (let from = 0; from < paths.length; from += READS_AT_ONCE) {
      const some = paths.slice(from, from + READS_AT_ONCE);
      // A lone one needs no batch.
      answers.push(...(some.length === 1 ? [undefined] : await this.readSome(root, some)));
    }
    return answers;
  }

  /** Makes all of the changes or none. They set values, so doing it twice has no second effect. */
  async change(root: string, changes: readonly EntityChange[]): Promise<void> {
    const requests = changes.map(({ path, fields, etag = '*' }): PartRequest => ({
      method: 'PATCH',
      path,
      headers: { accept: 'application/json', 'content-type': 'application/json', 'if-match': etag },
      body: JSON.stringify(fields),
    }));
    await this.send(root, batchOfChanges(requests));
  }

  private async readSome(
    root: string,
    paths: readonly string[],
  ): Promise<readonly (HttpReply | undefined)[]> {
    const parts = readBatch(await this.send(root, batchOfReads(paths)));
    const given = parts.ok ? parts.value : [];
    // One that answers more or less than it was asked cannot be told apart.
    if (given.length !== paths.length) return paths.map(() => undefined);
    return given.map((part) =>
      part.kind === 'single' && part.reply.status === 200 ? part.reply : undefined,
    );
  }

  private send(root: string, { contentType, body }: Mixed): Promise<HttpReply> {
    return this.http.call({
      method: 'POST',
      path: this.addressOf(root),
      headers: { accept: 'multipart/mixed', 'content-type': contentType },
      body,
      idempotent: true,
    });
  }
}
