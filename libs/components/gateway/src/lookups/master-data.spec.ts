import { Refusal } from '@quotebridge/platform/core';
import type { ComponentAnswer, ComponentCall } from '../component-client';
import { Buyers } from '../customers/buyers';
import { MasterData } from './master-data';

const clock = { now: () => 1_700_000_000_000 };

/** A component that notes what it is asked and answers by the path; without an answer it is silent until it is given up. */
const component = (answers: Readonly<Record<string, ComponentAnswer>>) => {
  const calls: ComponentCall[] = [];
  const call = async (asked: ComponentCall): Promise<ComponentAnswer> => {
    calls.push(asked);
    const [, answer] = Object.entries(answers).find(([part]) => asked.path.includes(part)) ?? [];
    if (answer !== undefined) return answer;
    return new Promise((_resolve, reject) => {
      const giveUp = () => reject(new Refusal(503, 'componentAway', 'does not answer'));
      asked.signal?.addEventListener('abort', giveUp, { once: true });
    });
  };
  return { call, calls };
};

const KNOWN: ComponentAnswer = {
  status: 200,
  body: [
    {
      id: 'c1',
      externalIdentifier: [{ owner: 'erp', externalIdentifierType: 'customer', id: '10100001' }],
      characteristic: [{ name: 'priceList', value: '03' }],
    },
  ],
};
const NONE: ComponentAnswer = { status: 404, body: {} };

const masterOf = (
  parts: { customers: ReturnType<typeof component>; catalog: ReturnType<typeof component> },
  deadlineMs: number,
  inventory = component({}),
) => {
  const buyers = new Buyers({ customers: parts.customers, clock, freshMs: 0, maxEntries: 10, erp: 'erp' });
  return new MasterData(parts.catalog, inventory, buyers, deadlineMs);
};

describe('master data', () => {
  it('have one deadline for all calls that an answer takes', async () => {
    const customers = component({ 'externalIdentifier.id': KNOWN, customer: NONE });
    const catalog = component({ price: { status: 200, body: { net: 1 } } });
    await masterOf({ customers, catalog }, 60_000).price('P', { customer: 'c1' });
    const signals = [...customers.calls, ...catalog.calls].map(({ signal }) => signal);
    expect(signals).toHaveLength(3);
    expect(new Set(signals).size).toBe(1);
    expect(signals[0]).toBeInstanceOf(AbortSignal);

    const inventory = component({ product: { status: 200, body: [{ productSpecification: { id: 'm1' } }] } });
    const fitting = component({ compatibility: { status: 200, body: { fits: true } } });
    await masterOf({ customers, catalog: fitting }, 60_000, inventory).compatibility('P', { serial: 'S' });
    expect(inventory.calls[0]?.signal).toBe(fitting.calls[0]?.signal);
    expect(fitting.calls[0]?.path).toContain('model=m1&serialNumber=S');
  });

  it.each<[string, ReturnType<typeof component>, ReturnType<typeof component>]>([
    ['the customers are', component({}), component({})],
    ['the catalog is', component({ 'externalIdentifier.id': KNOWN, customer: NONE }), component({})],
  ])('refuse with 503 at its end when %s silent', async (_name, customers, catalog) => {
    await expect(masterOf({ customers, catalog }, 20).price('P', { customer: 'c1' })).rejects.toMatchObject({
      status: 503,
      code: 'componentAway',
    });
  });

  it('ask for the price of a customer by his number in the ERP and the lists that he buys from', async () => {
    const customers = component({ 'externalIdentifier.id': KNOWN, customer: NONE });
    const catalog = component({ price: { status: 200, body: { net: 1 } } });
    const master = masterOf({ customers, catalog }, 60_000);
    await master.price('P', { customer: 'c1', quantity: '2' });
    await master.price('P', { customer: 'c1', priceList: 'named' });
    expect(catalog.calls.map(({ path }) => path)).toEqual([
      '/views/parts/P/price?quantity=2&customer=10100001&priceList=03',
      '/views/parts/P/price?priceList=named&customer=10100001',
    ]);
  });
});
