import { textAt as anyTextAt, type JsonObject } from '@quotebridge/platform/core';

export { objectAt, objectsIn } from '@quotebridge/platform/core';

/** A text field of a vendor record without the blanks around it, which vendors pad with; undefined when nothing is left. */
export const textAt = (record: JsonObject, name: string): string | undefined =>
  anyTextAt(record, name)?.trim();
