import { dayFrom2018, mixed, money, pick, times } from './mixed';

/** A spare part that the ERP keeps, with what follows it. */
export interface ServicePart {
  readonly number: string;
  readonly name: string;
  readonly nameDe: string;
  readonly group: string;
  readonly unit: 'PC' | 'M';
  /** Net list price in EUR. */
  readonly price: string;
  /** What it costs the machine builder, EUR. */
  readonly cost: string;
  readonly weight: string;
  /** Numbers of the parts that replace it together; empty when it is current or has no successor. */
  readonly successors: readonly string[];
  /** First day of the successors, milliseconds; set with `successors`. */
  readonly supersededAt?: number;
  /** No longer made and without a successor. */
  readonly isObsolete: boolean;
  /** Family of parts that stand in the same spare parts lists. */
  readonly family: number;
  readonly supplier: number;
  readonly stock: number;
}

/** Parts of one family. */
export const FAMILY = 20;

// name|German name|group|unit|lowest price|kilograms
const KINDS = `
Piston seal|Kolbendichtung|SEAL|PC|12.40|0.05
Rod seal|Stangendichtung|SEAL|PC|9.90|0.04
Wiper ring|Abstreifring|SEAL|PC|6.10|0.03
Filter cartridge|Filterpatrone|FILT|PC|42.00|0.90
Breather cap|Belüftungskappe|FILT|PC|18.50|0.20
Spindle bearing|Spindellager|BEAR|PC|318.00|1.80
Linear guide block|Linearführungswagen|BEAR|PC|127.00|1.10
Proportional valve|Proportionalventil|VALV|PC|940.00|4.60
Check valve insert|Rückschlagventileinsatz|VALV|PC|61.00|0.30
Pressure hose|Druckschlauch|HOSE|M|38.00|0.90
Hose coupling|Schlauchkupplung|HOSE|PC|24.80|0.40
Proximity sensor|Näherungssensor|SENS|PC|52.50|0.10
Pressure transmitter|Druckmessumformer|SENS|PC|214.00|0.35
Servo drive module|Servoantriebsmodul|ELEC|PC|2440.00|11.20
Brake resistor|Bremswiderstand|ELEC|PC|186.00|2.30
Control panel|Bedientafel|ELEC|PC|1680.00|6.00
Ball screw nut|Kugelgewindemutter|MECH|PC|392.00|3.20
Toothed belt|Zahnriemen|MECH|PC|64.00|0.50
Coupling insert|Kupplungseinsatz|MECH|PC|29.00|0.20
Tool clamp|Werkzeugspanner|MECH|PC|455.00|6.40`
  .trim()
  .split('\n')
  .map((line) => line.split('|'));

const numberOf = (index: number): string => `QP-${String(100_001 + index)}`;

/** Places in a family that a part is replaced by: a chain of three, one that becomes two, one plain, in every family. */
const FOLLOWERS: Readonly<Record<number, readonly number[]>> = { 0: [1], 1: [2], 5: [6, 7], 10: [11] };
/** Place in a family that is obsolete without a successor. */
const OBSOLETE = 15;

const partAt = (seed: number, index: number, suppliers: number): ServicePart => {
  const family = Math.floor(index / FAMILY);
  const place = index % FAMILY;
  // Each family is made of the same kind at neighbouring places, so that a successor is the same sort of thing.
  const kind = pick(KINDS, family + Math.floor(place / 5));
  const [name = '', nameDe = '', group = '', unit = 'PC', lowest = '1', kilograms = '1'] = kind;
  const size = 20 + (mixed(seed, family, 1) % 480);
  const cents = Math.round(Number(lowest) * 100 * (1 + (mixed(seed, index, 2) % 600) / 300));
  const successors = (FOLLOWERS[place] ?? []).map((next) => numberOf(family * FAMILY + next));
  return {
    number: numberOf(index),
    name: `${name} ${size}, rev. ${(place % 5) + 1}`,
    nameDe: `${nameDe} ${size}, Ausf. ${(place % 5) + 1}`,
    group,
    unit: unit === 'M' ? 'M' : 'PC',
    price: money(cents),
    cost: money(Math.round(cents * (0.45 + (mixed(seed, index, 3) % 20) / 100))),
    weight: (Number(kilograms) * (1 + (size % 7) / 10)).toFixed(3),
    successors,
    // The second step of a chain is later than the first.
    ...(successors.length === 0
      ? {}
      : { supersededAt: dayFrom2018(730 + place * 400 + (mixed(seed, index, 4) % 300)) }),
    isObsolete: place === OBSOLETE,
    family,
    supplier: mixed(seed, index, 5) % suppliers,
    stock: mixed(seed, index, 6) % 4 === 0 ? 0 : mixed(seed, index, 7) % 180,
  };
};

/** The spare parts of so many families. */
export const partsOf = (seed: number, families: number, suppliers: number): readonly ServicePart[] =>
  times(families * FAMILY, (index) => partAt(seed, index, suppliers));
