import { isInForce, type JsonObject } from '@quotebridge/platform/core';
import { Decimal } from 'decimal.js';
import { RELATIONS, relationsOf, type Relation } from './relations';

/** The most that a chain is followed for: a longer or wider one is cut and says so. */
export const SUPERSESSION_LIMITS = { levels: 20, parts: 1_000, alternatives: 50, steps: 5_000 } as const;

/**
 * Whether a new part may be used instead of an old one. `full`: and the old one instead of the new one as well.
 * `forward`: not the other way round. `conditional`: only after a change to the machine.
 */
export type Interchangeability = 'full' | 'forward' | 'conditional';

const WEAKEST: readonly Interchangeability[] = ['conditional', 'forward', 'full'];

/** One step of a chain: at this date the new part took the place of the old one. */
export interface SupersessionStep {
  readonly from: string;
  readonly to: string;
  readonly since?: string;
  readonly interchangeability: Interchangeability;
  /** How many of the new part stand for one of the old. */
  readonly quantity: number;
}

/** A part that is in force, and how it got there. */
export interface Replacement {
  readonly id: string;
  /** How many of it stand for one of the part that was asked for. */
  readonly quantity: number;
  /** The weakest of all steps on the way. */
  readonly interchangeability: Interchangeability;
  /** From the part that was asked for to this one. */
  readonly chain: readonly string[];
}

/** What stands for a part at a time. */
export interface Supersession {
  readonly isSuperseded: boolean;
  /** Each is enough by itself; the parts of one belong together. The part itself when nothing supersedes it. */
  readonly alternatives: readonly (readonly Replacement[])[];
  readonly steps: readonly SupersessionStep[];
  /** True when a part supersedes itself by way of others; the chain ends before it would begin again. */
  readonly hasCycle: boolean;
  readonly isCut: boolean;
}

/** Specifications by id (TMF620, v5); ids that do not exist are left out. */
export type ReadSpecifications = (ids: readonly string[]) => Promise<ReadonlyMap<string, JsonObject>>;

const interchangeabilityOf = ({ characteristics }: Relation): Interchangeability => {
  const { interchangeability } = characteristics;
  return WEAKEST.find((word) => word === interchangeability) ?? 'forward';
};

const quantityOf = ({ characteristics }: Relation): Decimal => {
  const { quantity } = characteristics;
  return new Decimal(typeof quantity === 'number' && quantity > 0 ? quantity : 1);
};

/** Links without this characteristic belong together; those with it are choices by its value. */
const choiceOf = ({ characteristics }: Relation): string => String(characteristics['alternative'] ?? '');

const successorsOf = (part: JsonObject | undefined, at: number): Relation[] =>
  relationsOf(part ?? {}, RELATIONS.supersededBy).filter(({ validFor }) => isInForce(validFor, at));

const stepOf = (from: string, relation: Relation): SupersessionStep => {
  const since = relation.validFor?.['startDateTime'];
  return {
    from,
    to: relation.id,
    ...(typeof since === 'string' ? { since } : {}),
    interchangeability: interchangeabilityOf(relation),
    quantity: quantityOf(relation).toNumber(),
  };
};

const weaker = (a: Interchangeability, b: Interchangeability): Interchangeability =>
  WEAKEST.indexOf(a) < WEAKEST.indexOf(b) ? a : b;

/** Every way to take one element of each list; no more than the limit. */
const combinations = <T>(lists: readonly (readonly (readonly T[])[])[], limit: number): T[][] =>
  lists.reduce<T[][]>(
    (sets, list) => sets.flatMap((set) => list.map((more) => [...set, ...more])).slice(0, limit + 1),
    [[]],
  );

/** What stands for a part at a time, from all parts of the chain. Pure: {@link resolveSupersession} reads them first. */
export const supersessionOf = (
  id: string,
  parts: ReadonlyMap<string, JsonObject>,
  at: number,
): Supersession => {
  const steps = new Map<string, SupersessionStep>();
  let hasCycle = false;
  let isCut = false;
  let visits = 0;

  const resolve = (reached: Replacement & { readonly exact: Decimal }): (readonly Replacement[])[] => {
    const { exact, ...replacement } = reached;
    const links = successorsOf(parts.get(reached.id), at);
    const onward = links.filter((link) => !reached.chain.includes(link.id));
    hasCycle ||= onward.length < links.length;
    if (onward.length === 0) return [[replacement]];
    visits += 1;
    if (reached.chain.length > SUPERSESSION_LIMITS.levels || visits > SUPERSESSION_LIMITS.steps) {
      isCut = true;
      return [[replacement]];
    }
    const choices = new Map<string, (readonly (readonly Replacement[])[])[]>();
    for (const link of onward) {
      const step = stepOf(reached.id, link);
      steps.set(`${step.from} ${step.to}`, step);
      const quantity = exact.times(quantityOf(link));
      const found = resolve({
        id: link.id,
        exact: quantity,
        quantity: quantity.toNumber(),
        interchangeability: weaker(reached.interchangeability, step.interchangeability),
        chain: [...reached.chain, link.id],
      });
      choices.set(choiceOf(link), [...(choices.get(choiceOf(link)) ?? []), found]);
    }
    const all = [...choices.values()].flatMap((lists) =>
      combinations(lists, SUPERSESSION_LIMITS.alternatives),
    );
    isCut ||= all.length > SUPERSESSION_LIMITS.alternatives;
    return all.slice(0, SUPERSESSION_LIMITS.alternatives);
  };

  const exact = new Decimal(1);
  const alternatives = resolve({ id, exact, quantity: 1, interchangeability: 'full', chain: [id] });
  return { isSuperseded: steps.size > 0, alternatives, steps: [...steps.values()], hasCycle, isCut };
};

/** Reads a chain level by level, each part once, and resolves it at a time (milliseconds since the epoch). */
export const resolveSupersession = async (
  id: string,
  part: JsonObject,
  read: ReadSpecifications,
  at: number,
): Promise<Supersession> => {
  const parts = new Map([[id, part]]);
  let level: readonly JsonObject[] = [part];
  let isCut = false;
  for (let depth = 0; level.length > 0; depth += 1) {
    const wanted = new Set(level.flatMap((one) => successorsOf(one, at)).map((link) => link.id));
    const ids = [...wanted].filter((one) => !parts.has(one));
    isCut =
      ids.length > 0 && (depth >= SUPERSESSION_LIMITS.levels || parts.size >= SUPERSESSION_LIMITS.parts);
    if (isCut || ids.length === 0) break;
    const found = await read(ids);
    for (const [one, specification] of found) parts.set(one, specification);
    level = [...found.values()];
  }
  const resolved = supersessionOf(id, parts, at);
  return isCut ? { ...resolved, isCut } : resolved;
};
