// Plain figures about measurements.

const ascending = (values) => Float64Array.from(values).sort();

/** The value that a share `p` (0 to 1) of the values does not exceed; undefined when there are none. */
export const quantile = (values, p) => {
  if (values.length === 0) return undefined;
  const sorted = ascending(values);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))];
};

/** The middle value; of an even number of values the mean of the middle two. */
export const median = (values) => {
  if (values.length === 0) return undefined;
  const sorted = ascending(values);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** The median of what `pick` gives for each entry, entries without it left out. */
export const medianOf = (entries, pick) => median(entries.map(pick).filter((value) => value !== undefined));
