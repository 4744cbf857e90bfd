import { defineStateMachine, openStateMachine } from '@quotebridge/tmf/state-machine';
import type { ResourceDefinition, StateChange } from './definition';
import { checkTransition, startingState } from './states';

const machine = defineStateMachine<string, StateChange>({
  initial: ['open'],
  final: ['done', 'lost'],
  transitions: [
    { from: 'open', to: 'work' },
    { from: 'work', to: 'done', guard: () => 'Not yet.' },
    { from: ['open', 'work'], to: 'lost' },
  ],
});

const definition = (more: Partial<ResourceDefinition['state']>): ResourceDefinition => ({
  api: 'TMF699',
  name: 'salesLead',
  versions: {},
  operations: [],
  eventName: 'SalesLead',
  domain: 'Sales',
  indexes: [],
  state: { attribute: 'status', machine, ...more },
});

const step =
  (from: string, to: string, origin: 'http' | 'ingest', skipsOnIngest = true) =>
  () =>
    checkTransition(definition({ skipsOnIngest }), { status: from }, { status: to }, 0, origin);

describe('steps of a record of an outside system', () => {
  it('may lead over states in between, but not out of a final one', () => {
    expect(step('open', 'done', 'ingest')).not.toThrow();
    expect(step('done', 'open', 'ingest')).toThrow("'done' is final.");
  });

  it('are single steps for clients, and where the resource does not say otherwise', () => {
    expect(step('open', 'done', 'http')).toThrow('no step');
    expect(step('open', 'done', 'ingest', false)).toThrow('no step');
  });

  it('obey the guard of a step that exists', () => {
    expect(step('work', 'done', 'ingest')).toThrow('Not yet.');
  });
});

describe('the state that a resource starts in', () => {
  it('is the first one, or any that may be created', () => {
    expect(startingState(definition({}), {})).toEqual({ status: 'open' });
    expect(() => startingState(definition({}), { status: 'work' })).toThrow('Allowed: open');
    expect(startingState(definition({ creatable: ['work'] }), { status: 'work' })).toEqual({
      status: 'work',
    });
  });

  it('may be any text where the standard leaves it open', () => {
    const open = definition({ machine: openStateMachine('initialized') });
    expect(startingState(open, { status: 'blocked' })).toEqual({ status: 'blocked' });
    expect(() => startingState(open, { status: 7 })).toThrow('status must be');
  });
});
