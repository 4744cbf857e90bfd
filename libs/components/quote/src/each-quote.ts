import { Refusal } from '@quotebridge/platform/core';
import type { Runtime } from '@quotebridge/tmf/component';

const BATCH = 100;

/**
 * Does something with the id of each quote that matches, in pages by id, so that one that cannot be changed keeps no other
 * waiting: a refusal is logged and the next one follows, anything else is thrown. Ends early when told to stop.
 */
export const eachQuote = async (
  { service, logger }: Runtime,
  filter: Readonly<Record<string, unknown>>,
  stopping: AbortSignal,
  work: (id: string) => Promise<unknown>,
): Promise<void> => {
  const { collection } = service('quote').repository;
  for (let last = ''; !stopping.aborted;) {
    const page = await collection
      .find({ ...filter, _id: { $gt: last } }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(BATCH)
      .toArray();
    for (const { _id } of page) {
      await work(_id).catch((thrown: unknown) => {
        if (!(thrown instanceof Refusal) || thrown.status >= 500) throw thrown;
        // Somebody else was at the quote, or its state does not allow it: it is looked at again in another round.
        logger.warn({ quote: _id, reason: thrown.message }, 'A quote was left as it is');
      });
    }
    if (page.length < BATCH) break;
    last = page.at(-1)?._id ?? '';
  }
};
