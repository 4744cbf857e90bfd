import type { JsonObject } from '@quotebridge/platform/core';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { startSalesforceSandbox } from './start';
import { TestCaller, at } from './testing';

describe('an org with several currencies', () => {
  let sandbox: Sandbox;
  let caller: TestCaller;
  let book = '';
  const entryOf = async (code: string, currency: string): Promise<string> => {
    const where = `ProductCode = '${code}' AND CurrencyIsoCode = '${currency}'`;
    const found = await caller.records(`SELECT Id FROM PricebookEntry WHERE ${where}`);
    expect(found).toHaveLength(1);
    return String(found[0]?.['Id']);
  };
  const post = (object: string, body: JsonObject) => caller.api('POST', `sobjects/${object}`, body);
  const create = async (object: string, body: JsonObject): Promise<string> => {
    const answer = await post(object, body);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return String(at(answer.body, 'id'));
  };
  const opportunity = (more: JsonObject = {}): Promise<string> =>
    create('Opportunity', {
      Name: 'Deal',
      StageName: 'Prospecting',
      CloseDate: '2026-12-31',
      Pricebook2Id: book,
      ...more,
    });
  const currencyOf = async (object: string, id: string): Promise<unknown> =>
    (await caller.records(`SELECT CurrencyIsoCode FROM ${object} WHERE Id = '${id}'`))[0]?.[
      'CurrencyIsoCode'
    ];

  beforeEach(async () => {
    sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1', currencies: ['EUR', 'USD'] });
    caller = new TestCaller(sandbox.url);
    await caller.signIn();
    book = String((await caller.records('SELECT Id FROM Pricebook2 LIMIT 1'))[0]?.['Id']);
  });
  afterEach(() => sandbox.close());

  it('lists its currencies; records have the corporate one unless they name another', async () => {
    const soql = 'SELECT IsoCode, IsCorporate, ConversionRate FROM CurrencyType ORDER BY Id';
    expect(await caller.records(soql)).toMatchObject([
      { IsoCode: 'EUR', IsCorporate: true, ConversionRate: 1 },
      { IsoCode: 'USD', IsCorporate: false, ConversionRate: 1.1 },
    ]);
    expect(await currencyOf('Opportunity', await opportunity())).toBe('EUR');
    expect(await currencyOf('Opportunity', await opportunity({ CurrencyIsoCode: 'USD' }))).toBe('USD');
    const refused = await post('Account', { Name: 'Nobody', CurrencyIsoCode: 'XXX' });
    expect([refused.status, at(refused.body, '0.errorCode')]).toEqual([
      400,
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    ]);
  });

  it('a line has the currency of its opportunity, and a price book entry in it', async () => {
    const OpportunityId = await opportunity({ CurrencyIsoCode: 'USD' });
    const line = { OpportunityId, Quantity: 2 };
    const wrong = await post('OpportunityLineItem', {
      ...line,
      PricebookEntryId: await entryOf('SP-1001', 'EUR'),
    });
    expect([wrong.status, at(wrong.body, '0.errorCode')]).toEqual([400, 'FIELD_INTEGRITY_EXCEPTION']);
    const id = await create('OpportunityLineItem', {
      ...line,
      PricebookEntryId: await entryOf('SP-1001', 'USD'),
    });
    expect(await currencyOf('OpportunityLineItem', id)).toBe('USD');
    const own = await caller.api('PATCH', `sobjects/OpportunityLineItem/${id}`, { CurrencyIsoCode: 'EUR' });
    expect(at(own.body, '0.errorCode')).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
    const moved = await caller.api('PATCH', `sobjects/Opportunity/${OpportunityId}`, {
      CurrencyIsoCode: 'EUR',
    });
    expect([moved.status, at(moved.body, '0.errorCode')]).toEqual([400, 'FIELD_INTEGRITY_EXCEPTION']);
  });

  it('a price book has one entry of a product in each currency, which stays as it is', async () => {
    const id = await entryOf('SP-1001', 'USD');
    const [entry = {}] = await caller.records(
      `SELECT Pricebook2Id, Product2Id FROM PricebookEntry WHERE Id = '${id}'`,
    );
    const { attributes: _, ...same } = entry;
    const twice = await post('PricebookEntry', { ...same, UnitPrice: 1, CurrencyIsoCode: 'USD' });
    expect(at(twice.body, '0.errorCode')).toBe('DUPLICATE_VALUE');
    const moved = await caller.api('PATCH', `sobjects/PricebookEntry/${id}`, { CurrencyIsoCode: 'EUR' });
    expect(at(moved.body, '0.errorCode')).toBe('FIELD_INTEGRITY_EXCEPTION');
  });
});

it('an org with one currency has no field that tells which it is', async () => {
  const sandbox = await startSalesforceSandbox({ port: 0, host: '127.0.0.1' });
  const caller = new TestCaller(sandbox.url);
  await caller.signIn();
  const answer = await caller.query('SELECT CurrencyIsoCode FROM Opportunity');
  expect(at(answer.body, '0.errorCode')).toBe('INVALID_FIELD');
  expect(at((await caller.query('SELECT IsoCode FROM CurrencyType')).body, '0.errorCode')).toBe(
    'INVALID_TYPE',
  );
  await sandbox.close();
});
