const STEPS: readonly (readonly [seconds: number, word: string])[] = [
  [0, '<1m'],
  [60, '1m'],
  [300, '5m'],
  [900, '15m'],
  [1_800, '30m'],
  [3_600, '1h'],
  [10_800, '3h'],
  [21_600, '6h'],
  [43_200, '12h'],
  [86_400, '1d'],
];
const DAY = 86_400;

/** How long ago something was, in steps that grow: a status must not change with every second. */
export const coarseAge = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds >= 2 * DAY) return `${Math.floor(seconds / DAY)}d`;
  return STEPS.findLast(([least]) => seconds >= least)?.[1] ?? '<1m';
};
