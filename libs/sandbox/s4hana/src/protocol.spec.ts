import type { Sandbox } from '@quotebridge/sandbox/core';
import { S4_SANDBOX_CREDENTIALS as CREDENTIALS } from './auth';
import { startS4Sandbox } from './start';
import { TestCaller, at, orderBody, rows } from './testing';

let sandbox: Sandbox;
let caller: TestCaller;
let now = Date.UTC(2026, 0, 15, 10);

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 10);
  sandbox = await startS4Sandbox({ port: 0, host: '127.0.0.1', clock: { now: () => now } });
  caller = new TestCaller(sandbox.url);
});

afterEach(() => sandbox.close());

const token = async (form: string, authorization?: string) =>
  fetch(`${sandbox.url}/sap/bc/sec/oauth2/token?sap-client=100`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: form,
  });

const clientAuth = `Basic ${Buffer.from(`${CREDENTIALS.clientId}:${CREDENTIALS.clientSecret}`).toString('base64')}`;

describe('signing in', () => {
  it('gives a token for client credentials that opens the services until it ends', async () => {
    const answer = (await (await token('grant_type=client_credentials', clientAuth)).json()) as {
      access_token: string;
      expires_in: number;
    };
    caller.authorization = `Bearer ${answer.access_token}`;
    expect((await caller.get('API_PRODUCT_SRV/A_Product?$top=1')).status).toBe(200);
    now += answer.expires_in * 1000 + 1;
    expect((await caller.get('API_PRODUCT_SRV/A_Product?$top=1')).status).toBe(401);
  });

  it.each([
    ['a wrong secret', 'grant_type=client_credentials&client_id=quotebridge&client_secret=no', 401],
    [
      'another grant',
      `grant_type=password&client_id=${CREDENTIALS.clientId}&client_secret=${CREDENTIALS.clientSecret}`,
      400,
    ],
  ])('refuses %s', async (_what, form, status) => {
    expect((await token(form)).status).toBe(status);
  });

  it('refuses calls without or with wrong credentials', async () => {
    for (const authorization of ['', 'Bearer nope', 'Basic bm86bm8=', 'Basic %%%']) {
      caller.authorization = authorization;
      expect((await caller.get('API_PRODUCT_SRV/A_Product')).status).toBe(401);
    }
  });

  it('knows only its own client', async () => {
    expect((await caller.get('API_PRODUCT_SRV/A_Product?sap-client=100&$top=1')).status).toBe(200);
    expect((await caller.get('API_PRODUCT_SRV/A_Product?sap-client=200&$top=1')).status).toBe(401);
  });
});

describe('CSRF', () => {
  it('refuses a write without a token and says that one is required', async () => {
    const answer = await caller.write('POST', 'API_SALES_ORDER_SRV/A_SalesOrder', orderBody());
    expect([answer.status, answer.headers.get('x-csrf-token')]).toEqual([403, 'Required']);
    expect(answer.text).toBe('CSRF token validation failed');
  });

  it('refuses the token without its cookies', async () => {
    const fetched = await caller.fetchCsrf();
    const answer = await new TestCaller(sandbox.url).write(
      'POST',
      'API_SALES_ORDER_SRV/A_SalesOrder',
      orderBody(),
      {
        'x-csrf-token': fetched.headers.get('x-csrf-token') ?? '',
      },
    );
    expect(answer.status).toBe(403);
  });

  it('takes the write when token and cookies belong together', async () => {
    await caller.fetchCsrf();
    expect((await caller.write('POST', 'API_SALES_ORDER_SRV/A_SalesOrder', orderBody())).status).toBe(201);
  });

  it('by fault gives a token without cookies, and that token opens nothing', async () => {
    await caller.arm({ name: 'csrfWithoutCookie' });
    const fetched = await caller.fetchCsrf();
    expect(fetched.headers.getSetCookie()).toEqual([]);
    expect((await caller.write('POST', 'API_SALES_ORDER_SRV/A_SalesOrder', orderBody())).status).toBe(403);
  });

  it('by fault forgets the session, and a new token helps', async () => {
    await caller.fetchCsrf();
    await caller.arm({ name: 'expireSession' });
    expect((await caller.write('POST', 'API_SALES_ORDER_SRV/A_SalesOrder', orderBody())).status).toBe(403);
    await caller.fetchCsrf();
    expect((await caller.write('POST', 'API_SALES_ORDER_SRV/A_SalesOrder', orderBody())).status).toBe(201);
  });
});

describe('reading', () => {
  it('ends a page on the server and the next links lead through every material once', async () => {
    await sandbox.close();
    sandbox = await startS4Sandbox({ port: 0, host: '127.0.0.1', pageSize: 7 });
    caller = new TestCaller(sandbox.url);
    const seen: unknown[] = [];
    let next: unknown = 'API_PRODUCT_SRV/A_Product?$select=Product&$inlinecount=allpages&sap-client=100';
    let count: unknown;
    while (typeof next === 'string') {
      const page = await caller.get(next);
      seen.push(...rows(page).map((row) => row['Product']));
      count = at(page.json, 'd.__count');
      next = at(page.json, 'd.__next');
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(String(seen.length)).toBe(count);
    expect(seen.length).toBeGreaterThanOrEqual(40);
  });

  it('expands texts and encodes dates and decimals as V2 does', async () => {
    const answer = await caller.get("API_PRODUCT_SRV/A_Product('SP-1001')?$expand=to_Description");
    expect(at(answer.json, 'd.GrossWeight')).toBe('38.5');
    expect(at(answer.json, 'd.LastChangeDateTime')).toMatch(/^\/Date\(\d+\+0000\)\/$/);
    expect(at(answer.json, 'd.CreationDate')).toMatch(/^\/Date\(\d+\)\/$/);
    expect(at(answer.json, 'd.to_Description.results.0.ProductDescription')).toBe(
      'Axial piston pump A10 71 cc',
    );
    expect(at(answer.json, 'd.to_Plant.__deferred.uri')).toContain("A_Product('SP-1001')/to_Plant");
    expect(at(answer.json, 'd.__metadata.type')).toBe('API_PRODUCT_SRV.A_ProductType');
  });

  it.each([
    ["Product eq 'SP-1001'", ['SP-1001']],
    ["substringof('SC-200',Product) and BaseUnit eq 'MON'", ['SC-2001', 'SC-2002', 'SC-2003', 'SC-2004']],
    ["startswith(Product,'HP') and not (Product eq 'HP-250')", ['HP-400']],
    ['GrossWeight gt 940M', ['HP-250', 'HP-400']],
    ["ProductGroup eq 'PRESS' or Product eq 'SP-1009'", ['HP-250', 'HP-400', 'SP-1009']],
    ["LastChangeDateTime gt datetimeoffset'2026-01-16T00:00:00Z'", []],
    ["Product eq 'O''Brien'", []],
  ])('filters by %s', async (filter, products) => {
    const answer = await caller.get(
      `API_PRODUCT_SRV/A_Product?$filter=${encodeURIComponent(filter)}&$orderby=Product`,
    );
    expect(rows(answer).map((row) => row['Product'])).toEqual(products);
  });

  it.each([
    ['$filter=Nope eq 1'],
    ["$filter=LastChangeDateTime gt '2026-01-01'"],
    ["$filter=Product like 'x'"],
    ["$filter=Product eq 'x"],
    ['$top=-1'],
    ['$skiptoken=zzz'],
    ['$select=Nope'],
    ['$expand=to_Nope'],
  ])('refuses %s with a SAP error body', async (query) => {
    const answer = await caller.get(`API_PRODUCT_SRV/A_Product?${encodeURI(query)}`);
    expect(answer.status).toBe(400);
    expect(at(answer.json, 'error.code')).toEqual(expect.stringContaining('/'));
    expect(at(answer.json, 'error.message.value')).toEqual(expect.any(String));
  });

  it('answers 404 for a key that is not there', async () => {
    const answer = await caller.get("API_PRODUCT_SRV/A_Product('NOPE')");
    expect([answer.status, at(answer.json, 'error.code')]).toEqual([404, '/IWBEP/CM_MGW_RT/020']);
  });

  it('finds the price of a material with its scales from the validity record', async () => {
    const filter = encodeURIComponent("Material eq 'SP-2001' and ConditionType eq 'PPR0'");
    const answer = await caller.get(
      `API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgCndnRecdValidity?$filter=${filter}&$expand=to_SlsPrcgConditionRecord/to_SlsPrcgCndnRecordScale`,
    );
    const record = at(answer.json, 'd.results.0.to_SlsPrcgConditionRecord');
    expect(at(record, 'ConditionRateValue')).toBe('389.00');
    expect(at(record, 'to_SlsPrcgCndnRecordScale.results.2.ConditionRateValue')).toBe('342.00');
  });

  it('shows a customer with address and e-mail', async () => {
    const answer = await caller.get(
      "API_BUSINESS_PARTNER/A_BusinessPartner('10100001')?$expand=to_BusinessPartnerAddress/to_EmailAddress,to_Customer",
    );
    expect(
      at(answer.json, 'd.to_BusinessPartnerAddress.results.0.to_EmailAddress.results.0.EmailAddress'),
    ).toBe('einkauf@nordhafen.example');
    expect(at(answer.json, 'd.to_Customer.Customer')).toBe('10100001');
  });

  it('counts and gives its metadata', async () => {
    expect((await caller.get('API_BUSINESS_PARTNER/A_Customer/$count')).text).toBe('10');
    expect((await caller.get('API_SALES_ORDER_SRV/$metadata')).text).toContain(
      'Name="LastChangeDateTime" Type="Edm.DateTimeOffset" ConcurrencyMode="Fixed"',
    );
  });

  it('by fault sends the reader to another host', async () => {
    await sandbox.close();
    sandbox = await startS4Sandbox({ port: 0, host: '127.0.0.1', pageSize: 5 });
    caller = new TestCaller(sandbox.url);
    await caller.arm({ name: 'foreignNextLink' });
    const page = await caller.get('API_PRODUCT_SRV/A_Product');
    expect(at(page.json, 'd.__next')).toContain('elsewhere.example');
  });
});
