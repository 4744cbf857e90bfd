import type { JsonObject } from '@quotebridge/platform/core';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { V4_ROOT } from './odata4/model';
import { v2Filter } from './odata4/values';
import { startS4Sandbox } from './start';
import { TestCaller, at, orderBody, type Answer } from './testing';

let sandbox: Sandbox;
let caller: TestCaller;
let now = 0;

beforeAll(async () => {
  now = Date.UTC(2026, 0, 15, 10);
  sandbox = await startS4Sandbox({ port: 0, host: '127.0.0.1', clock: { now: () => now }, pageSize: 2 });
  caller = new TestCaller(sandbox.url);
  await caller.fetchCsrf();
  for (const ExternalDocumentID of ['a', 'b', 'c', 'd', 'e']) {
    now += 1000;
    await caller.write('POST', 'API_SALES_ORDER_SRV/A_SalesOrder', orderBody({ ExternalDocumentID }));
  }
});

afterAll(() => sandbox.close());

const read = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  caller.call('GET', `${V4_ROOT}/${path}`, undefined, headers);

const found = async (filter: string): Promise<unknown[]> => {
  const answer = await read(`SalesOrder?$filter=${encodeURIComponent(filter)}`);
  return (answer.json['value'] as JsonObject[]).map((row) => row['ExternalDocumentID']);
};

describe('sales orders by OData V4', () => {
  it('come page by page along next links that are relative, each with its ETag and its times in ISO 8601', async () => {
    const seen: JsonObject[] = [];
    let address: string | undefined = `${sandbox.url}${V4_ROOT}/SalesOrder?$orderby=SalesOrder`;
    let pages = 0;
    while (address !== undefined) {
      const answer: Answer = await caller.call('GET', address);
      seen.push(...(answer.json['value'] as JsonObject[]));
      const next = answer.json['@odata.nextLink'];
      address = typeof next === 'string' ? new URL(next, address).href : undefined;
      pages += 1;
    }
    expect([pages, seen.map((row) => row['SalesOrder'])]).toEqual([
      3,
      ['4711', '4712', '4713', '4714', '4715'],
    ]);
    expect(seen[0]).toMatchObject({
      '@odata.etag': expect.stringMatching(/^W\//) as string,
      LastChangeDateTime: '2026-01-15T10:00:01.000Z',
      SalesOrderDate: '2026-01-15',
      TotalNetAmount: 8380,
    });
  });

  it.each<[string, unknown[]]>([
    ['LastChangeDateTime ge 2026-01-15T10:00:04Z', ['d', 'e']],
    ["ExternalDocumentID eq 'b'", ['b']],
    ["LastChangeDateTime lt 2026-01-15T10:00:03.000Z and SoldToParty eq '10100001'", ['a', 'b']],
    ["ExternalDocumentID eq '2026-01-15T10:00:04Z'", []],
  ])('are found by %s', async (filter, expected) => {
    expect(await found(filter)).toEqual(expected);
  });

  it('leaves texts that look like times as they are', () => {
    expect(v2Filter("A eq '2026-01-15' and B ge 2026-01-15")).toBe(
      "A eq '2026-01-15' and B ge datetime'2026-01-15T00:00:00'",
    );
  });

  it('one has an ETag header and its items when they are expanded', async () => {
    const answer = await read("SalesOrder('4711')?$expand=_Item");
    expect(answer.headers.get('etag')).toBe(answer.json['@odata.etag']);
    expect(answer.headers.get('odata-version')).toBe('4.0');
    expect(at(answer.json, '_Item.1.NetAmount')).toBe(3420);
    expect(at((await read("SalesOrder('4711')/_Item")).json, 'value.0.Material')).toBe('SP-1001');
  });

  it('has amounts as texts for who asks for exact ones', async () => {
    const answer = await read("SalesOrder('4711')", { accept: 'application/json;IEEE754Compatible=true' });
    expect(answer.json['TotalNetAmount']).toBe('8380.00');
  });

  it('counts', async () => {
    expect((await read('SalesOrder/$count')).text).toBe('5');
    expect((await read('SalesOrder?$count=true&$top=1&$select=SalesOrder')).json).toMatchObject({
      '@odata.count': 5,
      value: [{ SalesOrder: '4711' }],
    });
  });

  it.each([
    ["SalesOrder('1')", 404],
    ['Nothing', 404],
    ["SalesOrder('4711')/_Nothing", 404],
    ['SalesOrder?$select=Nope', 400],
    ['SalesOrder?$filter=Nope%20eq%201', 400],
  ])('refuses %s with %d in the form of V4', async (path, status) => {
    const answer = await read(path);
    expect([answer.status, at(answer.json, 'error.message')]).toEqual([status, expect.any(String)]);
  });

  it('shows faults in the form of V4', async () => {
    await caller.arm({ name: 'respond5xx', path: 'odata4' });
    const answer = await read('SalesOrder');
    expect([answer.status, at(answer.json, 'error.message')]).toEqual([503, expect.any(String)]);
  });
});
