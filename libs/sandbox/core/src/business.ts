import { MATERIALS, type Material } from './materials';
import { CUSTOMERS, type Customer } from './customers';
import { seededRandom } from './random';

/** The made-up company behind the sandboxes: what it sells and to whom. */
export interface Business {
  readonly materials: readonly Material[];
  readonly customers: readonly Customer[];
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

const variantOf = (base: Material, round: number, random: () => number): Material => {
  const factor = 0.8 + random() * 0.6;
  const cents = (price: string): string => (Math.round(Number(price) * factor * 100) / 100).toFixed(2);
  return {
    ...base,
    number: `${base.number}-V${twoDigits(round)}`,
    name: `${base.name}, variant ${round}`,
    nameDe: `${base.nameDe}, Variante ${round}`,
    price: cents(base.price),
    scales: base.scales.map((scale) => ({ from: scale.from, price: cents(scale.price) })),
  };
};

const branchOf = (base: Customer, round: number): Customer => ({
  ...base,
  number: String(Number(base.number) + round * 100),
  name: `${base.name}, plant ${round}`,
});

/**
 * The business data of a seed and a size, the same on every machine. Size 1 is the hand-written list; each further
 * step adds one variant of every material and one plant of every customer.
 */
export const machineBuilder = (seed: number, size: number): Business => {
  const random = seededRandom(seed);
  const rounds = Array.from({ length: Math.max(0, Math.floor(size) - 1) }, (_, index) => index + 1);
  return {
    materials: [
      ...MATERIALS,
      ...rounds.flatMap((round) => MATERIALS.map((one) => variantOf(one, round, random))),
    ],
    customers: [...CUSTOMERS, ...rounds.flatMap((round) => CUSTOMERS.map((one) => branchOf(one, round)))],
  };
};
