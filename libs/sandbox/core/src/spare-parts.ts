/** A spare part of the made-up machine builder as its parts list tells it. */
export interface SparePart {
  readonly number: string;
  readonly name: string;
  readonly nameDe: string;
  readonly group: string;
  /** Net list price in EUR. */
  readonly price: string;
  readonly weight: string;
  /** A active, S superseded, O obsolete. */
  readonly status: 'A' | 'S' | 'O';
  readonly supersededBy: string;
  /** True when the successor fits without changes. */
  readonly interchangeable: boolean;
  /** Days since 2020-01-01 on which it was last changed. */
  readonly changedDay: number;
}

/** Parts of a parts list of size 1. */
export const PARTS_PER_SIZE = 2_000;

// name|German name|group|lowest price|kilograms
const KINDS = `
Sealing ring|Dichtring|SEAL|2.40|0.02
Shaft seal|Wellendichtring|SEAL|7.90|0.05
Wiper|Abstreifer|SEAL|5.10|0.03
Hydraulic filter element|Hydraulikfilterelement|FILT|38.00|0.80
Breather filter|Belüftungsfilter|FILT|21.50|0.30
Roller bearing|Rollenlager|BEAR|64.00|1.60
Guide bush|Führungsbuchse|BEAR|27.20|0.70
Proportional valve|Proportionalventil|VALV|890.00|4.20
Pressure relief valve|Druckbegrenzungsventil|VALV|214.00|2.10
Check valve|Rückschlagventil|VALV|58.00|0.60
Pressure hose|Druckschlauch|HOSE|43.00|1.10
Pipe fitting|Rohrverschraubung|HOSE|9.80|0.20
Proximity switch|Näherungsschalter|SENS|47.50|0.10
Pressure sensor|Drucksensor|SENS|168.00|0.25
Position encoder|Wegmesssystem|SENS|742.00|1.90
Contactor|Schütz|ELEC|88.00|0.90
Servo drive|Servoantrieb|ELEC|2310.00|11.50
Spindle nut|Spindelmutter|MECH|312.00|3.40
Toothed belt|Zahnriemen|MECH|55.00|0.40
Clutch disc|Kupplungsscheibe|MECH|196.00|5.70`
  .trim()
  .split('\n')
  .map((line) => line.split('|'));

/** A number that looks random and is the same for the same words, 0 to 2^32 - 1. */
const mixed = (seed: number, index: number, salt: number): number => {
  let value =
    (Math.imul(seed | 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b) ^ Math.imul(salt, 0xc2b2ae35)) >>> 0;
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b) >>> 0;
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d) >>> 0;
  return (value ^ (value >>> 13)) >>> 0;
};

const numberOf = (index: number): string => `ET-${String(100_000 + index)}`;

/** The part at a place of the endless list of a seed: any part of any size without the ones before it. */
export const sparePart = (seed: number, index: number): SparePart => {
  const [name = '', nameDe = '', group = '', lowest = '1', kilograms = '1'] =
    KINDS[index % KINDS.length] ?? [];
  const size = 20 + (mixed(seed, index, 1) % 480);
  const cents = Math.round(Number(lowest) * 100 * (1 + (mixed(seed, index, 2) % 900) / 300));
  const fate = mixed(seed, index, 3) % 100;
  const status = fate < 8 ? 'S' : fate < 11 ? 'O' : 'A';
  return {
    number: numberOf(index),
    name: `${name} ${size}`,
    nameDe: `${nameDe} ${size}`,
    group,
    price: (cents / 100).toFixed(2),
    weight: (Number(kilograms) * (1 + (size % 7) / 10)).toFixed(3),
    status,
    // A successor is later in the list, so chains have an end.
    supersededBy: status === 'S' ? numberOf(index + 1 + (mixed(seed, index, 4) % 9)) : '',
    interchangeable: status === 'S' && mixed(seed, index, 5) % 4 !== 0,
    changedDay: 366 + (mixed(seed, index, 6) % 2_000),
  };
};

/** ISO date of {@link SparePart.changedDay}. */
export const changedDate = ({ changedDay }: Pick<SparePart, 'changedDay'>): string =>
  new Date(Date.UTC(2020, 0, 1) + changedDay * 86_400_000).toISOString().slice(0, 10);
