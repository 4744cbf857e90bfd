import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import { Desk, item, NOW, off, offering, price, pumps, quote, TestCatalog } from './quote.fixture';

const refusal = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'accepted',
    (thrown: unknown) => (thrown instanceof Refusal ? [thrown.status, thrown.code] : thrown),
  );
const itemAt = (json: JsonObject, index = 0): JsonObject => (json['quoteItem'] as JsonObject[])[index] ?? {};
const totals = (json: JsonObject): unknown[] =>
  (json['quoteTotalPrice'] as JsonObject[]).map(({ priceType, price: of }) => [
    priceType,
    ((of as JsonObject)['dutyFreeAmount'] as JsonObject)['value'],
    ((of as JsonObject)['taxIncludedAmount'] as JsonObject)['value'],
  ]);

describe('a new quote', () => {
  it('is priced, valid for the set period and in progress with all its items', async () => {
    const made = await new Desk().create(
      quote([item('1', 'pump', { quantity: 2, quoteItem: [item('1.1', 'service')] })]),
    );
    expect(totals(made)).toEqual([
      ['oneTime', 2000, 2400],
      ['recurring', 50, 60],
    ]);
    expect(made).toMatchObject({
      state: 'inProgress',
      version: '1',
      instantSyncQuote: false,
      creationDate: '2026-06-15T12:00:00.000Z',
      validFor: { startDateTime: '2026-06-15T12:00:00.000Z', endDateTime: '2026-07-15T12:00:00.000Z' },
    });
    expect(itemAt(made)).toMatchObject({ state: 'inProgress', quoteItem: [{ state: 'inProgress' }] });
    expect(itemAt(made)['priceExplanation']).toMatchObject([
      { '@type': 'PriceExplanationStep', step: 1, rule: 'price', after: '1000.00 EUR' },
      { step: 2, rule: 'quantity', after: '2000.00 EUR' },
      { step: 3, rule: 'tax', after: '2400.00 EUR' },
    ]);
  });

  it('gives its items ids, quantity 1 and the action add', async () => {
    const bare = (id: string): JsonObject => ({ productOffering: { id } });
    const made = await new Desk().create(quote([bare('pump'), item('1', 'service'), bare('pump')]));
    expect(
      (made['quoteItem'] as JsonObject[]).map(({ id, quantity, action }) => [id, quantity, action]),
    ).toEqual([
      ['2', 1, 'add'],
      ['1', 1, 'add'],
      ['3', 1, 'add'],
    ]);
  });

  it.each<[string, readonly JsonObject[]]>([
    ['no items', []],
    ['an id twice', [item('1', 'pump', { quoteItem: [item('1', 'pump')] })]],
    ['a quantity of zero', [item('1', 'pump', { quantity: 0 })]],
  ])('with %s is refused', async (_name, items) => {
    expect(await refusal(new Desk().create(quote(items)))).toEqual([400, 'invalidContent']);
  });

  it.each<[string, JsonObject, string]>([
    ['an offering that does not exist', item('1', 'nothing'), 'missingOffering'],
    ['an offering that is not launched', item('1', 'study'), 'notSellable'],
    ['an offering that is not for sale', item('1', 'inner'), 'notSellable'],
    ['an offering whose validity is over', item('1', 'old'), 'notSellable'],
    ['a price that does not exist', item('1', 'ghost'), 'missingPrice'],
    ['no offering', { id: '1' }, 'noOffering'],
  ])('says why an item has no price: %s', async (_name, wanted, code) => {
    const catalog = pumps();
    catalog.set(offering('study', ['pump-price'], { lifecycleStatus: 'In Study' }));
    catalog.set(offering('inner', ['pump-price'], { isSellable: false }));
    catalog.set(offering('old', ['pump-price'], { validFor: { endDateTime: '2026-01-01T00:00:00Z' } }));
    const made = await new Desk(catalog).create(quote([wanted, item('2', 'pump')]));
    expect(itemAt(made)).toMatchObject({ quoteItemPrice: [], unpricedReason: { code } });
    expect(made['unpricedItem']).toEqual(['1']);
    expect(totals(made)).toEqual([['oneTime', 1000, 1200]]);
  });

  it('prices the version of an offering that an item names, and of a price that the offering names', async () => {
    const first = offering('drill', [], { version: '1.0' });
    const listed = [{ id: 'drill-price', version: '1.0' }];
    const catalog = new TestCatalog(
      { ...first, productOfferingPrice: listed },
      offering('drill', ['drill-price'], { version: '2.0' }),
      price('drill-price', 80, { version: '1.0' }),
      price('drill-price', 95, { version: '2.0' }),
    );
    const named = (id: string, version?: string): JsonObject =>
      item(id, '', { productOffering: { id: 'drill', ...(version && { version }) } });
    const made = await new Desk(catalog).create(quote([named('1', '1.0'), named('2'), named('3', '3.0')]));
    expect(itemAt(made)).toMatchObject({
      quoteItemPrice: [
        {
          productOfferingPrice: { id: 'drill-price', version: '1.0' },
          price: { dutyFreeAmount: { value: 80 } },
        },
      ],
    });
    expect(itemAt(made, 1)).toMatchObject({ quoteItemPrice: [{ price: { dutyFreeAmount: { value: 95 } } }] });
    expect(itemAt(made, 2)).toMatchObject({ unpricedReason: { code: 'missingOffering' } });
  });

  it.each(['delete', 'noChange'])('charges nothing for the action %s', async (action) => {
    const made = await new Desk().create(quote([item('1', 'nothing', { action })]));
    expect(itemAt(made)).toMatchObject({ quoteItemPrice: [] });
    expect(itemAt(made)['unpricedReason']).toBeUndefined();
  });

  it('groups items under one that costs nothing itself', async () => {
    const made = await new Desk().create(quote([{ id: '1', quoteItem: [item('2', 'pump')] }]));
    expect(itemAt(made)['unpricedReason']).toBeUndefined();
    expect(totals(made)).toEqual([['oneTime', 1000, 1200]]);
  });

  it('prices bundles, nested offerings and discounts', async () => {
    const catalog = pumps();
    catalog.set(
      offering('kit', [], { isBundle: true, bundledProductOffering: [{ id: 'pump' }, { id: 'service' }] }),
    );
    const made = await new Desk(catalog).create(quote([item('1', 'kit', off(10))]));
    expect(totals(made)).toEqual([
      ['oneTime', 900, 1080],
      ['recurring', 45, 54],
    ]);
  });

  it('takes only prices of its currency when it names one', async () => {
    const catalog = pumps();
    catalog.set(offering('both', ['pump-price', 'usd']));
    catalog.set(price('usd', 1100, { price: { unit: 'USD', value: 1100 } }));
    const made = await new Desk(catalog).create(quote([item('1', 'both')], { currency: 'USD' }));
    expect(totals(made)).toEqual([['oneTime', 1100, 1320]]);
  });

  it('is acknowledged and priced later when the catalog is away, unless its result is wanted at once', async () => {
    const desk = new Desk();
    desk.catalog.isAway = true;
    const made = await desk.create(quote([item('1', 'pump')]));
    expect(made).toMatchObject({ state: 'acknowledged', quoteItem: [{ state: 'acknowledged' }] });
    expect(await refusal(desk.create(quote([item('1', 'pump')], { instantSyncQuote: true })))).toEqual([
      503,
      'catalogAway',
    ]);
    desk.catalog.isAway = false;
    expect(totals(await desk.change(made, { state: 'inProgress' }))).toEqual([['oneTime', 1000, 1200]]);
  });

  it('shows no figures that came along while the catalog is away, and keeps what was asked', async () => {
    const desk = new Desk();
    desk.catalog.isAway = true;
    const forged = [{ '@type': 'QuotePrice', price: { dutyFreeAmount: { unit: 'EUR', value: 1 } } }];
    const items = [item('1', 'pump', { quoteItemPrice: forged }), item('2', 'pump', off(10))];
    const made = await desk.create(quote(items, { quoteTotalPrice: forged }));
    expect([made['quoteTotalPrice'], itemAt(made)['quoteItemPrice']]).toEqual([undefined, undefined]);
    desk.catalog.isAway = false;
    expect(totals(await desk.change(made, { state: 'inProgress' }))).toEqual([['oneTime', 1900, 2280]]);
  });

  it('keeps the identifiers that a connector brings in the list that TMF648 has', async () => {
    const id = {
      '@type': 'ExternalIdentifier',
      owner: 'crm',
      externalIdentifierType: 'opportunity',
      id: '006',
    };
    const made = await new Desk().create(quote([item('1', 'pump')], { externalIdentifier: [id] }));
    expect(made['externalId']).toEqual([id]);
    expect(made['externalIdentifier']).toBeUndefined();
  });

  it.each([
    [undefined, '3', 'accepted'],
    ['rejected', '2', 'accepted'],
    ['approved', '2', [409, 'notRejected']],
    ['inProgress', '2', [409, 'notRejected']],
  ])('under the id of a quote that is %s, version %s: %s', async (state, version, expected) => {
    const desk = new Desk(pumps(), { currentState: async () => state });
    expect(await refusal(desk.create(quote([item('1', 'pump')], { version })))).toEqual(expected);
  });
});

describe('a change', () => {
  const start = async (items: readonly JsonObject[] = [item('1', 'pump')], desk = new Desk()) => ({
    desk,
    made: await desk.create(quote(items)),
  });

  it('prices again what it touches, and keeps discounts that were asked', async () => {
    const { desk, made } = await start([item('1', 'pump', off(10))]);
    const items = [{ ...itemAt(made), quantity: 3 }];
    const changed = await desk.change(made, { quoteItem: items });
    expect(totals(changed)).toEqual([['oneTime', 2700, 3240]]);
    expect(await desk.change(changed, { description: 'again' })).toEqual({
      ...changed,
      description: 'again',
    });
  });

  it('keeps what was asked for an item through a time without a price', async () => {
    const { desk, made } = await start([item('1', 'pump', off(10))]);
    const gone = await desk.change(made, {
      quoteItem: [{ ...itemAt(made), productOffering: { id: 'nothing' } }],
    });
    const back = await desk.change(gone, {
      quoteItem: [{ ...itemAt(gone), productOffering: { id: 'pump' } }],
    });
    expect(totals(back)).toEqual([['oneTime', 900, 1080]]);
  });

  it('does not believe figures of the client', async () => {
    const { desk, made } = await start();
    const forged = {
      ...itemAt(made),
      quoteItemPrice: [{ priceType: 'oneTime', price: { dutyFreeAmount: { unit: 'EUR', value: 1 } } }],
    };
    expect(totals(await desk.change(made, { quoteItem: [forged], quoteTotalPrice: [] }))).toEqual([
      ['oneTime', 1000, 1200],
    ]);
  });

  it('of the catalog does not reach an approved quote', async () => {
    const { desk, made } = await start();
    const approved = await desk.change(made, { state: 'approved' });
    desk.catalog.set(price('pump-price', 9999));
    const accepted = await desk.change(approved, { state: 'accepted' });
    expect(totals(accepted)).toEqual([['oneTime', 1000, 1200]]);
    expect(accepted).toMatchObject({
      effectiveQuoteCompletionDate: new Date(NOW).toISOString(),
      quoteItem: [{ state: 'accepted' }],
    });
  });

  it.each(['approved', 'accepted', 'rejected', 'cancelled', 'declined'])(
    'of anything but state and notes is refused once the quote is %s',
    async (state) => {
      const { desk, made } = await start();
      const closed = { ...made, state, quoteItem: [{ ...itemAt(made), state }] };
      expect(await refusal(desk.change(closed, { description: 'x' }))).toEqual([409, 'notUpdatable']);
      expect(await refusal(desk.change(closed, { quoteItem: [] }))).toEqual([409, 'notUpdatable']);
      expect(
        await refusal(desk.change(closed, { validFor: { endDateTime: '2099-01-01T00:00:00Z' } })),
      ).toEqual([409, 'notUpdatable']);
      expect(await refusal(desk.change(closed, { note: [{ id: '1', text: 'called' }] }))).toBe('accepted');
    },
  );

  it('of content and the approval of it need two requests', async () => {
    const { desk, made } = await start();
    expect(await refusal(desk.change(made, { state: 'approved', description: 'x' }))).toEqual([
      409,
      'notUpdatable',
    ]);
  });

  it('asks for authorization and takes it', async () => {
    const { desk, made } = await start([item('1', 'pump', off(40))]);
    const names = (made['authorization'] as JsonObject[]).map(({ name }) => name);
    expect(names).toEqual(['discount above 10 % (manager)', 'discount above 30 % (director)']);
    const given = await desk.change(made, {
      authorization: names.map((name) => ({ name, state: 'approved' })),
    });
    expect(given['authorization']).toMatchObject([
      { state: 'approved', approver: [{ partyOrPartyRole: { id: 'ann' } }] },
      { state: 'approved' },
    ]);
    expect(totals(given)).toEqual(totals(made));
  });

  it('of one item to pending is allowed while the quote is worked on; another state is not', async () => {
    const { desk, made } = await start();
    const waiting = await desk.change(made, { quoteItem: [{ ...itemAt(made), state: 'pending' }] });
    expect(itemAt(waiting)['state']).toBe('pending');
    expect(
      itemAt(await desk.change({ ...waiting, state: 'pending' }, { state: 'inProgress' }))['state'],
    ).toBe('inProgress');
    expect(await refusal(desk.change(made, { quoteItem: [{ ...itemAt(made), state: 'accepted' }] }))).toEqual(
      [409, 'inconsistentItemState'],
    );
  });

  it('from rejected to the next version opens the quote again with a new period and no old authorization', async () => {
    const { desk, made } = await start([item('1', 'pump', off(40))]);
    desk.clock.time += 1000;
    const rejected = { ...made, state: 'rejected' };
    const again = await desk.change(rejected, {
      state: 'inProgress',
      version: '2',
      quoteItem: [item('1', 'pump')],
    });
    expect(again).toMatchObject({
      version: '2',
      validFor: { startDateTime: '2026-06-15T12:00:01.000Z' },
      quoteItem: [{ state: 'inProgress' }],
    });
    expect(again['authorization']).toBeUndefined();
    expect(totals(again)).toEqual([['oneTime', 1000, 1200]]);
  });

  it('is refused with 503 while the catalog is away and prices are needed, not otherwise', async () => {
    const { desk, made } = await start();
    desk.catalog.isAway = true;
    expect(await refusal(desk.change(made, { quoteItem: [item('1', 'service')] }))).toEqual([
      503,
      'catalogAway',
    ]);
    expect(await refusal(desk.change(made, { description: 'x' }))).toBe('accepted');
    expect(await refusal(desk.change(made, { state: 'approved' }))).toBe('accepted');
  });

  it('to pending says that information is required, once', () => {
    const desk = new Desk();
    const pending = quote([], { state: 'pending' });
    expect(desk.events(quote([]), pending)).toEqual(['QuoteInformationRequiredEvent']);
    expect(desk.events(pending, { ...pending, description: 'x' })).toEqual([]);
    expect(desk.events(undefined, quote([]))).toEqual([]);
  });

  it('that deletes is refused for an accepted quote only', async () => {
    const desk = new Desk();
    expect(await refusal(desk.remove(quote([], { state: 'accepted' })))).toEqual([409, 'accepted']);
    for (const state of ['inProgress', 'approved', 'rejected', 'cancelled']) {
      expect(await refusal(desk.remove(quote([], { state })))).toBe('accepted');
    }
  });
});
