import type { JsonObject } from '@quotebridge/platform/core';
import { refused } from './errors';

const MOST_CURSORS = 50;

/** Query results that are read page by page. The oldest are forgotten, as the real org limits open cursors. */
export class Cursors {
  private readonly open = new Map<string, readonly JsonObject[]>();
  private serial = 0;

  /** `most` records in a page, however many are asked for. */
  constructor(private readonly most = Infinity) {}

  /** The answer's page from `offset` on, with the way to the next one. */
  page(base: string, records: readonly JsonObject[], asked: number): JsonObject {
    const size = Math.min(asked, this.most);
    if (records.length <= size) return { totalSize: records.length, done: true, records: [...records] };
    this.serial += 1;
    const id = `01gQB${String(this.serial).padStart(10, '0')}AAA`;
    this.open.set(id, records);
    for (const oldest of this.open.keys()) {
      if (this.open.size <= MOST_CURSORS) break;
      this.open.delete(oldest);
    }
    return this.slice(base, id, records, 0, size);
  }

  /** A later page by its locator `01g…-2000`. */
  next(base: string, locator: string, asked: number): JsonObject {
    const [, id = '', offset = '0'] = /^(\w+)-(\d+)$/.exec(locator) ?? [];
    const records = this.open.get(id);
    if (records === undefined) throw refused(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    return this.slice(base, id, records, Number(offset), Math.min(asked, this.most));
  }

  clear(): void {
    this.open.clear();
  }

  private slice(
    base: string,
    id: string,
    records: readonly JsonObject[],
    from: number,
    size: number,
  ): JsonObject {
    const end = from + size;
    const done = end >= records.length;
    return {
      totalSize: records.length,
      done,
      ...(done ? {} : { nextRecordsUrl: `${base}/query/${id}-${end}` }),
      records: records.slice(from, end),
    };
  }
}
