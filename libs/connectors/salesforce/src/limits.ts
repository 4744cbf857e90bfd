/** Records of a collection, and collections of a composite, that Salesforce takes at most. */
export const MOST_RECORDS = 200;
export const MOST_COLLECTIONS = 5;

/** A list in parts of at most `size`. */
export const chunks = <T>(list: readonly T[], size: number): (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
