import type { JsonObject } from '@quotebridge/platform/core';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { startS4Sandbox } from '.';
import { at, explosionPath, orderBody, rows, TestCaller } from './testing';

const NOW = Date.UTC(2026, 10, 22);
const PRODUCTS = 'API_PRODUCT_SRV/A_Product';
const PRICE_KEYS = 'API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgCndnRecdValidity';
const query = (options: Readonly<Record<string, string>>): string =>
  `?${new URLSearchParams(options).toString()}`;

describe('the after-sales business a thousand times', () => {
  let sandbox: Sandbox;
  let sap: TestCaller;
  let heapBefore: number;

  beforeAll(async () => {
    heapBefore = process.memoryUsage().heapUsed;
    sandbox = await startS4Sandbox({
      port: 0,
      host: '127.0.0.1',
      afterSales: 1_000,
      clock: { now: () => NOW },
    });
    sap = new TestCaller(sandbox.url);
  });
  afterAll(() => sandbox.close());

  const all = async (path: string, options: Readonly<Record<string, string>>): Promise<JsonObject[]> =>
    rows(await sap.get(path + query(options)));
  const number = async (path: string): Promise<number> => Number((await sap.get(`${path}/$count`)).text);

  it('is all there, and hardly in memory', async () => {
    // 40 models, 560 assemblies, 2,000 parts; 41 materials are the hand-written ones.
    expect(await number(PRODUCTS)).toBe(2_600 * 1_000 + 41);
    expect(await number('API_BUSINESS_PARTNER/A_Customer')).toBe(500 * 1_000 + 10);
    expect(await number('API_EQUIPMENT/Equipment')).toBe(800 * 1_000);
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(1_000_000_000);
  });

  it('is read in pages, far behind too, with what belongs to a row, in the lengths of the system', async () => {
    const answer = await sap.get(
      PRODUCTS +
        query({ $skip: '2599999', $top: '42', $expand: 'to_Description,to_Plant', $inlinecount: 'allpages' }),
    );
    const page = rows(answer);
    expect([page.length, at(answer.json, 'd.__count')]).toEqual([42, '2600041']);
    expect(page.at(-1)).toMatchObject({ Product: 'Q0999P-102000' });
    expect(at(page.at(-1), 'to_Description.results.1.Product')).toBe('Q0999P-102000');
    const [partner] = await all('API_BUSINESS_PARTNER/A_BusinessPartner', {
      $filter: "BusinessPartner eq '2979100006'",
      $expand: 'to_Customer/to_PartnerFunction,to_BusinessPartnerAddress/to_EmailAddress',
    });
    expect(partner).toMatchObject({ Customer: '2979100006', to_Customer: { Customer: '2979100006' } });
    expect(at(partner, 'to_BusinessPartnerAddress.results.0.to_EmailAddress.results.0.EmailAddress')).toBe(
      'parts@2979100006.example',
    );
    expect(String(partner?.['OrganizationBPName1']).length).toBeLessThanOrEqual(40);
    expect(String(at(partner, 'to_Customer.to_PartnerFunction.results.1.BPCustomerNumber'))).toHaveLength(10);
  });

  it('is read by the time of changes, each row once and in order', async () => {
    const changedAt = (row: JsonObject): number => Number(/\d+/.exec(String(row['LastChangeDateTime']))?.[0]);
    const seen: JsonObject[] = [];
    let since = NOW - 5 * 86_400_000;
    for (let pages = 0; pages < 3; pages += 1) {
      const page = await all(PRODUCTS, {
        $filter: `LastChangeDateTime gt datetimeoffset'${new Date(since).toISOString()}'`,
        $orderby: 'LastChangeDateTime,Product',
        $top: '100',
      });
      seen.push(...page);
      since = changedAt(page.at(-1) ?? {});
    }
    const times = seen.map(changedAt);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(seen.map(({ Product }) => Product)).size).toBe(300);
    expect(seen.every(({ Product }) => /^Q099\d/.test(String(Product)))).toBe(true);
  });

  it('prices, builds and knows what belongs to block 900, and keeps what is written there', async () => {
    const [scheduled] = await all(PRICE_KEYS, {
      $filter: "ConditionType eq 'DRG1' and Material ge 'Q0900' and Material lt 'Q0901'",
      $top: '1',
    });
    const Material = String(scheduled?.['Material']);
    const [area] = await all('API_BUSINESS_PARTNER/A_CustomerSalesArea', {
      $filter: "PriceListType eq '03' and Customer ge '2880100001'",
      $top: '1',
    });
    expect([Material.slice(0, 5), String(area?.['Customer']).slice(0, 4)]).toEqual(['Q0900', '2880']);
    await sap.fetchCsrf('API_SALES_ORDER_SIMULATION_SRV');
    const priced = await sap.write('POST', 'API_SALES_ORDER_SIMULATION_SRV/A_SalesOrderSimulation', {
      ...orderBody({
        SoldToParty: String(area?.['Customer']),
        to_Item: [{ Material, RequestedQuantity: '50', to_PricingElement: [] }],
      }),
    });
    const elements = at(priced.json, 'd.to_Item.results.0.to_PricingElement.results');
    expect(elements).toMatchObject([{ ConditionType: 'PPR0' }, { ConditionType: 'DRG1' }]);
    const lines = rows(await sap.get(await explosionPath(sap, 'Q0900M-1001')));
    expect(lines.some(({ b_o_m_explosion_level: level }) => level === '5')).toBe(true);
    expect(lines.every(({ bill_of_material_component: part }) => String(part).startsWith('Q0900'))).toBe(
      true,
    );

    await sap.fetchCsrf('API_PRODUCT_SRV');
    await sap.write('PATCH', `${PRODUCTS}('${Material}')`, { ProductGroup: 'NEW' });
    const changed = await all(PRODUCTS, { $orderby: 'LastChangeDateTime desc,Product', $top: '1' });
    expect(changed).toMatchObject([{ Product: Material, ProductGroup: 'NEW' }]);
    expect(await number(PRODUCTS)).toBe(2_600_041);
  });

  it('is shown in pages', async () => {
    const page = await (await fetch(`${sandbox.url}/?table=Materials&page=26001`)).text();
    expect(page).toContain('Page 26001 of 26001');
    expect(page).toContain('Q0999P-102000');
  });
});
