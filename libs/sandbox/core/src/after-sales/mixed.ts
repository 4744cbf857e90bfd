/** A number that looks random and is the same for the same words, 0 to 2^32 - 1. */
export const mixed = (seed: number, index: number, salt: number): number => {
  let value =
    (Math.imul(seed | 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b) ^ Math.imul(salt, 0xc2b2ae35)) >>> 0;
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b) >>> 0;
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d) >>> 0;
  return (value ^ (value >>> 13)) >>> 0;
};

/** How many of something a factor makes of the basic number, at least `least`. */
export const scaled = (basic: number, factor: number, least: number): number =>
  Math.max(least, Math.round(basic * factor));

/** `make(0)`, `make(1)`, … */
export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** The entry at a place of a list that goes round. */
export const pick = <T>(list: readonly T[], place: number): T => {
  const found = list[place % list.length];
  if (found === undefined) throw new Error('There is nothing to pick from.');
  return found;
};

/** Cents as a decimal text. */
export const money = (cents: number): string => (cents / 100).toFixed(2);

/** Milliseconds of a day counted from 2018-01-01, UTC. */
export const dayFrom2018 = (day: number): number => Date.UTC(2018, 0, 1) + day * 86_400_000;
