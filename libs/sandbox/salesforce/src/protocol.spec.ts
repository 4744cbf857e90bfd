import { createSign, generateKeyPairSync } from 'node:crypto';
import { isJsonObject } from '@quotebridge/platform/core';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { SALESFORCE_SANDBOX_CREDENTIALS as CREDENTIALS } from './auth';
import { DEMO_OPPORTUNITY_ID, DEMO_OPPORTUNITY_NAME } from './seed';
import { startSalesforceSandbox } from './start';
import { TestCaller, at } from './testing';

let sandbox: Sandbox;
let caller: TestCaller;
let now = 0;

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 10);
  sandbox = await startSalesforceSandbox({
    port: 0,
    host: '127.0.0.1',
    clock: { now: () => now },
    credentials: {
      ...CREDENTIALS,
      jwtPublicKey: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
  });
  caller = new TestCaller(sandbox.url);
  await caller.signIn();
});

afterEach(() => sandbox.close());

const opportunity = async (id = DEMO_OPPORTUNITY_ID) =>
  (await caller.api('GET', `sobjects/Opportunity/${id}`)).body;

const jwt = (claims: object): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256' })}.${part(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(keys.privateKey).toString('base64url')}`;
};

describe('signing in', () => {
  it('names the instance and does not say when the token ends', async () => {
    const { body } = await caller.signIn();
    expect(at(body, 'instance_url')).toBe(sandbox.url);
    expect(body).not.toHaveProperty('expires_in');
  });

  it('refuses a wrong secret and an unknown session in the vendor’s words', async () => {
    expect(await caller.signIn({ client_secret: 'no' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_client' },
    });
    expect(await caller.query('SELECT Id FROM Account')).toMatchObject({
      status: 401,
      body: [{ errorCode: 'INVALID_SESSION_ID' }],
    });
  });

  it('takes a signed JWT and refuses a late, foreign or forged one', async () => {
    const claims = {
      iss: CREDENTIALS.clientId,
      sub: CREDENTIALS.username,
      aud: 'https://login.salesforce.com',
    };
    const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' };
    const soon = now / 1000 + 120;
    const good = jwt({ ...claims, exp: soon });
    expect((await caller.signIn({ ...grant, assertion: good })).status).toBe(200);
    for (const bad of [
      jwt({ ...claims, exp: soon - 500 }),
      jwt({ ...claims, sub: 'x', exp: soon }),
      `${good.slice(0, -8)}AAAAAAAA`,
      'x',
    ]) {
      expect((await caller.signIn({ ...grant, assertion: bad })).status).toBe(400);
    }
  });

  it('by fault ends every token in the middle of paging, and a new one goes on', async () => {
    const first = await caller.query('SELECT Id FROM Product2', { 'sforce-query-options': 'batchSize=10' });
    await caller.arm({ name: 'expireToken' });
    const next = String(at(first.body, 'nextRecordsUrl'));
    expect((await caller.call('GET', next)).status).toBe(401);
    await caller.signIn();
    expect((await caller.call('GET', next)).status).toBe(200);
  });
});

describe('queries', () => {
  it('read the demo opportunity with its account and its line items', async () => {
    const [record] = await caller.records(
      `SELECT Id, Name, StageName, Amount, Account.Name, Account.ERP_Customer_Number__c, (SELECT ProductCode, Quantity, UnitPrice, Discount, TotalPrice FROM OpportunityLineItems ORDER BY SortOrder) FROM Opportunity WHERE Name = '${DEMO_OPPORTUNITY_NAME}'`,
    );
    expect(record).toMatchObject({
      Id: DEMO_OPPORTUNITY_ID,
      StageName: 'Proposal/Price Quote',
      Account: { Name: 'Nordhafen Maschinenwerke GmbH', ERP_Customer_Number__c: '10100001' },
      Amount: 11748.4,
    });
    expect(at(record, 'OpportunityLineItems.records.2')).toMatchObject({
      ProductCode: 'SV-1001',
      Quantity: 16,
      Discount: 5,
      TotalPrice: 2158.4,
    });
  });

  it('lead through every record once by nextRecordsUrl', async () => {
    let page = await caller.query('SELECT ProductCode FROM Product2 ORDER BY ProductCode', {
      'sforce-query-options': 'batchSize=7',
    });
    const total = at(page.body, 'totalSize');
    const seen: unknown[] = [];
    for (;;) {
      const records = at(page.body, 'records');
      seen.push(...(Array.isArray(records) ? records.map((one) => at(one, 'ProductCode')) : []));
      const next = at(page.body, 'nextRecordsUrl');
      if (typeof next !== 'string') break;
      page = await caller.call('GET', next, undefined, { 'sforce-query-options': 'batchSize=7' });
    }
    expect([new Set(seen).size, seen.length]).toEqual([total, total]);
  });

  it.each([
    ["ProductCode IN ('SP-1001', 'HP-250')", 2],
    ["ProductCode LIKE 'SC-%' AND QuantityUnitOfMeasure = 'MON'", 4],
    ["ProductCode = 'SP-1001' OR (Family = 'PRESS' AND IsActive = true)", 3],
    ["NOT (ProductCode LIKE 'S%')", 2],
    ['SystemModstamp > 2026-01-15T10:00:00Z', 0],
    ['SystemModstamp >= 2026-01-15T11:00:00+01:00', 41],
    ['CreatedDate = TODAY', 41],
    ["ProductCode = 'it\\'s'", 0],
  ])('select by %s', async (where, size) => {
    expect(await caller.records(`SELECT Id FROM Product2 WHERE ${where}`)).toHaveLength(size);
  });

  it.each([
    ['SELECT Nope FROM Account', 'INVALID_FIELD'],
    ['SELECT Id FROM Nope', 'INVALID_TYPE'],
    ['SELECT Id FROM', 'MALFORMED_QUERY'],
    ["SELECT Id FROM Account WHERE SystemModstamp > '2026-01-01T00:00:00Z'", 'INVALID_FIELD'],
    ["SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", 'MALFORMED_QUERY'],
    ["SELECT Id FROM Account WHERE Name = 'a", 'MALFORMED_QUERY'],
    ['SELECT Id, (SELECT Id FROM Nopes) FROM Account', 'INVALID_TYPE'],
    ['SELECT Owner2.Name FROM Account', 'INVALID_FIELD'],
  ])('are refused: %s', async (soql, errorCode) => {
    expect(await caller.query(soql)).toMatchObject({ status: 400, body: [{ errorCode }] });
  });

  it('count, order and limit', async () => {
    expect(at((await caller.query('SELECT COUNT() FROM Account')).body, 'totalSize')).toBe(10);
    const [top] = await caller.records(
      'SELECT Name, UnitPrice FROM PricebookEntry ORDER BY UnitPrice DESC LIMIT 1',
    );
    expect(top).toMatchObject({ Name: 'Hydraulic press 400 t', UnitPrice: 297800 });
  });

  it('list the stages of the sales process', async () => {
    expect(await caller.records('SELECT ApiName FROM OpportunityStage WHERE IsWon = true')).toMatchObject([
      { ApiName: 'Closed Won' },
    ]);
  });
});

describe('limits and faults', () => {
  it('counts calls in Sforce-Limit-Info and refuses when they are used up', async () => {
    await sandbox.close();
    sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1', dailyApiRequests: 2 });
    caller = new TestCaller(sandbox.url);
    await caller.signIn();
    const first = await caller.query('SELECT Id FROM Account');
    expect(first.headers.get('sforce-limit-info')).toBe('api-usage=1/2');
    await caller.query('SELECT Id FROM Account');
    expect(await caller.query('SELECT Id FROM Account')).toMatchObject({
      status: 403,
      body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
    });
  });

  it('loses the answer of a write that was done', async () => {
    await caller.arm({ name: 'dropResponseAfterCommit' });
    await expect(
      caller.api('PATCH', `sobjects/Opportunity/${DEMO_OPPORTUNITY_ID}`, { NextStep: 'lost' }),
    ).rejects.toThrow();
    expect(await opportunity()).toMatchObject({ NextStep: 'lost' });
  });

  it('by fault cannot lock a row and changes nothing', async () => {
    await caller.arm({ name: 'unableToLockRow' });
    expect(
      await caller.api('PATCH', `sobjects/Opportunity/${DEMO_OPPORTUNITY_ID}`, { NextStep: 'x' }),
    ).toMatchObject({ status: 400, body: [{ errorCode: 'UNABLE_TO_LOCK_ROW' }] });
    expect(isJsonObject(await opportunity())).toBe(true);
    expect(await opportunity()).toMatchObject({ NextStep: null });
  });
});
