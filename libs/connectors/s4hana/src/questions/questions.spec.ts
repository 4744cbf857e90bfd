import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import { BOMS, EQUIPMENT, EXPLODE_BOM } from '../entity-sets';
import { liveBom } from '../mapping/live-bom';
import { livePrice } from '../mapping/live-price';
import { SETTINGS } from '../mapping/settings.fixture';
import { questionsOf } from './questions';
import { Remembered } from './remembered';

const TYPES = new Set(['PPR0', 'PMP0']);
const order = (elements: readonly JsonObject[], NetAmount = '90.00'): JsonObject => ({
  TransactionCurrency: 'EUR',
  to_Item: {
    results: [{ NetAmount, RequestedQuantityUnit: 'PC', to_PricingElement: { results: [...elements] } }],
  },
});
const element = (ConditionType: string, ConditionAmount: string, more: JsonObject = {}): JsonObject => ({
  ConditionType,
  ConditionAmount,
  ...more,
});

describe('the price that a simulated order tells', () => {
  it('has list, net and every step with the amount reached', () => {
    const discount = { ConditionCalculationType: 'A', ConditionRateValue: '10.00' };
    expect(livePrice(order([element('PPR0', '100.00'), element('DRG1', '-10.00', discount)]), TYPES)).toEqual(
      {
        net: 90,
        currency: 'EUR',
        units: 'PC',
        list: 100,
        steps: [
          { name: 'PPR0', rule: 'price', amount: 100, result: 100 },
          { name: 'DRG1', rule: 'discount', percentage: 10, amount: -10, result: 90 },
        ],
      },
    );
  });

  it.each([
    ['a tax', element('MWST', '17.10', { ConditionClass: 'D' })],
    ['a cost', element('VPRS', '40.00', { ConditionIsForStatistics: true })],
    ['what is switched off', element('PPR0', '110.00', { ConditionInactiveReason: 'A' })],
  ])('leaves out %s', (_name, other) => {
    const found = livePrice(order([element('PPR0', '90.00'), other]), TYPES);
    expect(found).toMatchObject({ list: 90, steps: [{ name: 'PPR0' }] });
  });

  it('counts the last price only', () => {
    const found = livePrice(order([element('PPR0', '100.00'), element('PMP0', '90.00')]), TYPES);
    expect(found).toMatchObject({ list: 90, steps: [{ name: 'PMP0', result: 90 }] });
  });

  it('is none without a priced item', () => {
    expect(livePrice({ to_Item: { results: [] } }, TYPES)).toBeUndefined();
    expect(livePrice(order([], 'x'), TYPES)).toBeUndefined();
  });

  it('adds up to the cent whatever the conditions are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -99_999, max: 99_999 }), { maxLength: 9 }), (cents) => {
        const elements = cents.map((one, index) => element(`Z${index}`, (one / 100).toFixed(2)));
        const steps = livePrice(order(elements), TYPES)?.['steps'] as JsonObject[];
        const sums = cents.map((_, index) => cents.slice(0, index + 1).reduce((sum, one) => sum + one, 0));
        expect(steps.map(({ result }) => Math.round(Number(result) * 100))).toEqual(sums);
      }),
    );
  });
});

describe('an exploded structure', () => {
  it('puts each line below the one above it, and says when there is more', () => {
    const tree = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 30 }).map((jumps) => {
      let level = 0;
      return jumps.map((jump) => (level = Math.max(1, Math.min(level + 1, jump + 1))));
    });
    fc.assert(
      fc.property(tree, fc.integer({ min: 1, max: 5 }), (levels, most) => {
        const rows = levels.map((level, index) => ({
          b_o_m_explosion_level: String(level),
          bill_of_material_component: `C${index}`,
          bill_of_material_item_quantity: '4.000',
          b_o_m_header_quantity_primary: '2.000',
          bill_of_material_comp_quant: '4',
        }));
        const { lines, isCut } = liveBom('s4', 'root', rows, most);
        expect(lines).toHaveLength(levels.filter((level) => level <= most).length);
        expect(isCut).toBe(levels.some((level) => level > most));
        expect(lines.every(({ quantity, totalQuantity }) => quantity === 2 && totalQuantity === 4)).toBe(
          true,
        );
        const before = new Map<unknown, number>([['root', 0]]);
        for (const { id, parent, level } of lines) {
          expect(before.get(parent)).toBe(Number(level) - 1);
          before.set(id, Number(level));
        }
      }),
    );
  });
});

describe('what is remembered', () => {
  it('is asked once for its time, a failure not at all, and the oldest is forgotten', async () => {
    const clock = { time: 0, now: () => clock.time };
    const kept = new Remembered<number>(clock, 2, 1_000);
    let asked = 0;
    const ask = async () => (asked += 1);
    expect(await Promise.all([kept.get('a', ask), kept.get('a', ask)])).toEqual([1, 1]);
    clock.time = 1_000;
    expect(await kept.get('a', ask)).toBe(2);
    const fails = async (): Promise<number> => {
      throw new Error('away');
    };
    await expect(kept.get('b', fails)).rejects.toThrow('away');
    expect(await kept.get('b', ask)).toBe(3);
    expect(await kept.get('c', ask)).toBe(4);
    expect(await kept.get('a', ask)).toBe(5);
  });
});

describe('questions to the system', () => {
  const NOW = Date.UTC(2026, 10, 23, 15);
  const calls: { set: string; query: Record<string, string> }[] = [];
  const simulated: JsonObject[] = [];
  const answers: Record<string, readonly JsonObject[]> = {};
  const client = {
    all: async (set: string, query: Record<string, string>) => {
      calls.push({ set, query });
      return answers[set] ?? [];
    },
    ask: async (set: string, query: Record<string, string>) => {
      calls.push({ set, query });
      return { results: [] };
    },
    simulate: async (_set: string, order: JsonObject) => {
      simulated.push(order);
      return { TransactionCurrency: 'EUR', to_Item: { results: [{ NetAmount: '1' }] } };
    },
  };
  const ask = (name: string, question: JsonObject): Promise<JsonObject> => {
    const questions = questionsOf('s4', { ...SETTINGS, plant: '1710' }, client, { now: () => NOW });
    const found = questions.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found.answer(question, new AbortController().signal);
  };
  const record = (Equipment: string): JsonObject => ({
    Equipment,
    Material: 'QM-1001',
    OperationStartDate: '/Date(1640995200000)/',
  });
  beforeEach(() => {
    calls.length = 0;
    simulated.length = 0;
    answers[EQUIPMENT] = [record('10000001')];
    answers[BOMS] = [
      { BillOfMaterial: '00000009', BillOfMaterialVariant: '2', Material: 'QM-1001', Plant: '1710' },
      {
        BillOfMaterial: '00000007',
        BillOfMaterialCategory: 'M',
        BillOfMaterialVariant: '1',
        BillOfMaterialVersion: '',
        EngineeringChangeDocument: '',
        Material: 'QM-1001',
        Plant: '1710',
      },
    ];
  });

  it('explode the first alternative with every parameter that the function has, on the day and to the level', async () => {
    await ask('bom', { serial: 'X-1', levels: 3, effective: '2026-03-04T15:00:00Z' });
    expect(calls.at(-1)).toEqual({
      set: EXPLODE_BOM,
      query: {
        BillOfMaterial: "'00000007'",
        BillOfMaterialCategory: "'M'",
        BillOfMaterialVariant: "'1'",
        BillOfMaterialVersion: "''",
        EngineeringChangeDocument: "''",
        Material: "'QM-1001'",
        Plant: "'1710'",
        BOMExplosionApplication: "'PP01'",
        RequiredQuantity: '1m',
        BOMExplosionIsLimited: 'false',
        BOMItmQtyIsScrapRelevant: "''",
        BillOfMaterialItemCategory: "''",
        BOMExplosionAssembly: "''",
        BOMExplosionDate: "datetime'2026-03-04T00:00:00'",
        BOMExplosionLevel: '3m',
        BOMExplosionIsMultilevel: 'true',
        MaterialProvisionFltrType: "' '",
        SparePartFltrType: "' '",
      },
    });
  });

  it('find a machine to the end of the last day of its record, also when the next one is known', async () => {
    answers[EQUIPMENT] = [record('10000001'), record('10000001')];
    await ask('bom', { serial: 'X-1' });
    expect(calls[0]?.query['$filter']).toContain("ValidityEndDate ge datetime'2026-11-23T00:00:00'");
    answers[EQUIPMENT] = [record('10000001'), record('10000002')];
    await expect(ask('bom', { serial: 'X-1' })).rejects.toThrow('several machines');
  });

  it('are refused for a material without a structure', async () => {
    answers[BOMS] = [];
    await expect(ask('bom', { serial: 'X-1' })).rejects.toThrow('QM-1001 has no structure');
  });

  it.each([
    [undefined, undefined],
    ['2026-03-04T15:00:00Z', `/Date(${Date.UTC(2026, 2, 4)})/`],
  ])('for a price on %s leave today to the system', async (date, PricingDate) => {
    await ask('price', { part: 'P', customer: 'C', ...(date === undefined ? {} : { date }) });
    expect(simulated[0]?.['PricingDate']).toBe(PricingDate);
  });
});
