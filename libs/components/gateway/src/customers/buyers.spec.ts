import { Refusal, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { ComponentAnswer, ComponentCall } from '../component-client';
import { Buyers, priceListsIn } from './buyers';

const clock = { time: 1_700_000_000_000, now: () => clock.time };
const customer = (id: string, ...lists: Json[]): JsonObject => ({
  id,
  characteristic: [
    { name: 'currency', value: 'EUR' },
    ...lists.map((value) => ({ name: 'priceList', value })),
  ],
});

/** Customers by their id, and what was asked for. */
class Customers {
  readonly asked: string[] = [];
  isAway = false;

  constructor(private readonly known: Readonly<Record<string, readonly JsonObject[]>>) {}

  readonly call = async ({ path }: ComponentCall): Promise<ComponentAnswer> => {
    this.asked.push(path);
    if (this.isAway) throw new Refusal(503, 'componentAway', 'away');
    const number = /externalIdentifier\.id=%22([^&]*)%22/.exec(path)?.[1];
    if (number === undefined) return { status: 404, body: {} };
    return { status: 200, body: [...(this.known[number] ?? [])] };
  };
}

const listsOf = (customers: Customers, maxEntries = 10) => {
  const buyers = new Buyers({ customers, clock, freshMs: 1_000, maxEntries, erp: 'erp' });
  return { of: async (customer: string) => (await buyers.of(customer)).lists };
};

describe('the number of a customer', () => {
  const named = (...externalIdentifier: JsonObject[]): JsonObject => ({
    ...customer('1'),
    externalIdentifier,
  });
  const crm = { owner: 'crm', externalIdentifierType: 'account', id: '001A' };
  it.each<[string, JsonObject, string]>([
    ['is that of the ERP', named({ owner: 'erp', externalIdentifierType: 'customer', id: '7' }), '7'],
    [
      'is that of the ERP, whoever brought him first',
      named(crm, { owner: 'erp', externalIdentifierType: 'customer', id: '7' }),
      '7',
    ],
    [
      'is that of a customer elsewhere before any other identifier',
      named(crm, { owner: 'other', externalIdentifierType: 'customer', id: '8' }),
      '8',
    ],
    ['is any identifier before none', named(crm), '001A'],
    ['is what he was called by', named(), 'key'],
  ])('%s', async (_name, resource, number) => {
    const customers = new Customers({ key: [resource] });
    const buyers = new Buyers({ customers, clock, freshMs: 1_000, maxEntries: 10, erp: 'erp' });
    expect((await buyers.of('key')).number).toBe(number);
  });
});

describe('the price lists of a customer', () => {
  it.each<[string, JsonObject, string[]]>([
    ['none', {}, []],
    ['none when the characteristic is empty', customer('1', ''), []],
    ['one', customer('1', '03'), ['03']],
    ['several in one value', customer('1', ['a', 'b']), ['a', 'b']],
    ['several by several', customer('1', 'a', 'b'), ['a', 'b']],
  ])('are his characteristic: %s', (_name, resource, lists) => {
    expect(priceListsIn(resource)).toEqual(lists);
  });

  it('are found by his number, none for one that is not known; several customers of a number are refused', async () => {
    const lists = listsOf(
      new Customers({ 20100001: [customer('1', '03')], 20100002: [customer('2', 'a'), customer('3', 'b')] }),
    );
    expect(await lists.of('20100001')).toEqual(['03']);
    expect(await lists.of('20100009')).toEqual([]);
    await expect(lists.of('20100002')).rejects.toMatchObject({ status: 409 });
  });

  it('are asked once for equal questions and a while, anew after it and after a failure', async () => {
    const customers = new Customers({ 1: [customer('1', '03')], 2: [], 3: [] });
    const lists = listsOf(customers, 2);
    await Promise.all([lists.of('1'), lists.of('1')]);
    clock.time += 999;
    await lists.of('1');
    expect(customers.asked).toHaveLength(2);
    clock.time += 1;
    customers.isAway = true;
    await expect(lists.of('1')).rejects.toMatchObject({ status: 503 });
    customers.isAway = false;
    expect(await lists.of('1')).toEqual(['03']);
    const before = customers.asked.length;
    for (const number of ['2', '3', '1']) await lists.of(number);
    expect(customers.asked).toHaveLength(before + 6);
  });
});
