import type { Account } from './accounts';
import { dayFrom2018, mixed, money, pick, scaled, times } from './mixed';
import { FAMILY, type ServicePart } from './parts';

/** A line of a structure. Dates in milliseconds; absent is open. */
export interface StructureItem {
  readonly component: string;
  readonly quantity: number;
  readonly isAssembly: boolean;
  readonly from?: number;
  /** Last day. */
  readonly to?: number;
}

/** A machine that is sold, with its structure and the families of spare parts that fit it. */
export interface MachineModel {
  readonly number: string;
  readonly name: string;
  readonly nameDe: string;
  readonly price: string;
  readonly items: readonly StructureItem[];
  readonly families: readonly number[];
}

/** An assembly of a level, used in several machines. */
export interface Assembly {
  readonly number: string;
  readonly name: string;
  readonly nameDe: string;
  readonly items: readonly StructureItem[];
}

/** An installed machine. */
export interface Equipment {
  readonly number: string;
  readonly serial: string;
  readonly model: string;
  readonly name: string;
  readonly customer: string;
  /** When it was put into service, milliseconds. */
  readonly startedAt: number;
}

const SERIES = ['Press', 'Bending cell', 'Milling centre', 'Laser cutter', 'Transfer line'];
const SERIES_DE = ['Presse', 'Biegezelle', 'Fräszentrum', 'Laserschneider', 'Transferstrasse'];
const UNITS = ['drive', 'frame', 'hydraulic', 'control', 'tool', 'guide', 'cooling', 'safety'];
/** Levels of assemblies below a machine; the parts stand one level deeper. */
const ASSEMBLY_LEVELS = 4;
/** Assemblies in one of the level above, by level. */
const INSIDE = [5, 3, 3, 2] as const;
/** Parts directly in an assembly of a level, the last level has nothing else. */
const LOOSE = [1, 1, 1, 1, 4] as const;

const assemblyNumber = (level: number, index: number): string =>
  `QA-${level}${String(index + 1).padStart(4, '0')}`;

const modelNumber = (index: number): string => `QM-${String(1_001 + index)}`;

type Parts = readonly ServicePart[];

/** What a machine or an assembly of a level is made of. The first part of some was another one until 2024. */
const itemsAt = (
  seed: number,
  level: number,
  index: number,
  pool: number,
  parts: Parts,
): readonly StructureItem[] => {
  const salt = 40 + level;
  const inside = times(INSIDE[level] ?? 0, (place): StructureItem => ({
    component: assemblyNumber(level + 1, (mixed(seed, index, salt) + place * 7) % pool),
    quantity: 1 + (mixed(seed, index * 8 + place, salt + 10) % 2),
    isAssembly: true,
  }));
  const loose = times(LOOSE[level] ?? 0, (place): StructureItem => ({
    component: pick(parts, mixed(seed, index * 8 + place, salt + 20)).number,
    quantity: 1 + (mixed(seed, index * 8 + place, salt + 30) % 6),
    isAssembly: false,
  }));
  const [first] = loose;
  if (first === undefined || index % 5 !== 0) return distinct([...inside, ...loose]);
  const changed = Date.UTC(2024, 0, 1);
  const before = pick(parts, mixed(seed, index, salt + 35)).number;
  if (before === first.component) return distinct([...inside, ...loose]);
  return distinct([
    ...inside,
    { ...first, component: before, to: changed - 86_400_000 },
    { ...first, from: changed },
    ...loose.slice(1),
  ]);
};

const distinct = (items: readonly StructureItem[]): readonly StructureItem[] => [
  ...new Map(items.map((item) => [item.component, item])).values(),
];

/** Machine models, the assemblies in them, and the machines at the customers' sites. */
export const machinesOf = (
  seed: number,
  factor: number,
  parts: Parts,
  sites: readonly Account[],
): {
  readonly models: readonly MachineModel[];
  readonly assemblies: readonly Assembly[];
  readonly equipment: readonly Equipment[];
} => {
  const pools = [80, 120, 160, 200].map((basic) => scaled(basic, factor, 4));
  const families = parts.length / FAMILY;
  const models = times(scaled(40, factor, 2), (index): MachineModel => ({
    number: modelNumber(index),
    name: `${pick(SERIES, index)} ${100 + index * 20}`,
    nameDe: `${pick(SERIES_DE, index)} ${100 + index * 20}`,
    price: money(9_800_000 + (mixed(seed, index, 31) % 40_000_000)),
    items: itemsAt(seed, 0, index, pools[0] ?? 1, parts),
    families: [],
  }));
  // Each family of spare parts fits two models, so that none is left over.
  const fits = models.map((): number[] => []);
  for (let family = 0; family < families; family += 1) {
    const first = family % models.length;
    const second = (first + 1 + (mixed(seed, family, 32) % Math.max(1, models.length - 1))) % models.length;
    for (const at of new Set([first, second])) fits[at]?.push(family);
  }
  const assemblies = times(ASSEMBLY_LEVELS, (above) => above + 1).flatMap((level) =>
    times(pools[level - 1] ?? 0, (index): Assembly => {
      const unit = pick(UNITS, index);
      return {
        number: assemblyNumber(level, index),
        name: `${unit[0]?.toUpperCase()}${unit.slice(1)} unit L${level}/${index + 1}`,
        nameDe: `Baugruppe ${unit} E${level}/${index + 1}`,
        items: itemsAt(seed, level, index, pools[level] ?? 1, parts),
      };
    }),
  );
  const equipment = times(scaled(800, factor, 4), (index): Equipment => {
    const model = pick(models, mixed(seed, index, 33));
    return {
      number: String(10_000_001 + index),
      serial: `QS-${String(500_001 + index)}`,
      model: model.number,
      name: model.name,
      customer: pick(sites, mixed(seed, index, 34)).number,
      startedAt: dayFrom2018(mixed(seed, index, 35) % 2_900),
    };
  });
  return {
    models: models.map((model, index) => ({ ...model, families: fits[index] ?? [] })),
    assemblies,
    equipment,
  };
};
