import type { JsonObject } from '@quotebridge/platform/core';
import { relatedPriceIds } from './catalog-price';
import type { PricingInput } from './input';
import { ask, discount, eur, figures, input, link, monthly, offering, price, tier } from './catalog.fixture';

describe('bundles', () => {
  const bundle = (id: string, ...parts: readonly string[]): JsonObject => ({
    '@type': 'ProductOfferingPrice',
    id,
    name: id,
    isBundle: true,
    lifecycleStatus: 'Launched',
    bundledPopRelationship: parts.map((part) => ({ id: part })),
  });

  it('charge each component once', () => {
    const prices = [bundle('all', 'a', 'inner'), price('a'), bundle('inner', 'b'), price('b', monthly)];
    expect(figures(input(prices, { quantity: 2 }, ['all']))).toEqual([
      'oneTime 200 200 EUR',
      'recurring/month 200 200 EUR',
    ]);
  });

  it('carry their discount to every component', () => {
    const prices = [
      { ...bundle('all', 'a', 'b'), ...link('off') },
      price('a'),
      price('b', monthly),
      discount('off', { percentage: 10 }),
    ];
    expect(figures(input(prices, {}, ['all']))).toEqual(['oneTime 90 90 EUR', 'recurring/month 90 90 EUR']);
  });

  it('keep the tiers of each bundle to themselves', () => {
    const prices = [
      bundle('x', 'x1', 'x2'),
      bundle('y', 'y1'),
      price('x1', tier(1, 5)),
      price('x2', tier(6)),
      price('y1', tier(1)),
    ];
    expect(figures(input(prices, { quantity: 3 }, ['x', 'y']))).toEqual([
      'oneTime 300 300 EUR',
      'oneTime 300 300 EUR',
    ]);
  });

  it('charge the versions that they name', () => {
    const versioned = {
      ...bundle('all'),
      bundledPopRelationship: [{ id: 'a', version: '1.0' }, { id: 'b' }],
      popRelationship: [{ id: 'off', version: '1.0', relationshipType: 'discount' }],
    };
    const prices = new Map([
      ['all', versioned],
      ['a', price('a', { price: eur(7) })],
      ['a:(version=1.0)', price('a', { price: eur(5), version: '1.0' })],
      ['b', price('b', monthly)],
      ['off', discount('off', { percentage: 50 })],
      ['off:(version=1.0)', discount('off', { percentage: 10 })],
    ]);
    expect(relatedPriceIds(versioned)).toEqual(['a:(version=1.0)', 'b', 'off:(version=1.0)']);
    expect(figures({ ...input([], {}, ['all']), prices })).toEqual([
      'oneTime 4.5 4.5 EUR',
      'recurring/month 90 90 EUR',
    ]);
  });

  const kit = {
    ...offering('kit', []),
    isBundle: true,
    bundledProductOffering: [
      { id: 'box', name: 'Box' },
      { id: 'screw', name: 'Screw', bundledProductOfferingOption: { numberRelOfferDefault: 8 } },
      { id: 'extra', name: 'Extra', bundledProductOfferingOption: { numberRelOfferDefault: 0 } },
    ],
  };
  const parts = new Map([
    ['box', offering('box', ['pb'])],
    ['screw', offering('screw', ['ps'])],
  ]);
  const partPrices = [price('pb', { price: eur(20) }), price('ps', { price: eur(0.15) })];

  it('of offerings are priced by their parts when they list no price', () => {
    const it = { ...input(partPrices, { quantity: 2 }), offering: kit, parts };
    expect(figures(it)).toEqual(['oneTime 40 40 EUR', 'oneTime 2.4 2.4 EUR']);
  });

  it('of offerings are priced by what their groups, and groups in groups, hold by default', () => {
    const member = (id: string, numberRelOfferDefault: number): JsonObject => ({
      id,
      bundledProductOfferingOption: { numberRelOfferDefault },
    });
    const inner = { name: 'inner', bundledProductOffering: [member('screw', 8), member('extra', 0)] };
    const outer = {
      name: 'outer',
      bundledProductOffering: [member('box', 1)],
      bundledGroupProductOffering: [inner],
    };
    const grouped = { ...offering('grouped', []), isBundle: true, bundledGroupProductOffering: [outer] };
    const it = { ...input(partPrices), offering: grouped, parts };
    expect(figures(it)).toEqual(['oneTime 20 20 EUR', 'oneTime 1.2 1.2 EUR']);
  });

  it('of offerings give an asked amount once, not once for each part', () => {
    const alterations = [ask('loyal', 'discount', { dutyFreeAmount: eur(1) })];
    const it = { ...input(partPrices, { alterations }), offering: kit, parts };
    expect(figures(it)).toEqual(['oneTime 19 19 EUR', 'oneTime 1.2 1.2 EUR']);
  });

  it('of offerings charge nothing themselves when their parts are items', () => {
    expect(figures({ ...input(partPrices), offering: kit, partsAreItems: true })).toEqual([]);
  });

  it('of offerings with a price of their own do not charge the parts', () => {
    const own = { ...kit, productOfferingPrice: [{ id: 'whole' }] };
    expect(
      figures({ ...input([...partPrices, price('whole', { price: eur(18) })]), offering: own, parts }),
    ).toEqual(['oneTime 18 18 EUR']);
  });

  it.each<[string, PricingInput, string]>([
    ['that contain themselves', input([bundle('a', 'b'), bundle('b', 'a')], {}, ['a']), 'bundleCycle'],
    ['with a component that does not exist', input([bundle('a', 'gone')]), 'missingPrice'],
    [
      'with an amount of their own',
      input([{ ...bundle('a', 'b'), price: eur(1) }, price('b')], {}, ['a']),
      'badPrice',
    ],
    ['without components', input([{ ...bundle('a'), priceType: 'oneTime' }]), 'badPrice'],
    ['of an offering that does not exist', { ...input([]), offering: kit }, 'missingOffering'],
  ])('%s are refused', (_name, it, code) => expect(figures(it)).toEqual([`refused: ${code}`]));
});
