import type { JsonObject } from '@quotebridge/platform/core';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { startS4Sandbox } from '.';
import { at, explosionPath, orderBody, rows, TestCaller } from './testing';

const SIMULATION = 'API_SALES_ORDER_SIMULATION_SRV/A_SalesOrderSimulation';
const ASKED = { to_PricingElement: [], to_ScheduleLine: [] };
const NOW = "datetimeoffset'2026-11-21T00:00:00Z'";

describe('what the system is asked live', () => {
  let sandbox: Sandbox;
  let sap: TestCaller;

  beforeAll(async () => {
    sandbox = await startS4Sandbox({ port: 0, host: '127.0.0.1', afterSales: 0.05 });
    sap = new TestCaller(sandbox.url);
  });
  afterAll(() => sandbox.close());

  const simulate = async (
    customer: string,
    Material: string,
    RequestedQuantity: string,
    more: JsonObject = {},
  ) => {
    await sap.fetchCsrf('API_SALES_ORDER_SIMULATION_SRV');
    return sap.write('POST', SIMULATION, {
      ...orderBody({ SoldToParty: customer, to_Item: [{ Material, RequestedQuantity, ...ASKED }] }),
      ...more,
    });
  };
  const all = async (path: string): Promise<JsonObject[]> => rows(await sap.get(path));
  const tableOf = async (name: string): Promise<JsonObject[]> =>
    (await (await fetch(`${sandbox.url}/__sandbox/tables/${name}`)).json()) as JsonObject[];

  it('a simulated order has prices and confirmed quantities and is never there', async () => {
    const answer = await simulate('10100003', 'SP-1003', '60');
    expect(answer.status).toBe(201);
    expect(at(answer.json, 'd')).toMatchObject({ SalesOrder: '', TotalNetAmount: '23760.00' });
    expect(at(answer.json, 'd.to_Item.results.0.to_PricingElement.results.0')).toMatchObject({
      ConditionType: 'PPR0',
      ConditionRateValue: '396.00',
      ConditionAmount: '23760.00',
    });
    expect(at(answer.json, 'd.to_Item.results.0.to_ScheduleLine.results.0')).toMatchObject({
      ConfdOrderQtyByMatlAvailCheck: '48',
    });
    expect(await tableOf('A_SalesOrder')).toEqual([]);
    await sap.fetchCsrf();
    const created = await sap.write('POST', 'API_SALES_ORDER_SRV/A_SalesOrder', orderBody());
    expect(at(created.json, 'd.SalesOrder')).toBe('4711');
  });

  it('prices by price list, and grants the discount that the quantity reaches', async () => {
    const areas = await all("API_BUSINESS_PARTNER/A_CustomerSalesArea?$filter=PriceListType eq '03'&$top=1");
    const [{ Customer: customer = '' } = {}] = areas;
    const prices = await all(
      "API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgCndnRecdValidity?$filter=ConditionType eq 'DRG1'&$top=1",
    );
    const [{ Material: material = '' } = {}] = prices;
    const answer = await simulate(String(customer), String(material), '50');
    const elements = at(answer.json, 'd.to_Item.results.0.to_PricingElement.results') as JsonObject[];
    expect(elements.map(({ ConditionType }) => ConditionType)).toEqual(['PPR0', 'DRG1']);
    const [price, discount] = elements.map(({ ConditionAmount }) => Number(ConditionAmount));
    expect(discount).toBeCloseTo(-0.075 * (price ?? 0), 1);
  });

  it('refuses to simulate what cannot be ordered', async () => {
    expect(await simulate('10100003', 'NONE', '1')).toMatchObject({
      status: 400,
      json: { error: { code: 'V1/382' } },
    });
    expect(await simulate('99', 'SP-1003', '1')).toMatchObject({ json: { error: { code: 'VP/112' } } });
  });

  it('tells how much of a material is there, and knows none that does not exist', async () => {
    const path = (material: string) =>
      `API_PRODUCT_AVAILY_INFO_BASIC/DetermineAvailabilityAt?SupplyingPlant='1710'&Material='${material}'&ATPCheckingRule='A'&RequestedUTCDateTime=${NOW}`;
    expect(at((await sap.get(path('SP-1003'))).json, 'd.DetermineAvailabilityAt')).toMatchObject({
      AvailableQuantityInBaseUnit: '48.000',
      BaseUnit: 'PC',
    });
    expect((await sap.get(path('NONE'))).status).toBe(404);
  });

  it('explodes the structure of a machine to its parts, on a day and to a level', async () => {
    const [machine] = await all('API_EQUIPMENT/Equipment?$top=1&$expand=to_Partner');
    expect(at(machine ?? {}, 'to_Partner.results.0')).toMatchObject({ PartnerFunction: 'AG' });
    const material = String(machine?.['Material']);
    const explode = async (more?: Record<string, string>): Promise<JsonObject[]> =>
      all(await explosionPath(sap, material, more));
    const lines = await explode();
    const levels = lines.map(({ b_o_m_explosion_level: level }) => Number(level));
    expect([Math.min(...levels), Math.max(...levels)]).toEqual([1, 5]);
    expect(levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1)).toBe(true);
    const top = await explode({ BOMExplosionLevel: '1m' });
    expect(top.length).toBeLessThan(lines.length);
    expect(top.some(({ b_o_m_no_nxt_lvl: below }) => below !== '')).toBe(true);
    const twice = await explode({ RequiredQuantity: '2m' });
    expect(twice.map(({ bill_of_material_comp_quant: many }) => Number(many))).toEqual(
      lines.map(({ bill_of_material_comp_quant: many }) => 2 * Number(many)),
    );
    const items = await all(
      `API_BILL_OF_MATERIAL_SRV;v=2/MaterialBOMItem?$filter=DiscontinuationGroup ne ''&$top=1`,
    );
    expect(items).toHaveLength(1);
  });

  it.each([
    ['without one of its parameters', { BOMExplosionApplication: undefined }, 'BOMExplosionApplication'],
    ['at a point in time', { BOMExplosionDate: NOW }, 'BOMExplosionDate'],
  ])('explodes nothing %s', async (_name, more: Record<string, string | undefined>, told) => {
    const path = new URL(await explosionPath(sap, 'QM-1001'), 'http://sap');
    for (const [name, value] of Object.entries(more))
      if (value === undefined) path.searchParams.delete(name);
      else path.searchParams.set(name, value);
    const answer = await sap.get(`${path.pathname.slice(1)}${path.search}`);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(told);
  });

  it('shows its data in pages', async () => {
    const page = async (query: string) => (await fetch(`${sandbox.url}/${query}`)).text();
    const first = await page('');
    expect(first).toContain('All 171 rows');
    const second = await page('?table=Prices&page=2');
    expect(second).toContain('Page 2 of');
    expect(second.match(/<tr>/g)).toHaveLength(101);
    expect(await page('?table=Prices&page=9999')).toContain('Previous');
    expect(await page('?table=%3Cscript%3E')).not.toContain('<script>');
  });
});
