import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import { LOCAL_PRINCIPAL } from '@quotebridge/platform/security';
import { refuseStrangers } from './approver';
import { Desk, holder, item, off, quote } from './quote.fixture';
import { readThresholds } from './thresholds';

const MANAGER = 'discount above 10 % (manager)';
const DIRECTOR = 'discount above 30 % (director)';

const start = async (percent = 40) => {
  const desk = new Desk();
  return { desk, made: await desk.create(quote([item('1', 'pump', off(percent))])) };
};
const give = (...names: string[]): JsonObject => ({
  authorization: names.map((name) => ({ '@type': 'Authorization', name, state: 'approved' })),
});
const faultsOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'accepted',
    (thrown: unknown) =>
      thrown instanceof Refusal
        ? [thrown.status, thrown.code, thrown.faults.map(({ message }) => message)]
        : thrown,
  );
const missing = (name: string, role: string): string =>
  `'${name}' is given by who holds the role ${role}, and your credential does not`;

describe('an authorization', () => {
  it('is given by who holds its role', async () => {
    const { desk, made } = await start(20);
    const given = await desk.change(made, give(MANAGER), { principal: holder('manager') });
    expect(given['authorization']).toMatchObject([{ name: MANAGER, state: 'approved' }]);
  });

  it.each([
    ['another role', holder('director')],
    ['no role', holder()],
  ])('is not given with %s: 403 says which role is missing', async (_name, principal) => {
    const { desk, made } = await start(20);
    const change = desk.change(made, give(MANAGER), { principal });
    expect(await faultsOf(change)).toEqual([403, 'missingRole', [missing(MANAGER, 'manager')]]);
  });

  it('is not given by connectors and consumers, which hold no role', async () => {
    const { made } = await start(20);
    const [entry] = made['authorization'] as JsonObject[];
    const after = { ...made, authorization: [{ ...entry, state: 'approved' }] };
    const thresholds = readThresholds(['10:manager'], []);
    expect(() => refuseStrangers(made, after, thresholds, undefined)).toThrow(Refusal);
    expect(() => refuseStrangers(after, after, thresholds, undefined)).not.toThrow();
  });

  it('names every role that is missing, each with its entry', async () => {
    const { desk, made } = await start();
    const change = desk.change(made, give(MANAGER, DIRECTOR), { principal: holder('sales') });
    expect(await faultsOf(change)).toEqual([
      403,
      'missingRole',
      [missing(MANAGER, 'manager'), missing(DIRECTOR, 'director')],
    ]);
  });

  it('is not bought by naming another role or another approver', async () => {
    const { desk, made } = await start(20);
    const approver = [
      {
        '@type': 'RelatedPartyOrPartyRole',
        role: 'sales',
        partyOrPartyRole: { '@type': 'PartyRef', id: 'boss' },
      },
    ];
    const change = { authorization: [{ name: MANAGER, state: 'approved', approver }] };
    expect(await faultsOf(desk.change(made, change, { principal: holder('sales') }))).toEqual([
      403,
      'missingRole',
      [missing(MANAGER, 'manager')],
    ]);
    expect(await faultsOf(desk.change(made, change, { principal: holder('manager') }))).toBe('accepted');
  });

  it('that is given stays given when others change the rest', async () => {
    const { desk, made } = await start(20);
    const given = await desk.change(made, give(MANAGER), { principal: holder('manager') });
    const after = await desk.change(given, { description: 'by a clerk' }, { principal: holder('sales') });
    expect(after['authorization']).toEqual(given['authorization']);
    const again = await desk.change(after, give(MANAGER), { principal: holder('sales') });
    expect(again['authorization']).toEqual(given['authorization']);
  });

  it('by somebody for one threshold leaves the other one to its own role', async () => {
    const { desk, made } = await start();
    const first = await desk.change(made, give(MANAGER), { principal: holder('manager') });
    const both = give(MANAGER, DIRECTOR);
    expect(await faultsOf(desk.change(first, both, { principal: holder('manager') }))).toEqual([
      403,
      'missingRole',
      [missing(DIRECTOR, 'director')],
    ]);
    const second = await desk.change(first, both, { principal: holder('director') });
    expect(second['authorization']).toMatchObject([{ state: 'approved' }, { state: 'approved' }]);
  });

  it('that people added needs the role it names and named before; one that names none is anybody’s', async () => {
    const entry = (role: string, state: string): JsonObject => ({
      '@type': 'Authorization',
      name: 'export control',
      state,
      approver: [{ '@type': 'RelatedPartyOrPartyRole', role }],
    });
    const { desk, made } = await start(0);
    const asked = await desk.change(made, { authorization: [entry('lawyer', 'requested')] });
    const step = (role: string, principal: ReturnType<typeof holder>) =>
      faultsOf(desk.change(asked, { authorization: [entry(role, 'approved')] }, { principal }));
    expect(await step('sales', holder('sales'))).toEqual([
      403,
      'missingRole',
      [missing('export control', 'lawyer')],
    ]);
    expect(await step('lawyer', holder('lawyer'))).toBe('accepted');
    const free = { authorization: [{ '@type': 'Authorization', name: 'seen', state: 'approved' }] };
    expect(await faultsOf(desk.change(asked, free, { principal: holder() }))).toBe('accepted');
  });

  it('of an item needs its role too, also in a new quote', async () => {
    const quoteItemAuthorization = [
      {
        '@type': 'Authorization',
        name: 'oversize',
        state: 'approved',
        approver: [{ '@type': 'RelatedPartyOrPartyRole', role: 'planner' }],
      },
    ];
    const draft = quote([item('1', 'pump', { quoteItemAuthorization })]);
    const desk = new Desk();
    expect(await faultsOf(desk.create(draft, { principal: holder('manager') }))).toEqual([
      403,
      'missingRole',
      [missing('oversize', 'planner')],
    ]);
    expect(await faultsOf(desk.create(draft, { principal: holder('planner') }))).toBe('accepted');
  });

  it('is given by everybody where access control is off', async () => {
    const { desk, made } = await start();
    const change = desk.change(made, give(MANAGER, DIRECTOR), { principal: LOCAL_PRINCIPAL });
    expect(await faultsOf(change)).toBe('accepted');
  });
});
