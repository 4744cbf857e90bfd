import type { JsonObject } from '@quotebridge/platform/core';
import { isCallFailed } from '@quotebridge/platform/resilience';
import type { RestClient } from './rest-client';
import { positionOf } from './soql';

/** True for the refusal of a page whose query the org has forgotten: it keeps them for two days, and not many. */
const isForgotten = (thrown: unknown): boolean =>
  isCallFailed(thrown, 'reject') &&
  thrown.decision.kind === 'reject' &&
  ['INVALID_QUERY_LOCATOR', 'QUERY_MORE_LOCATOR_EXPIRED'].includes(thrown.decision.code ?? '');

/**
 * Pages of what changed since `from`, in the order of change; deleted records are among them, but not in a complete
 * read. When the org has forgotten the query, it is asked anew from the last record on; records that come twice are
 * recognised as unchanged.
 */
export async function* readChanges(
  client: RestClient,
  query: (from: string | undefined) => string,
  from: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly JsonObject[]> {
  let since = from;
  for (;;) {
    let last = since;
    try {
      for await (const page of client.query(query(since), from !== undefined)) {
        signal.throwIfAborted();
        yield page;
        last = positionOf(page.at(-1) ?? {})?.at ?? last;
      }
      return;
    } catch (thrown) {
      // Nothing was read since it was asked last: asking once more would not help.
      if (!isForgotten(thrown) || last === since) throw thrown;
      since = last;
    }
  }
}
