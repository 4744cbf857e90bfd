import type { Rejection } from '@quotebridge/connectors/sdk';

/** Refuses a record that lacks what identifies it; `path` is a JSON Pointer into the record. */
export const missing = (path: string): Rejection => ({
  faults: [{ path, message: 'is missing', code: 'required' }],
});
