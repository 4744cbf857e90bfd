import type { JsonObject } from '@quotebridge/platform/core';
import type { Action, ActionEvent } from './action';
import type { Notes } from './ports';
import type { SettledRecord } from './stream';

/** A value that people may change here and in the outside system; null is none. */
export type Held = string | null;

/** What both sides had when they were last known to be in step; `turn` counts how often that was. */
export interface InStep {
  readonly value: Held;
  readonly turn: number;
}

const NEVER: InStep = { value: null, turn: 0 };

/** Where a record that was read carries what was in step before; no vendor's field has this name. */
const MARK = '$inStep';

/** What an outside system brings of its value. `was` is absent when it has the last word. */
export interface Brought {
  readonly value: Held;
  readonly turn: number;
  readonly was?: Held;
}

/**
 * What the side brings: nothing while it holds what was in step, which is our own echo as well. One that does not have the last
 * word tells what it knew, so that it cannot undo what it has not seen. Pure.
 */
export const broughtBy = (side: Held, known: InStep, owns: boolean): Brought | undefined =>
  side === known.value ? undefined : { value: side, turn: known.turn, ...(owns ? {} : { was: known.value }) };

/**
 * Whether the side gets the value from here: when it changed here and not there. Where both changed, the side keeps its own only
 * when it has the last word: it will be read. Pure.
 */
export const mustWrite = (here: Held, side: Held, known: Held, owns: boolean): boolean =>
  here !== known && here !== side && (side === known || !owns);

/** What of an outside record belongs to a value that both sides change. */
export interface SideRecord {
  /** Id of the resource here. */
  readonly key: string;
  readonly side: Held;
}

/**
 * Keeps a value of an outside system in step with one here. It remembers what both held when they last agreed: what differs from
 * that was changed by somebody, what does not is an echo.
 */
export class TwoWayValue {
  constructor(
    private readonly notes: Notes,
    private readonly kind: string,
    /** The outside system has the last word when both sides changed. */
    private readonly owns: boolean,
    private readonly read: (record: JsonObject) => SideRecord | undefined,
  ) {}

  /** Records as they were read, each with what was in step when that happened: mappings cannot look it up. */
  async marked(records: readonly JsonObject[]): Promise<readonly JsonObject[]> {
    return Promise.all(
      records.map(async (record) => {
        const key = this.read(record)?.key;
        if (key === undefined) return record;
        const { value, turn } = await this.known(key);
        return { ...record, [MARK]: { value, turn } };
      }),
    );
  }

  /** What a marked record brings, and for which resource. Pure. */
  broughtIn(record: JsonObject): (Brought & { readonly key: string }) | undefined {
    const found = this.read(record);
    if (found === undefined) return undefined;
    const brought = broughtBy(found.side, markOf(record), this.owns);
    return brought === undefined ? undefined : { ...brought, key: found.key };
  }

  /** Remembers what was brought; not over what was written to the side since it was read. */
  async settled(records: readonly SettledRecord[]): Promise<void> {
    for (const { raw, faults } of records) {
      const brought = this.broughtIn(raw);
      if (brought === undefined || faults.length > 0) continue;
      const { turn } = await this.known(brought.key);
      if (turn === brought.turn) await this.remember(brought.key, brought.value, turn + 1);
    }
  }

  /**
   * An action that takes changes of the value here to the outside system. `find` reads the side's record as it is, undefined while
   * there is none; `here` is the value of the event's resource.
   */
  action(options: {
    readonly name: string;
    readonly title: string;
    readonly subjects: readonly string[];
    key(event: ActionEvent): string | undefined;
    here(resource: JsonObject): Held;
    find(event: ActionEvent): Promise<JsonObject | undefined>;
    write(event: ActionEvent, found: JsonObject, value: Held): Promise<void>;
  }): Action {
    const { name, title, subjects, key, here, find, write } = options;
    const held = (found: JsonObject): Held => this.read(found)?.side ?? null;
    return {
      name,
      title,
      subjects,
      effect: 'latest',
      key,
      lookup: async (event) => {
        const { id } = event.resource;
        const [value, known] = [here(event.resource), await this.known(id)];
        if (value === known.value) return { value };
        const found = await find(event);
        // Where there is nothing to write to yet, a later event brings the value along.
        if (found === undefined) return {};
        const side = held(found);
        if (mustWrite(value, side, known.value, this.owns)) return undefined;
        if (value === side) await this.remember(id, value, known.turn + 1);
        return { value: side };
      },
      send: async (event) => {
        const found = await find(event);
        const value = here(event.resource);
        if (found === undefined) return {};
        await write(event, found, value);
        const { turn } = await this.known(event.resource.id);
        await this.remember(event.resource.id, value, turn + 1);
        return { value };
      },
      results: () => [],
    };
  }

  private async known(key: string): Promise<InStep> {
    const note = await this.notes.get(this.kind, key);
    return note === undefined ? NEVER : inStepOf(note);
  }

  private remember(key: string, value: Held, turn: number): Promise<void> {
    return this.notes.put(this.kind, [{ key, value: { value, turn } }]);
  }
}

const inStepOf = ({ value, turn }: JsonObject): InStep => ({
  value: typeof value === 'string' ? value : null,
  turn: typeof turn === 'number' ? turn : 0,
});

const markOf = (record: JsonObject): InStep => {
  const mark = record[MARK];
  return typeof mark === 'object' && mark !== null && !Array.isArray(mark) ? inStepOf(mark) : NEVER;
};
