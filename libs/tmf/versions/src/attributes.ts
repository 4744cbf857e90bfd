import type { Json, JsonObject } from '@quotebridge/platform/core';
import { chain, elements, onObject, put, same, type Lens } from './lens';

/** What happens to one attribute of an object: its name in v4, its name in the store, and a lens for its value. */
export interface AttributeStep {
  readonly attribute: string;
  readonly stored: string;
  readonly lens: Lens;
}

/** Steps of a mapping table: attribute steps, or lenses over the whole object. */
export type Step = AttributeStep | Lens;

/**
 * The attribute has another name in v4. The two names change places: should a v4 document carry the stored name
 * too, as an attribute that v4 does not know, it is kept under the v4 name, and comes back as it was.
 */
export const rename = (attribute: string, stored: string, lens: Lens = same): AttributeStep => ({
  attribute,
  stored,
  lens,
});

/** A lens for the value of one attribute. */
export const at = (attribute: string, lens: Lens): AttributeStep => rename(attribute, attribute, lens);

/** A lens for every element of an array attribute. */
export const each = (attribute: string, lens: Lens): AttributeStep => at(attribute, elements(lens));

/** Compiles steps into one lens over an object. Neighbouring attribute steps run in a single pass. */
export const object = (...steps: readonly Step[]): Lens => {
  const lenses: Lens[] = [];
  let run: AttributeStep[] = [];
  const flush = (): void => {
    if (run.length > 0) lenses.push(attributes(run));
    run = [];
  };
  for (const step of steps) {
    if ('attribute' in step) run.push(step);
    else {
      flush();
      lenses.push(step);
    }
  }
  flush();
  return chain(...lenses);
};

interface Cell {
  readonly from: string;
  readonly to: string;
  readonly change: (value: Json) => Json;
}

const attributes = (steps: readonly AttributeStep[]): Lens => {
  const byName = new Map(steps.map((step) => [step.attribute, step]));
  const toStored = cellsOf(steps, ({ attribute, stored, lens }) => [attribute, stored, lens.toStored]);
  const fromStored = cellsOf(steps, ({ attribute, stored, lens }) => [stored, attribute, lens.fromStored]);
  return {
    ...onObject(pass(toStored), pass(fromStored), ([first = '', ...rest]) => {
      const step = byName.get(first);
      return step === undefined ? [first, ...rest] : [step.stored, ...step.lens.path(rest)];
    }),
    values: ([first = '', ...rest], value) => byName.get(first)?.lens.values(rest, value) ?? [value],
  };
};

const cellsOf = (
  steps: readonly AttributeStep[],
  direction: (step: AttributeStep) => readonly [from: string, to: string, change: Cell['change']],
): readonly Cell[] => {
  const cells = new Map<string, Cell>();
  const add = (from: string, to: string, change: Cell['change']): void => {
    if (cells.has(from)) throw new Error(`Version mapping: two steps want the attribute '${from}'.`);
    cells.set(from, { from, to, change });
  };
  for (const step of steps) {
    const [from, to, change] = direction(step);
    add(from, to, change);
    if (from !== to) add(to, from, same.toStored);
  }
  return [...cells.values()];
};

// Looks at the few attributes of the table first: most documents on hot paths need no copy at all.
const pass =
  (cells: readonly Cell[]) =>
  (value: JsonObject): JsonObject => {
    let changed: Map<string, readonly [name: string, value: Json]> | undefined;
    for (const { from, to, change } of cells) {
      const before = value[from];
      if (before === undefined) continue;
      const after = change(before);
      if (after !== before || to !== from) (changed ??= new Map()).set(from, [to, after]);
    }
    if (changed === undefined) return value;
    const copy: JsonObject = {};
    for (const name of Object.keys(value)) {
      const hit = changed.get(name);
      if (hit === undefined) put(copy, name, value[name]);
      else put(copy, hit[0], hit[1]);
    }
    return copy;
  };
