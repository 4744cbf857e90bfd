import type { JsonObject } from '@quotebridge/platform/core';
import { Desk, item, offering, price, quote, TestCatalog } from './quote.fixture';

const specification = (id: string, cost: number): JsonObject => ({
  id,
  procurementCost: [{ price: { unit: 'EUR', value: cost } }],
});
const of = (id: string): JsonObject => ({ productSpecification: { '@type': 'ProductSpecificationRef', id } });
const catalog = (): TestCatalog =>
  new TestCatalog(
    offering('pump', ['pump-price'], of('pump-part')),
    price('pump-price', 1000),
    specification('pump-part', 600),
    offering('hose', ['hose-price'], of('hose-part')),
    price('hose-price', 10),
    specification('hose-part', 4),
    offering('visit', ['visit-price'], of('visit-work')),
    price('visit-price', 50),
    { id: 'visit-work' },
    offering('kit', []),
  );
const desk = (withMargin = true): Desk => new Desk(catalog(), { withMargin });
const marginOf = (given: JsonObject): JsonObject => given['margin'] as JsonObject;

describe('the margin of a quote', () => {
  it('comes from the costs of its parts, for all that is sold of them', async () => {
    const made = await desk().create(
      quote([item('1', 'pump', { quantity: 2 }), item('2', 'hose', { quantity: 10 })]),
    );
    expect(marginOf(made)).toMatchObject({
      net: { value: 2100 },
      cost: { value: 1240 },
      margin: { value: 860 },
      percentage: 40.95,
      quoteItem: [
        { id: '1', margin: { value: 800 } },
        { id: '2', margin: { value: 60 } },
      ],
    });
  });

  it('counts the items of a bundle, whose own cost is theirs', async () => {
    const bundle = item('1', 'pump', { quoteItem: [item('1.1', 'hose')] });
    expect(marginOf(await desk().create(quote([bundle])))).toMatchObject({ cost: { value: 604 } });
  });

  it('is none of the whole while a cost is not known, and names the item', async () => {
    const made = await desk().create(quote([item('1', 'pump'), item('2', 'visit')]));
    expect(marginOf(made)).toMatchObject({ unknownCost: ['2'], quoteItem: [{ id: '1' }] });
    expect(marginOf(made)).not.toHaveProperty('margin');
    expect(await desk().create(quote([item('1', 'visit')]))).not.toHaveProperty('margin');
  });

  it('is no part of an item, where it would be seen', async () => {
    const made = await desk().create(quote([item('1', 'pump')]));
    expect(JSON.stringify(made['quoteItem'])).not.toMatch(/margin|600/);
  });

  it('is what is worked out, whatever a client sends', async () => {
    const sent = { margin: { margin: { unit: 'EUR', value: 9 } } };
    const own = desk();
    const made = await own.create(quote([item('1', 'pump')], sent));
    expect(marginOf(made)).toMatchObject({ margin: { value: 400 } });
    expect(marginOf(await own.change(made, sent))).toMatchObject({ margin: { value: 400 } });
    expect(await desk(false).create(quote([item('1', 'pump')], sent))).not.toHaveProperty('margin');
  });

  it('stays what it was when the quote was priced, whatever a part costs later', async () => {
    const parts = catalog();
    const own = new Desk(parts, { withMargin: true });
    const made = await own.create(quote([item('1', 'pump')]));
    parts.set(specification('pump-part', 900));
    const approved = await own.change(made, { state: 'approved' });
    expect(marginOf(approved)).toEqual(marginOf(made));
    await expect(own.change(approved, { margin: {} })).rejects.toMatchObject({ status: 409 });
  });

  it('goes with the prices while the catalog is away', async () => {
    const parts = catalog();
    parts.isAway = true;
    const made = await new Desk(parts, { withMargin: true }).create(
      quote([item('1', 'pump')], { margin: {} }),
    );
    expect(made).not.toHaveProperty('margin');
  });
});
