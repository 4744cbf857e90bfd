import { isoNow, type Clock } from '@quotebridge/platform/core';
import { textAt } from './vendor-json';
import type { Notes } from './ports';

const KIND = 'concern';
const PAGE = 500;

/** What is not as it should be with one record, until it is: nothing failed, and somebody has to look at it. */
export interface Concern {
  /** A word for what it is; a label of a metric. */
  readonly what: string;
  /** The record in the outside system. */
  readonly key: string;
  readonly message: string;
  /** Since when (date-time). */
  readonly at: string;
}

/** Notes what people have to be told of single records; shared by the replicas of an instance. */
export class Concerns {
  constructor(
    private readonly notes: Pick<Notes, 'get' | 'put'>,
    private readonly clock: Clock,
  ) {}

  /** Tells that a record is not as it should be, or with `undefined` that it is again. What is known costs a read only. */
  async tell(what: string, key: string, message: string | undefined): Promise<void> {
    const name = `${what}/${key}`;
    const known = textAt((await this.notes.get(KIND, name)) ?? {}, 'message');
    if (known === message) return;
    if (message === undefined) await this.notes.put(KIND, [{ key: name, value: {} }], this.clock.now());
    else await this.notes.put(KIND, [{ key: name, value: { what, key, message, at: isoNow(this.clock) } }]);
  }
}

/** What there is to be told at the moment. */
export const concernsOf = async (notes: Pick<Notes, 'pages'>): Promise<readonly Concern[]> => {
  const found: Concern[] = [];
  for await (const page of notes.pages(KIND, PAGE))
    for (const { value } of page) {
      const [what, key, message, at] = ['what', 'key', 'message', 'at'].map((name) => textAt(value, name));
      if (what !== undefined && key !== undefined && message !== undefined && at !== undefined)
        found.push({ what, key, message, at });
    }
  return found;
};
