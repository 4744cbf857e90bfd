import type { JsonObject } from '@quotebridge/platform/core';
import { refused } from './errors';
import type { Found } from './soql/run';

const MOST_CURSORS = 50;

/** Query results that are read page by page. The oldest are forgotten, as the real org limits open cursors. */
export class Cursors {
  private readonly open = new Map<string, Found>();
  private serial = 0;

  /** `most` records in a page, however many are asked for. */
  constructor(private readonly most = Infinity) {}

  /** The answer's page from `offset` on, with the way to the next one. */
  page(base: string, found: Found, asked: number): JsonObject {
    const size = Math.min(asked, this.most);
    if (found.size <= size) return { totalSize: found.size, done: true, records: [...found.page(0, size)] };
    this.serial += 1;
    const id = `01gQB${String(this.serial).padStart(10, '0')}AAA`;
    this.open.set(id, found);
    for (const oldest of this.open.keys()) {
      if (this.open.size <= MOST_CURSORS) break;
      this.open.delete(oldest);
    }
    return this.slice(base, id, found, 0, size);
  }

  /** A later page by its locator `01g…-2000`. */
  next(base: string, locator: string, asked: number): JsonObject {
    const [, id = '', offset = '0'] = /^(\w+)-(\d+)$/.exec(locator) ?? [];
    const found = this.open.get(id);
    if (found === undefined) throw refused(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    return this.slice(base, id, found, Number(offset), Math.min(asked, this.most));
  }

  clear(): void {
    this.open.clear();
  }

  private slice(base: string, id: string, found: Found, from: number, size: number): JsonObject {
    const end = from + size;
    const done = end >= found.size;
    return {
      totalSize: found.size,
      done,
      ...(done ? {} : { nextRecordsUrl: `${base}/query/${id}-${end}` }),
      records: [...found.page(from, size)],
    };
  }
}
