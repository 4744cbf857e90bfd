import type { Sandbox } from '@quotebridge/sandbox/core';
import { DEMO_OPPORTUNITY_ID } from './seed';
import { startSalesforceSandbox } from './start';
import { TestCaller, at } from './testing';

let sandbox: Sandbox;
let caller: TestCaller;
let now = 0;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 10);
  sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1', clock: { now: () => now } });
  caller = new TestCaller(sandbox.url);
  await caller.signIn();
});

afterEach(() => sandbox.close());

const opportunity = async (id = DEMO_OPPORTUNITY_ID) =>
  (await caller.api('GET', `sobjects/Opportunity/${id}`)).body;

describe('writing', () => {
  it('moves stage, flags and SystemModstamp of an opportunity', async () => {
    now += 60_000;
    const answer = await caller.api('PATCH', `sobjects/Opportunity/${DEMO_OPPORTUNITY_ID}`, {
      StageName: 'Closed Won',
      ERP_Order_Number__c: '4711',
    });
    expect(answer.status).toBe(204);
    expect(await opportunity()).toMatchObject({
      StageName: 'Closed Won',
      IsClosed: true,
      IsWon: true,
      Probability: 100,
      SystemModstamp: '2026-01-15T10:01:00.000+0000',
    });
  });

  it('moves SystemModstamp even when the clock stands still', async () => {
    const before = at(await opportunity(), 'SystemModstamp');
    await caller.api('PATCH', `sobjects/Opportunity/${DEMO_OPPORTUNITY_ID}`, { NextStep: 'call' });
    expect(String(at(await opportunity(), 'SystemModstamp')) > String(before)).toBe(true);
  });

  it('ignores Amount while there are line items and takes the other fields', async () => {
    const answer = await caller.api('PATCH', `sobjects/Opportunity/${DEMO_OPPORTUNITY_ID}`, {
      Amount: 1,
      NextStep: 'sign',
    });
    expect(answer.status).toBe(204);
    expect(await opportunity()).toMatchObject({ Amount: 11748.4, NextStep: 'sign' });
  });

  it('takes Amount when there are none', async () => {
    const [record] = await caller.records(
      "SELECT Id FROM Opportunity WHERE Name = 'Service contract renewal'",
    );
    const id = String(record?.['Id']);
    await caller.api('PATCH', `sobjects/Opportunity/${id}`, { Amount: 99.5 });
    expect(await opportunity(id)).toMatchObject({ Amount: 99.5 });
  });

  it('keeps Amount the sum of the line items when one is changed or deleted', async () => {
    const [line] = await caller.records(
      `SELECT Id FROM OpportunityLineItem WHERE OpportunityId = '${DEMO_OPPORTUNITY_ID}' AND ProductCode = 'SP-1001'`,
    );
    const id = String(line?.['Id']);
    await caller.api('PATCH', `sobjects/OpportunityLineItem/${id}`, { UnitPrice: 2400 });
    expect(await opportunity()).toMatchObject({ Amount: 11588.4 });
    expect((await caller.api('DELETE', `sobjects/OpportunityLineItem/${id}`)).status).toBe(204);
    expect(await opportunity()).toMatchObject({ Amount: 6788.4 });
  });

  it.each([
    [{ StageName: 'Nope' }, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
    [{ Nope: 1 }, 'INVALID_FIELD'],
    [{ IsWon: true }, 'INVALID_FIELD_FOR_INSERT_UPDATE'],
    [{ CloseDate: '15.01.2026' }, 'JSON_PARSER_ERROR'],
    [{ AccountId: '001000000000000AAA' }, 'INVALID_CROSS_REFERENCE_KEY'],
    [{ Name: null }, 'REQUIRED_FIELD_MISSING'],
  ])('refuses %j as %s', async (body, errorCode) => {
    expect(await caller.api('PATCH', `sobjects/Opportunity/${DEMO_OPPORTUNITY_ID}`, body)).toMatchObject({
      status: 400,
      body: [{ errorCode }],
    });
  });

  it('upserts by external id: 201, then 200, and 300 when several match', async () => {
    const [account] = await caller.records('SELECT Id FROM Account LIMIT 1');
    const path = 'sobjects/Opportunity/QuoteBridge_Quote_Id__c/quote%2F1';
    const body = {
      Name: 'New',
      StageName: 'Prospecting',
      CloseDate: '2026-03-01',
      AccountId: String(account?.['Id']),
    };
    expect(await caller.api('PATCH', path, body)).toMatchObject({
      status: 201,
      body: { created: true, success: true },
    });
    expect(await caller.api('PATCH', path, { Name: 'Newer' })).toMatchObject({
      status: 200,
      body: { created: false },
    });
    await caller.api('PATCH', `sobjects/Opportunity/${DEMO_OPPORTUNITY_ID}`, {
      QuoteBridge_Quote_Id__c: 'quote/1',
    });
    expect((await caller.api('PATCH', path, { Name: 'Newest' })).status).toBe(300);
    expect(
      await caller.api('PATCH', 'sobjects/Account/ERP_Customer_Number__c/10100002', {
        ERP_Customer_Number__c: 'x',
      }),
    ).toMatchObject({ status: 400 });
  });

  it('refuses a second record with a unique value', async () => {
    expect(
      await caller.api('POST', 'sobjects/Account', { Name: 'Twin', ERP_Customer_Number__c: '10100001' }),
    ).toMatchObject({
      status: 400,
      body: [{ errorCode: 'DUPLICATE_VALUE' }],
    });
  });

  it('shows deleted records only to queryAll and in the deleted list', async () => {
    now += 1000;
    expect((await caller.api('DELETE', `sobjects/Opportunity/${DEMO_OPPORTUNITY_ID}`)).status).toBe(204);
    expect((await caller.api('GET', `sobjects/Opportunity/${DEMO_OPPORTUNITY_ID}`)).status).toBe(404);
    const soql = encodeURIComponent('SELECT Id FROM Opportunity WHERE IsDeleted = true');
    expect(at((await caller.api('GET', `query?q=${soql}`)).body, 'totalSize')).toBe(0);
    expect(at((await caller.api('GET', `queryAll?q=${soql}`)).body, 'totalSize')).toBe(1);
    const list = await caller.api(
      'GET',
      'sobjects/Opportunity/deleted/?start=2026-01-15T10:00:00Z&end=2026-01-15T11:00:00Z',
    );
    expect(at(list.body, 'deletedRecords.0.id')).toBe(DEMO_OPPORTUNITY_ID);
  });
});

describe('composite', () => {
  const parts = (second: object) => ({
    compositeRequest: [
      {
        method: 'POST',
        url: '/services/data/v62.0/sobjects/Account',
        referenceId: 'a',
        body: { Name: 'Composed' },
      },
      {
        method: 'POST',
        url: '/services/data/v62.0/sobjects/Contact',
        referenceId: 'c',
        body: { AccountId: '@{a.id}', ...second },
      },
    ],
  });

  it('lets a part refer to an earlier answer', async () => {
    const answer = await caller.api('POST', 'composite', {
      allOrNone: true,
      ...parts({ LastName: 'Person' }),
    });
    expect(at(answer.body, 'compositeResponse.1.httpStatusCode')).toBe(201);
    expect(await caller.records("SELECT Id FROM Contact WHERE Account.Name = 'Composed'")).toHaveLength(1);
  });

  it('keeps nothing of an allOrNone call when a part fails, and the good parts otherwise', async () => {
    const failing = parts({});
    const halted = await caller.api('POST', 'composite', { allOrNone: true, ...failing });
    expect(at(halted.body, 'compositeResponse.0.body.0.errorCode')).toBe('PROCESSING_HALTED');
    expect(await caller.records("SELECT Id FROM Account WHERE Name = 'Composed'")).toHaveLength(0);
    await caller.api('POST', 'composite', failing);
    expect(await caller.records("SELECT Id FROM Account WHERE Name = 'Composed'")).toHaveLength(1);
  });

  it('upserts a collection and tells the outcome of each record in order', async () => {
    const record = (number: string, Name: string | null) => ({
      attributes: { type: 'Account' },
      ERP_Customer_Number__c: number,
      Name,
    });
    const { status, body } = await caller.api('PATCH', 'composite/sobjects/Account/ERP_Customer_Number__c', {
      allOrNone: false,
      records: [record('10100001', 'Renamed'), record('999', 'Made'), record('998', null)],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject([
      { created: false },
      { created: true },
      { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING' }] },
    ]);
  });
});
