import type { JsonObject } from '@quotebridge/platform/core';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { startSalesforceSandbox } from './start';
import { API, at, TestCaller } from './testing';

describe('bulk query jobs and the after-sales business', () => {
  let sandbox: Sandbox;
  let caller: TestCaller;

  beforeAll(async () => {
    sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1', afterSales: 1 });
    caller = new TestCaller(sandbox.url);
    await caller.signIn();
  });
  afterAll(() => sandbox.close());

  const job = async (query: string, operation = 'query'): Promise<JsonObject> =>
    (await caller.api('POST', 'jobs/query', { operation, query })).body as JsonObject;
  const complete = async (id: string): Promise<string> => {
    for (let poll = 0; poll < 5; poll += 1) {
      const state = String(at((await caller.api('GET', `jobs/query/${id}`)).body, 'state'));
      if (state !== 'UploadComplete' && state !== 'InProgress') return state;
    }
    return 'still going on';
  };
  const count = async (object: string): Promise<number> =>
    Number(at((await caller.query(`SELECT COUNT() FROM ${object}`)).body, 'totalSize'));

  it('500 accounts in hierarchies, 2,000 parts in two price books, 200 opportunities stand beside the known ones', async () => {
    expect([await count('Account'), await count('Opportunity')]).toEqual([510, 205]);
    expect(await count("PricebookEntry WHERE Pricebook2.Name = 'Key Accounts'")).toBe(2_000);
    const [site] = await caller.records(
      'SELECT Name, Parent.Name, Parent.Parent.Name FROM Account WHERE Parent.ParentId != null LIMIT 1',
    );
    expect(at(site, 'Parent.Parent.Name')).toEqual(expect.any(String));
    const wrong = (
      await caller.records('SELECT Amount, (SELECT TotalPrice FROM OpportunityLineItems) FROM Opportunity')
    )
      .filter((row) => at(row, 'OpportunityLineItems.records') !== undefined)
      .filter((row) => {
        const lines = at(row, 'OpportunityLineItems.records') as JsonObject[];
        const sum = lines.reduce((total, line) => total + Number(line['TotalPrice']), 0);
        return Math.abs(sum - Number(row['Amount'])) > 0.005;
      });
    expect(wrong).toEqual([]);
  });

  it('a job is complete after a while and its results come in pages by locator, each with a header row', async () => {
    const made = await job('SELECT Id, Name, Parent.Name, SystemModstamp FROM Account');
    expect(made).toMatchObject({ state: 'UploadComplete', object: 'Account', contentType: 'CSV' });
    const early = await caller.api('GET', `jobs/query/${String(made['id'])}/results`);
    expect([early.status, at(early.body, '0.errorCode')]).toEqual([400, 'INVALIDJOBSTATE']);
    expect(await complete(String(made['id']))).toBe('JobComplete');
    const names: string[] = [];
    let locator: string | undefined;
    let pages = 0;
    do {
      const more = locator === undefined ? '' : `&locator=${locator}`;
      const page = await caller.api('GET', `jobs/query/${String(made['id'])}/results?maxRecords=200${more}`);
      const [header, ...rows] = String(page.body).trim().split('\n');
      expect(header).toBe('"Id","Name","Parent.Name","SystemModstamp"');
      expect(page.headers.get('sforce-numberofrecords')).toBe(String(rows.length));
      names.push(...rows);
      locator = page.headers.get('sforce-locator') ?? undefined;
      pages += 1;
    } while (locator !== 'null');
    expect([pages, new Set(names).size]).toEqual([3, 510]);
    const other = await caller.call(
      'GET',
      `${API.replace('62', '61')}/jobs/query/${String(made['id'])}/results`,
    );
    expect(other.status).toBe(409);
  });

  it('nested queries are refused, and jobs can fail and be aborted', async () => {
    const nested = await caller.api('POST', 'jobs/query', {
      operation: 'query',
      query: 'SELECT Id, (SELECT Id FROM Contacts) FROM Account',
    });
    expect(nested.status).toBe(400);
    await caller.arm({ name: 'bulkJobFailed' });
    expect(await complete(String((await job('SELECT Id FROM Account'))['id']))).toBe('Failed');
    await caller.arm({ name: 'bulkJobAborted' });
    expect(await job('SELECT Id FROM Account')).toMatchObject({ state: 'Aborted' });
  });

  it('queryAll sees what was deleted', async () => {
    const [first] = await caller.records('SELECT Id FROM Contact LIMIT 1');
    await caller.api('DELETE', `sobjects/Contact/${String(first?.['Id'])}`);
    const rows = async (operation: string): Promise<number> => {
      const { id } = await job('SELECT Id FROM Contact', operation);
      await complete(String(id));
      const page = await caller.api('GET', `jobs/query/${String(id)}/results`);
      return Number(page.headers.get('sforce-numberofrecords'));
    };
    expect(await rows('queryAll')).toBe((await rows('query')) + 1);
  });
});
