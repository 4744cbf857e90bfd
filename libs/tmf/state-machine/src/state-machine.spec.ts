import fc from 'fast-check';
import { defineStateMachine, openStateMachine } from './state-machine';

type Light = 'off' | 'red' | 'green' | 'broken';

const light = defineStateMachine<Light, { power: boolean }>({
  initial: ['off', 'red'],
  final: ['broken'],
  transitions: [
    { from: 'off', to: 'red', guard: ({ power }) => (power ? undefined : 'There is no power.') },
    { from: 'red', to: 'green' },
    { from: ['green', 'red'], to: 'off' },
    { from: ['off', 'red', 'green'], to: 'broken' },
  ],
});

describe('a state machine', () => {
  it('allows a declared step', () => {
    expect(light.check('red', 'green', { power: true })).toEqual({ ok: true, value: undefined });
  });

  it('refuses an undeclared step and lists where the entity may go instead', () => {
    expect(light.check('green', 'red', { power: true })).toEqual({
      ok: false,
      error: { reason: "There is no step from 'green' to 'red'.", allowed: ['off', 'broken'] },
    });
  });

  it('gives the reason of the guard and leaves the guarded step out of the alternatives', () => {
    expect(light.check('off', 'red', { power: false })).toEqual({
      ok: false,
      error: { reason: 'There is no power.', allowed: ['broken'] },
    });
  });

  it('says that a final state is final', () => {
    expect(light.check('broken', 'off', { power: true })).toEqual({
      ok: false,
      error: { reason: "'broken' is final.", allowed: [] },
    });
  });

  it('names an unknown state', () => {
    expect(light.check('red', 'blue' as Light, { power: true })).toMatchObject({
      error: { reason: "'blue' is not a known state." },
    });
    expect(light.isState('blue')).toBe(false);
    expect(light.isState(['red'])).toBe(false);
  });

  it('knows its initial states', () => {
    expect(light.initial).toBe('off');
    expect(light.checkInitial('red').ok).toBe(true);
    expect(light.checkInitial('green')).toEqual({
      ok: false,
      error: { reason: "'green' is not a state to start in.", allowed: ['off', 'red'] },
    });
  });

  it('never offers a state that it would then refuse', () => {
    const state = fc.constantFrom(...light.states);
    fc.assert(
      fc.property(state, state, fc.boolean(), (from, to, power) => {
        const answer = light.check(from, to, { power });
        const offered = answer.ok ? [] : answer.error.allowed;
        return offered.every((other) => light.check(from, other, { power }).ok);
      }),
    );
  });

  it.each([
    ['declared twice', [{ from: ['a', 'a'], to: 'b' }], ['b'], 'declared twice'],
    [
      'leaving a final state',
      [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
      ],
      ['b'],
      'has a way out',
    ],
    ['a dead end', [{ from: 'a', to: 'b' }], [], 'dead end'],
    [
      'an unreachable state',
      [
        { from: 'a', to: 'b' },
        { from: 'c', to: 'b' },
      ],
      ['b'],
      'nothing leads to c',
    ],
  ])('refuses a table with %s', (_name, transitions, final, message) => {
    expect(() => defineStateMachine<string>({ initial: ['a'], final, transitions })).toThrow(message);
  });
});

describe('a machine for a status that is free text', () => {
  const open = openStateMachine('new');

  it('starts where it says, takes any text and goes anywhere', () => {
    expect(open.initial).toBe('new');
    expect(['blocked', '', 7, undefined].map((value) => open.isState(value))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(open.isInitial('blocked')).toBe(true);
    expect(open.check('closed', 'new', {}).ok).toBe(true);
  });
});
