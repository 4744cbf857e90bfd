import type { JsonObject } from '@quotebridge/platform/core';

/** An answer with where it comes from and how old it is. */
export interface LookedUp {
  /** The JSON object that was found, as text: kept so, a structure of hundreds of lines is one thing in memory and not thousands. */
  readonly text: string;
  readonly source: 'erp' | 'masterData';
  /** When it was so; absent where the text says it itself. */
  readonly asOf?: string;
  /** True when the ERP should have been asked and could not be. */
  readonly stale: boolean;
  /** Why it is not from the ERP. */
  readonly reason?: string;
  /** Nobody answered in time now: this was known before. */
  readonly isOld?: true;
}

/** The object of an answer. */
export const valueOf = ({ text }: LookedUp): JsonObject => JSON.parse(text) as JsonObject;
