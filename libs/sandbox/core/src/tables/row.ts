import type { JsonObject } from '@quotebridge/platform/core';

/** A stored row. Rows are never changed in place: a write replaces the whole row. */
export type Row = JsonObject;
