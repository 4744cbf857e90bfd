import { isoNow, type Clock } from '@quotebridge/platform/core';
import type { ConcernBook } from './ports';

/** Notes what people have to be told of single records; shared by the replicas of an instance. */
export class Concerns {
  constructor(
    private readonly book: Pick<ConcernBook, 'message' | 'put' | 'remove'>,
    private readonly clock: Clock,
  ) {}

  /** Tells that a record is not as it should be, or with `undefined` that it is again. What is known costs a read only. */
  async tell(what: string, key: string, message: string | undefined): Promise<void> {
    const known = await this.book.message(what, key);
    if (known === message) return;
    if (message === undefined) await this.book.remove(what, key);
    else await this.book.put({ what, key, message, at: isoNow(this.clock) });
  }
}
