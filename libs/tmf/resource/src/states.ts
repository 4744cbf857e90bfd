import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { ResourceDefinition, StateDefinition, WriteContext } from './definition';

const known = (state: StateDefinition, value: unknown): string => {
  if (state.machine.isState(value)) return value;
  throw new Refusal(
    400,
    'unknownState',
    `${state.attribute} must be one of: ${state.machine.states.join(', ')}`,
    {
      faults: [
        {
          path: `/${state.attribute}`,
          message: `must be one of: ${state.machine.states.join(', ')}`,
          code: 'enum',
        },
      ],
    },
  );
};

/** Gives a new resource its first state and refuses one that it may not start in. */
export const startingState = (definition: ResourceDefinition, draft: JsonObject): JsonObject => {
  const { state } = definition;
  if (!state) return draft;
  const wanted = draft[state.attribute];
  if (wanted === undefined) return { ...draft, [state.attribute]: state.machine.initial };
  const value = known(state, wanted);
  const isCreatable = (candidate: string): boolean =>
    state.creatable?.includes(candidate) ?? state.machine.isInitial(candidate);
  if (isCreatable(value)) return draft;
  const creatable = state.machine.states.filter(isCreatable);
  throw new Refusal(
    409,
    'illegalState',
    `A new ${definition.name} cannot start as '${value}'. Allowed: ${creatable.join(', ')}`,
    {
      faults: [{ path: `/${state.attribute}`, message: `cannot start as '${value}'`, code: 'illegalState' }],
    },
  );
};

/** True when steps of the life cycle lead from one state to another, however many. */
const leadsTo = ({ machine }: StateDefinition, from: string, to: string): boolean => {
  const seen = new Set([from]);
  for (const state of seen) for (const next of machine.next(state)) seen.add(next);
  return seen.has(to);
};

/** Refuses with 409 a step that the life cycle does not have, with the reason and the steps that it has. */
export const checkTransition = (
  definition: ResourceDefinition,
  before: JsonObject,
  after: JsonObject,
  now: number,
  origin: WriteContext['origin'],
): void => {
  const { state } = definition;
  if (!state) return;
  const from = before[state.attribute];
  const to = known(state, after[state.attribute]);
  if (from === to || !state.machine.isState(from)) return;
  const skips = origin === 'ingest' && state.skipsOnIngest === true;
  if (skips && !state.machine.next(from).includes(to) && leadsTo(state, from, to)) return;
  const verdict = state.machine.check(from, to, { before, after, now });
  if (verdict.ok) return;
  const { reason, allowed } = verdict.error;
  const ways =
    allowed.length > 0
      ? `Allowed from '${from}': ${allowed.join(', ')}`
      : `Nothing is allowed from '${from}'`;
  throw new Refusal(409, 'illegalTransition', `${reason} ${ways}.`, {
    faults: [{ path: `/${state.attribute}`, message: reason, code: 'illegalTransition' }],
  });
};
