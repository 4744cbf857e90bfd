import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import { JsonText } from '../api/json-text';
import type { ApiAnswer, ApiCall } from '../api/operation';
import type { LiveAnswer } from './live-erp';
import { LookUp } from './look-up';
import { lookUpOperations } from './look-up-operations';

const clock = { time: 1_700_000_000_000, now: () => clock.time };
const NOW = '2026-11-21T10:00:00.000Z';
const CHANGED = '2026-01-31T00:00:00.000Z';

const freshLookUp = (): LookUp =>
  new LookUp({
    clock,
    freshMs: 0,
    maxEntries: 10,
    maxCharacters: 10_000,
    aloneMs: 5,
    deadlineMs: 60_000,
  });
const none = async (): Promise<JsonObject> => ({});
const bodyOf = (answer: ApiAnswer | undefined): JsonObject =>
  answer === undefined ? {} : (JSON.parse(JsonText.of(answer.body).text) as JsonObject);

describe('the age of whether a part fits', () => {
  let stock: LiveAnswer;
  let isCatalogAway: boolean;
  const asked: string[] = [];

  const open = () => {
    const lookUp = freshLookUp();
    const [operation] = lookUpOperations(
      {
        lookUp,
        erp: { ask: async () => stock },
        master: {
          price: none,
          bom: async () => JsonText.of({}),
          compatibility: async (part, { serial, model }) => {
            asked.push(`${part} ${serial ?? '-'} ${model ?? '-'}`);
            if (isCatalogAway) throw new Refusal(503, 'componentAway', 'the catalog is away');
            return { fits: true, asOf: CHANGED };
          },
        },
      },
      'v2',
    );
    return async (query: Record<string, string>): Promise<JsonObject> => {
      const call = { version: 'v2', body: {}, id: '', query, note: () => undefined };
      const answer = await operation?.handle(call as Partial<ApiCall> as ApiCall);
      return bodyOf(answer);
    };
  };

  beforeEach(() => {
    stock = { ok: true, value: { available: 3 }, asOf: NOW };
    isCatalogAway = false;
  });

  it('is that of the stock while both are known, and that of the fit when the ERP is silent', async () => {
    const fit = open();
    expect(await fit({ part: 'P', serial: 'S' })).toEqual({
      fits: true,
      serial: 'S',
      availability: { available: 3 },
      source: 'erp',
      asOf: NOW,
      stale: false,
    });
    stock = { ok: false, reason: 'late' };
    expect(await fit({ part: 'Q', model: 'M' })).toEqual({
      fits: true,
      source: 'masterData',
      asOf: CHANGED,
      stale: true,
      fallbackReason: 'late',
    });
    expect(asked).toEqual(['P S -', 'Q - M']);
  });

  it('is that of the fit when nobody could tell it anew, whatever the ERP knows of the stock', async () => {
    const fit = open();
    await fit({ part: 'P', model: 'M' });
    isCatalogAway = true;
    clock.time += 60_000;
    expect(await fit({ part: 'P', model: 'M' })).toEqual({
      fits: true,
      availability: { available: 3 },
      source: 'masterData',
      asOf: CHANGED,
      stale: true,
      fallbackReason: expect.any(String),
    });
  });
});

describe('a live price', () => {
  const known = { net: 90, currency: 'EUR', validUntil: '2099-01-01T00:00:00.000Z' };
  it.each<[string, JsonObject, unknown]>([
    ['that master data come to as well holds until they know of a change', { net: 90 }, known.validUntil],
    ['that is another one holds until nobody knows when', { net: 91 }, undefined],
    ['that says so itself holds until then', { net: 90, validUntil: '2030' }, '2030'],
  ])('%s', async (_name, live, validUntil) => {
    const lookUp = freshLookUp();
    const operations = lookUpOperations(
      {
        lookUp,
        erp: { ask: async () => ({ ok: true, value: { currency: 'EUR', ...live }, asOf: NOW }) },
        master: {
          price: async () => known,
          bom: async () => JsonText.of({}),
          compatibility: async () => ({}),
        },
      },
      'v1',
    );
    const price = operations.find(({ id }) => id === 'readCustomerPrice');
    const call = { version: 'v1', query: { part: 'P', customer: 'C' }, note: () => undefined };
    const answer = await price?.handle(call as Partial<ApiCall> as ApiCall);
    expect(bodyOf(answer)).toMatchObject({ net: live['net'], source: 'erp', stale: false });
    expect(bodyOf(answer)['validUntil']).toBe(validUntil);
  });
});

describe('a structure from master data', () => {
  it('is passed on as it came, with its own time', async () => {
    const structure = { id: 'm', asOf: CHANGED, isCut: false, lines: [{ level: 1, quantity: 2 }] };
    const lookUp = freshLookUp();
    const operations = lookUpOperations(
      {
        lookUp,
        erp: { ask: async () => ({ ok: false, reason: 'late' }) },
        master: { price: none, compatibility: none, bom: async () => JsonText.of(structure) },
      },
      'v2',
    );
    const bom = operations.find(({ id }) => id === 'readBom');
    const call = { version: 'v2', id: 'S', query: {}, note: () => undefined };
    const answer = await bom?.handle(call as Partial<ApiCall> as ApiCall);
    const age = { source: 'masterData', stale: true, fallbackReason: 'late' };
    expect(bodyOf(answer)).toEqual({ serial: 'S', ...structure, ...age });
  });
});
