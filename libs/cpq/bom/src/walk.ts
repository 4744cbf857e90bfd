import type { JsonObject } from '@quotebridge/platform/core';
import { Decimal } from 'decimal.js';
import { componentsOf, type Component } from './components';

/** The most that an explosion answers: deeper or longer ones are cut and say so. */
export const BOM_LIMITS = { levels: 20, lines: 10_000 } as const;

/** Products by id (TMF637, v5); ids that do not exist are left out. */
export type ReadProducts = (ids: readonly string[]) => Promise<ReadonlyMap<string, JsonObject>>;

/** What is asked of a structure. */
export interface BomQuestion {
  /** Levels below the root; 1 is the direct components. */
  readonly levels: number;
  /** Time the structure is wanted for, in milliseconds since the epoch. */
  readonly effective: number;
  /** Most lines; {@link BOM_LIMITS} unless given. */
  readonly lines?: number;
}

/** One line of an explosion, in the order in which a printed bill of materials has them: each part below its parent. */
export interface BomLine {
  readonly level: number;
  readonly id: string;
  /** The product above it. */
  readonly parent: string;
  readonly position?: string;
  /** How many go into one of the product above. */
  readonly quantity: number;
  /** How many go into one of the root. */
  readonly totalQuantity: number;
  readonly units?: string;
  readonly validFor?: JsonObject;
  /** The product itself; none when it is referred to but not in the inventory. */
  readonly product?: JsonObject;
  /** Set where the product stands above itself: the structure is not followed any further here. */
  readonly isCycle?: true;
}

/** A structure as it is at a time. */
export interface Bom {
  readonly lines: readonly BomLine[];
  /** True when there is more below the levels or beyond the lines that were asked for. */
  readonly isCut: boolean;
}

/** A product of the structure, and what it is made of: worked out once, however often it is built in. */
interface Assembly {
  readonly product: JsonObject | undefined;
  readonly components: readonly Component[];
}

/** Reads what is in the structure level by level: one read for each level, each product once. */
const load = async (
  root: string,
  product: JsonObject,
  read: ReadProducts,
  { levels, effective }: BomQuestion,
  most: number,
): Promise<ReadonlyMap<string, Assembly>> => {
  const assemblyOf = (one: JsonObject | undefined): Assembly => ({
    product: one,
    components: one === undefined ? [] : componentsOf(one, effective),
  });
  const known = new Map([[root, assemblyOf(product)]]);
  let wanted = new Set(known.get(root)?.components.map(({ id }) => id));
  for (let depth = 1; depth <= levels && wanted.size > 0 && known.size <= most; depth += 1) {
    const ids = [...wanted].filter((id) => !known.has(id)).slice(0, most);
    const found = ids.length === 0 ? new Map<string, JsonObject>() : await read(ids);
    wanted = new Set();
    for (const id of ids) {
      const assembly = assemblyOf(found.get(id));
      known.set(id, assembly);
      for (const component of assembly.components) wanted.add(component.id);
    }
  }
  return known;
};

const lineOf = (
  { id, quantity, ...component }: Component,
  above: {
    readonly parent: string;
    readonly level: number;
    readonly total: Decimal;
    readonly isCycle: boolean;
  },
  product: JsonObject | undefined,
): BomLine => ({
  level: above.level,
  id,
  parent: above.parent,
  ...component,
  quantity: quantity.toNumber(),
  totalQuantity: above.total.toNumber(),
  ...(product === undefined ? {} : { product }),
  ...(above.isCycle ? { isCycle: true as const } : {}),
});

/**
 * The multi-level bill of materials of a product at a time, by its relationships of the type `contains`. A product that
 * is built in at several places has a line at each. Work is bounded: `levels` reads at most, and no more lines than
 * asked for, whatever the data holds.
 */
export const walkBom = async (
  root: string,
  product: JsonObject,
  read: ReadProducts,
  question: BomQuestion,
): Promise<Bom> => {
  const most = question.lines ?? BOM_LIMITS.lines;
  const known = await load(root, product, read, question, most);
  const lines: BomLine[] = [];
  let isCut = false;

  const descend = (parent: string, level: number, total: Decimal, path: readonly string[]): void => {
    const components = known.get(parent)?.components ?? [];
    if (level > question.levels) {
      isCut ||= components.length > 0;
      return;
    }
    for (const component of components) {
      if (lines.length >= most) {
        isCut = true;
        return;
      }
      const { id } = component;
      const isCycle = path.includes(id);
      const within = total.times(component.quantity);
      lines.push(lineOf(component, { parent, level, total: within, isCycle }, known.get(id)?.product));
      if (!isCycle) descend(id, level + 1, within, [...path, id]);
    }
  };
  descend(root, 1, new Decimal(1), [root]);
  return { lines, isCut };
};
