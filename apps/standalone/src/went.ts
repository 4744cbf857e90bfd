import type { RunRecord } from '@quotebridge/connectors/sdk';

/** Throws a sentence when a run of the demonstration did not bring everything. */
export const went = (run: RunRecord): void => {
  if (run.state === 'succeeded' && run.counts.rejected === 0) return;
  throw new Error(`Reading ${run.stream} ${run.state}: ${run.error ?? JSON.stringify(run.named ?? [])}`);
};
