import type { Sandbox } from '@quotebridge/sandbox/core';
import { startS4Sandbox } from './start';
import { TestCaller, at, orderBody, rows } from './testing';

let sandbox: Sandbox;
let caller: TestCaller;
let now = 0;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 10);
  sandbox = await startS4Sandbox({ port: 0, host: '127.0.0.1', clock: { now: () => now } });
  caller = new TestCaller(sandbox.url);
  await caller.fetchCsrf();
});

afterEach(() => sandbox.close());

describe('writing master data', () => {
  it('creates a price with validity and scale in one deep insert, and orders use it', async () => {
    const price = {
      ConditionType: 'PPR0',
      ConditionRateValue: '2222.00',
      ConditionCurrency: 'EUR',
      ConditionQuantity: '1',
      ConditionQuantityUnit: 'PC',
      to_SlsPrcgCndnRecdValidity: [
        {
          ConditionType: 'PPR0',
          Material: 'SP-1001',
          Customer: '10100001',
          SalesOrganization: '1710',
          DistributionChannel: '10',
          ConditionValidityStartDate: '/Date(1577836800000)/',
          ConditionValidityEndDate: '/Date(253402214400000)/',
        },
      ],
    };
    const made = await caller.write(
      'POST',
      'API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgConditionRecord',
      price,
    );
    expect(made.status).toBe(201);
    const order = await caller.write(
      'POST',
      'API_SALES_ORDER_SRV/A_SalesOrder',
      orderBody({ to_Item: [{ Material: 'SP-1001', RequestedQuantity: '1' }] }),
    );
    expect(at(order.json, 'd.TotalNetAmount')).toBe('2222.00');
  });

  it('moves LastChangeDateTime of a material, so that a delta read finds it', async () => {
    now += 5_000;
    const path = "API_PRODUCT_SRV/A_Product('SP-1001')";
    expect((await caller.write('PATCH', path, { ProductGroup: 'NEW' })).status).toBe(204);
    const filter = encodeURIComponent("LastChangeDateTime ge datetimeoffset'2026-01-15T10:00:01Z'");
    expect(
      rows(await caller.get(`API_PRODUCT_SRV/A_Product?$filter=${filter}`)).map((row) => row['Product']),
    ).toEqual(['SP-1001']);
  });

  it('refuses a write that the set does not take', async () => {
    expect((await caller.write('POST', 'API_BUSINESS_PARTNER/A_Customer', { Customer: '1' })).status).toBe(
      405,
    );
  });
});
