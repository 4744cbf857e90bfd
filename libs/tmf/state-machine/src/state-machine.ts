import { err, ok, type Result } from '@quotebridge/platform/core';

/** Says in one sentence why the context does not allow a transition, or undefined when it does. */
export type Guard<Context> = (context: Context) => string | undefined;

/** One allowed step. `from` may list several states that share the step and its guard. */
export interface Transition<State extends string, Context = unknown> {
  readonly from: State | readonly State[];
  readonly to: State;
  readonly guard?: Guard<Context>;
}

/** What a state machine is made of. States that have no way out must be named in `final`. */
export interface StateMachineDefinition<State extends string, Context = unknown> {
  /** States a new entity may start in, the usual one first. */
  readonly initial: readonly [State, ...State[]];
  readonly final: readonly State[];
  readonly transitions: readonly Transition<State, Context>[];
}

/** Why a step was refused, and where the entity may go instead (guards considered), for a 409 body. */
export interface TransitionRefusal<State extends string> {
  readonly reason: string;
  readonly allowed: readonly State[];
}

/** A transition table that answers questions; it holds no entity and changes nothing. */
export interface StateMachine<State extends string, Context = unknown> {
  readonly initial: State;
  readonly states: readonly State[];
  isState(value: unknown): value is State;
  isInitial(state: State): boolean;
  isFinal(state: State): boolean;
  /** States reachable in one step, guards not considered. */
  next(state: State): readonly State[];
  /** May the entity go `from` → `to`? Staying where it is is no step and always allowed. */
  check(from: State, to: State, context: Context): Result<void, TransitionRefusal<State>>;
  /** May a new entity start in this state? */
  checkInitial(state: State): Result<void, TransitionRefusal<State>>;
}

/**
 * Builds a {@link StateMachine} from a table (FACTS: lifecycle diagrams of TMF620, 622 and 648).
 * Throws at definition when the table contradicts itself: two rows for one step, a step out of a final state,
 * a dead end that is not final, or a state that nothing leads to.
 */
export const defineStateMachine = <State extends string, Context = unknown>(
  definition: StateMachineDefinition<State, Context>,
): StateMachine<State, Context> => {
  const { initial, final } = definition;
  const steps = stepTable(definition);
  const states = [...steps.keys()];
  refuseContradictions(definition, steps);

  const next = (state: State): readonly State[] => [...(steps.get(state)?.keys() ?? [])];
  const allowed = (from: State, context: Context): readonly State[] =>
    next(from).filter((to) => steps.get(from)?.get(to)?.(context) === undefined);

  return {
    initial: initial[0],
    states,
    isState: (value): value is State => typeof value === 'string' && steps.has(value as State),
    isInitial: (state) => initial.includes(state),
    isFinal: (state) => final.includes(state),
    next,
    check: (from, to, context) => {
      if (from === to) return ok(undefined);
      const guard = steps.get(from)?.get(to);
      const reason = guard === undefined ? noStep(from, to, final, steps) : guard(context);
      return reason === undefined ? ok(undefined) : err({ reason, allowed: allowed(from, context) });
    },
    checkInitial: (state) =>
      initial.includes(state)
        ? ok(undefined)
        : err({ reason: `'${state}' is not a state to start in.`, allowed: initial }),
  };
};

type Steps<State extends string, Context> = Map<State, Map<State, Guard<Context>>>;

const unguarded = (): undefined => undefined;

const stepTable = <State extends string, Context>(
  definition: StateMachineDefinition<State, Context>,
): Steps<State, Context> => {
  const steps: Steps<State, Context> = new Map();
  const rowOf = (state: State): Map<State, Guard<Context>> => {
    const row = steps.get(state) ?? new Map<State, Guard<Context>>();
    steps.set(state, row);
    return row;
  };
  for (const state of [...definition.initial, ...definition.final]) rowOf(state);
  for (const { from, to, guard } of definition.transitions) {
    for (const source of typeof from === 'string' ? [from] : from) {
      const row = rowOf(source);
      if (row.has(to)) throw new Error(`State machine: the step ${source} → ${to} is declared twice.`);
      row.set(to, guard ?? unguarded);
      rowOf(to);
    }
  }
  return steps;
};

const refuseContradictions = <State extends string, Context>(
  { initial, final, transitions }: StateMachineDefinition<State, Context>,
  steps: Steps<State, Context>,
): void => {
  const entered = new Set<State>([...initial, ...transitions.map(({ to }) => to)]);
  for (const [state, row] of steps) {
    const isFinal = final.includes(state);
    if (isFinal && row.size > 0) throw new Error(`State machine: the final state ${state} has a way out.`);
    if (!isFinal && row.size === 0) throw new Error(`State machine: ${state} is a dead end but not final.`);
    if (!entered.has(state)) throw new Error(`State machine: nothing leads to ${state}.`);
  }
};

const noStep = <State extends string, Context>(
  from: State,
  to: State,
  final: readonly State[],
  steps: Steps<State, Context>,
): string => {
  if (!steps.has(from)) return `'${from}' is not a known state.`;
  if (!steps.has(to)) return `'${to}' is not a known state.`;
  return final.includes(from) ? `'${from}' is final.` : `There is no step from '${from}' to '${to}'.`;
};

/**
 * A machine for a status that the standard leaves open (TMF629, TMF669): any text, from anywhere to anywhere. It is a
 * state nevertheless, so that a change of it has an event of its own.
 */
export const openStateMachine = (initial: string): StateMachine<string> => ({
  initial,
  states: [initial],
  isState: (value): value is string => typeof value === 'string' && value !== '',
  isInitial: () => true,
  isFinal: () => false,
  next: () => [],
  check: () => ok(undefined),
  checkInitial: () => ok(undefined),
});
