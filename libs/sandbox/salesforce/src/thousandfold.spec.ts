import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { fullId } from './ids';
import { startSalesforceSandbox } from './start';
import { at, TestCaller } from './testing';

const NOW = Date.UTC(2026, 10, 22);

describe('the after-sales business of the org a thousand times', () => {
  let sandbox: Sandbox;
  let caller: TestCaller;
  let heapBefore: number;
  let now = NOW;

  beforeAll(async () => {
    heapBefore = process.memoryUsage().heapUsed;
    sandbox = await startSalesforceSandbox({
      port: 0,
      host: '127.0.0.1',
      afterSales: 1_000,
      clock: { now: () => now },
    });
    caller = new TestCaller(sandbox.url);
    await caller.signIn();
  });
  afterAll(() => sandbox.close());

  const count = async (object: string): Promise<number> =>
    Number(at((await caller.query(`SELECT COUNT() FROM ${object}`)).body, 'totalSize'));

  it('is all there, and hardly in memory', async () => {
    expect([await count('Account'), await count('Opportunity')]).toEqual([500_010, 200_005]);
    expect(await count("PricebookEntry WHERE Pricebook2.Name = 'Key Accounts'")).toBe(2_000_000);
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(1_000_000_000);
  });

  it('is queried by id, number and relation, in any case', async () => {
    const [product] = await caller.records(
      "SELECT Id, Name, (SELECT UnitPrice FROM PricebookEntries) FROM Product2 WHERE ProductCode = 'q0900p-100007'",
    );
    const id = String(product?.['Id']);
    expect([id.slice(0, 10), fullId(id.slice(0, 15))]).toEqual(['01tQB10900', id]);
    expect(at(product, 'PricebookEntries.totalSize')).toBe(2);
    const entries = await caller.records(
      "SELECT Id, Product2Id FROM PricebookEntry WHERE Product2.ProductCode IN ('Q0900P-100007', 'Q0001P-100007', 'none')",
    );
    expect(entries.filter(({ Product2Id }) => Product2Id === id)).toHaveLength(2);
    expect(entries).toHaveLength(4);
    const [site] = await caller.records(
      "SELECT Id, AccountNumber, Parent.AccountNumber, (SELECT Email FROM Contacts) FROM Account WHERE ERP_Customer_Number__c = '2880100006'",
    );
    expect(String(at(site, 'Parent.AccountNumber'))).toMatch(/^2880/);
    expect(at(site, 'Contacts.records.0.Email')).toEqual(expect.stringContaining('2880100006.example'));
    const byId = await caller.api('GET', `sobjects/Account/ERP_Customer_Number__c/2880100006`);
    expect(at(byId.body, 'Id')).toBe(site?.['Id']);
  });

  it('is read on by nextRecordsUrl, and by the time of changes each record once', async () => {
    const first = (await caller.query('SELECT Id FROM Product2')).body;
    expect([at(first, 'totalSize'), at(first, 'done')]).toEqual([2_000_041, false]);
    const next = String(at(first, 'nextRecordsUrl')).replace(/-\d+$/, '-1999000');
    const far = (await caller.call('GET', next)).body;
    expect((at(far, 'records') as JsonObject[]).map(({ Id }) => String(Id)).at(-1)).toMatch(/^01tQB10999/);
    const seen: string[] = [];
    let since = new Date(NOW - 20 * 86_400_000).toISOString();
    for (let page = 0; page < 3; page += 1) {
      const rows = await caller.records(
        `SELECT Id, SystemModstamp FROM Product2 WHERE SystemModstamp > ${since} ORDER BY SystemModstamp, Id LIMIT 100`,
      );
      seen.push(...rows.map(({ Id }) => String(Id)));
      since = String(rows.at(-1)?.['SystemModstamp']).replace('+0000', 'Z');
    }
    expect(new Set(seen).size).toBe(300);
    expect(seen).toEqual([...seen].sort());
  });

  it('is given by bulk jobs page by page', async () => {
    const made = await caller.api('POST', 'jobs/query', {
      operation: 'query',
      query: 'SELECT Id, AccountId, Amount, Account.Name FROM Opportunity',
    });
    const path = `jobs/query/${String(at(made.body, 'id'))}`;
    for (const state of ['InProgress', 'JobComplete'])
      expect(at((await caller.api('GET', path)).body, 'state')).toBe(state);
    const page = await caller.api('GET', `${path}/results?maxRecords=1000&locator=${btoa('QB199500')}`);
    const lines = String(page.body).trim().split('\n');
    expect([lines.length, page.headers.get('sforce-locator')]).toEqual([506, 'null']);
    expect(lines.at(-1)).toMatch(/^"006QB10999\d{5}YAA","001QB10999/);
  });

  it('takes writes', async () => {
    const [deal] = await caller.records("SELECT Id FROM Opportunity WHERE Id = '006QB1050000010YAA'");
    const id = String(deal?.['Id']);
    const path = `sobjects/Opportunity/${id}`;
    now += 1_000;
    expect((await caller.api('PATCH', path, { StageName: 'Closed Won' })).status).toBe(204);
    const [last] = await caller.records(
      'SELECT Id, StageName, Amount FROM Opportunity ORDER BY SystemModstamp DESC, Id DESC LIMIT 1',
    );
    expect(last).toMatchObject({ Id: id, StageName: 'Closed Won' });
    expect((await caller.api('DELETE', path)).status).toBe(204);
    expect(await count('Opportunity')).toBe(200_004);
    const lines = await caller.query(`SELECT Id FROM OpportunityLineItem WHERE OpportunityId = '${id}'`);
    expect(isJsonObject(lines.body) && lines.body['totalSize']).toBe(0);
  });
});
