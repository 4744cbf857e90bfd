import { Refusal } from '@quotebridge/platform/core';
import { KnownCustomers } from './known-customers';

describe('whether a customer is unknown', () => {
  const setUp = () => {
    const state = {
      now: 1_700_000_000_000,
      known: new Set(['10']),
      asked: [] as string[],
      away: [] as string[],
    };
    let refusal: Refusal | undefined;
    const customers = new KnownCustomers({
      buyers: {
        of: async (number) => {
          state.asked.push(number);
          if (refusal) throw refusal;
          return { number, lists: [], isKnown: state.known.has(number) };
        },
      },
      clock: { now: () => state.now },
      deadlineMs: 1_000,
      maxEntries: 2,
      noteAway: (reason) => void state.away.push(reason),
    });
    const refuse = (status?: 503 | 409): void => {
      refusal = status === undefined ? undefined : new Refusal(status, 'x', 'not now');
    };
    return { state, customers, refuse };
  };

  it('is what the customer component says, asked once for one who is known and each time for another', async () => {
    const { state, customers } = setUp();
    for (const number of ['10', '11', '10', '11'])
      expect(await customers.isUnknown(number)).toBe(number === '11');
    expect(state.asked).toEqual(['10', '11', '11']);
    state.known.add('11');
    expect(await customers.isUnknown('11')).toBe(false);
    state.now += 600_000;
    await customers.isUnknown('10');
    expect(state.asked).toEqual(['10', '11', '11', '11', '10']);
  });

  it('is never said while nobody can tell, and not asked for again at once', async () => {
    const { state, customers, refuse } = setUp();
    refuse(503);
    expect(await customers.isUnknown('11')).toBe(false);
    expect(await customers.isUnknown('12')).toBe(false);
    expect([state.asked, state.away]).toEqual([['11'], ['not now']]);
    state.now += 5_000;
    expect(await customers.isUnknown('12')).toBe(false);
    expect([state.asked, state.away]).toEqual([['11', '12'], ['not now']]);
    refuse();
    state.now += 5_000;
    expect(await customers.isUnknown('11')).toBe(true);
  });

  it('is not said of a number that several have', async () => {
    const { state, customers, refuse } = setUp();
    refuse(409);
    expect(await customers.isUnknown('11')).toBe(false);
    refuse();
    expect(await customers.isUnknown('11')).toBe(true);
    expect(state.away).toEqual([]);
  });

  it('is remembered of so many only', async () => {
    const { state, customers } = setUp();
    for (const number of ['1', '2', '3']) state.known.add(number);
    for (const number of ['1', '2', '3', '3', '2', '1']) await customers.isUnknown(number);
    expect(state.asked).toEqual(['1', '2', '3', '1']);
  });
});
