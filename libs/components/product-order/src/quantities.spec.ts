import type { JsonObject } from '@quotebridge/platform/core';
import fc from 'fast-check';
import { withQuantities } from './quantities';

const money = (value: number): JsonObject => ({ unit: 'EUR', value });
const charge = (net: number, more: JsonObject = {}): JsonObject => ({
  '@type': 'OrderPrice',
  priceType: 'oneTime',
  price: { '@type': 'Price', dutyFreeAmount: money(net), taxIncludedAmount: money(net * 2), taxRate: 100 },
  ...more,
});
const item = (id: string, quantity: number, net: number): JsonObject => ({
  id,
  action: 'add',
  quantity,
  itemPrice: [charge(net), charge(7, { priceType: 'usage' })],
});
const order = (...items: readonly JsonObject[]): JsonObject => ({ productOrderItem: [...items] });
const requantified = (before: JsonObject, quantity: number): JsonObject => {
  const [first = {}, ...rest] = before['productOrderItem'] as JsonObject[];
  return withQuantities(before, { ...before, productOrderItem: [{ ...first, quantity }, ...rest] });
};
const firstOf = (json: JsonObject): JsonObject => (json['productOrderItem'] as JsonObject[])[0] ?? {};

describe('an item that is added after the order was handed over', () => {
  const before = { ...order(item('1', 3, 100)), orderTotalPrice: [charge(100)] };
  const grown = withQuantities(before, {
    ...before,
    productOrderItem: [item('1', 3, 100), { ...item('2', 2, 40), takenOver: { quantity: 99 } }],
  });
  const second = (json: JsonObject): JsonObject => (json['productOrderItem'] as JsonObject[])[1] ?? {};

  it('says so and what it costs, and the order costs that much more', () => {
    expect(second(grown)).toMatchObject({
      itemPrice: [charge(40), {}],
      takenOver: { '@type': 'TakenOverItem', quantity: 2, isAdded: true, itemPrice: [charge(40), {}] },
    });
    expect(grown['orderTotalPrice']).toMatchObject([{ price: { dutyFreeAmount: money(140) } }]);
  });

  it('gives the order a total of its own when it is charged as nothing was before', () => {
    const monthly = (net: number) => charge(net, { priceType: 'recurring', recurringChargePeriod: 'month' });
    const dollars = { price: { dutyFreeAmount: { unit: 'USD', value: 5 } } };
    const renting = { ...item('2', 1, 40), itemPrice: [monthly(30)] };
    const abroad = { ...item('3', 1, 40), itemPrice: [charge(40), charge(0, dollars)] };
    const items = [item('1', 3, 100), renting, abroad];
    const after = withQuantities(before, { ...before, productOrderItem: items });
    const totals = (json: JsonObject) =>
      (json['orderTotalPrice'] as JsonObject[]).map(
        ({ '@type': type, priceType, recurringChargePeriod, price }) => [
          type,
          priceType,
          recurringChargePeriod,
          (price as JsonObject)['dutyFreeAmount'],
        ],
      );
    expect(totals(after)).toEqual([
      ['OrderPrice', 'oneTime', undefined, money(140)],
      ['OrderPrice', 'oneTime', undefined, { unit: 'USD', value: 5 }],
      ['OrderPrice', 'recurring', 'month', money(30)],
    ]);
    const more = { ...after, productOrderItem: [...items.slice(0, 1), { ...renting, quantity: 2 }, abroad] };
    expect(totals(withQuantities(after, more))[2]).toEqual(['OrderPrice', 'recurring', 'month', money(60)]);
  });

  it('has another quantity at the price of one, like the others, and stays an added one', () => {
    const items = grown['productOrderItem'] as JsonObject[];
    const after = withQuantities(grown, {
      ...grown,
      productOrderItem: [items[0] ?? {}, { ...items[1], quantity: 3 }],
    });
    expect(second(after)).toMatchObject({
      quantity: 3,
      itemPrice: [{ price: { dutyFreeAmount: money(60) } }, {}],
      takenOver: { quantity: 2, isAdded: true },
    });
    expect(after['orderTotalPrice']).toMatchObject([{ price: { dutyFreeAmount: money(160) } }]);
  });
});

describe('another quantity of an item that was handed over', () => {
  const before = { ...order(item('1', 3, 100), item('2', 1, 40)), orderTotalPrice: [charge(140)] };

  it('costs that much more, by what one cost, and the order with it; a rate stays', () => {
    const after = requantified(before, 4);
    expect(firstOf(after)).toMatchObject({
      quantity: 4,
      itemPrice: [
        { price: { dutyFreeAmount: money(133.33), taxIncludedAmount: money(266.67), taxRate: 100 } },
        { priceType: 'usage', price: { dutyFreeAmount: money(7) } },
      ],
      takenOver: { '@type': 'TakenOverItem', quantity: 3, itemPrice: [charge(100), {}] },
    });
    expect(after['orderTotalPrice']).toMatchObject([
      { price: { dutyFreeAmount: money(173.33), taxIncludedAmount: money(346.67) } },
    ]);
  });

  it('is nothing when there is no other one', () => {
    expect(requantified(before, 3)).toEqual(before);
    expect(withQuantities(before, { ...before, description: 'x' })['orderTotalPrice']).toEqual(
      before.orderTotalPrice,
    );
  });

  it('costs what it cost when it comes back to what it was, whatever it was in between', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 5 }),
        (quantity, cents, between) => {
          const start = {
            ...order(item('1', quantity, cents / 100)),
            orderTotalPrice: [charge(cents / 100)],
          };
          const end = [...between, quantity].reduce(requantified, start as JsonObject);
          const { takenOver: _taken, ...bare } = firstOf(end);
          expect(bare).toEqual(firstOf(start));
          expect(end['orderTotalPrice']).toEqual(start.orderTotalPrice);
        },
      ),
    );
  });
});
