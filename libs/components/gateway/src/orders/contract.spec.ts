import * as fc from 'fast-check';
import { compileSchema } from '../api/validate';
import { amountFaults, decimalText, totalOf } from './amounts';
import { CONTRACT_BODY, readContract } from './contract';
import { placeInBody, toProductOrder } from './product-order';

const cents = fc.integer({ min: 0, max: 10 ** 9 });
const priceOf = (value: number): string =>
  `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;
const item = fc.record({
  part: fc.string({ minLength: 1, maxLength: 40 }),
  quantity: fc.integer({ min: 1, max: 1_000 }),
  unit_price: cents.map(priceOf),
});
const body = fc.record({
  customer_id: fc.oneof(fc.string({ minLength: 1, maxLength: 40 }), fc.nat()),
  order_number: fc.oneof(fc.integer({ min: 1 }), fc.integer({ min: 1 }).map(String)),
  customer_email: fc.constant('someone@customer.example'),
  payment_status: fc.constantFrom('paid', 'open'),
  items: fc.array(item, { minLength: 1, maxLength: 5 }),
});

describe('the contract with the CRM', () => {
  const check = compileSchema(CONTRACT_BODY.v1);

  it('keeps every value on the way to the product order, under its new name', () => {
    fc.assert(
      fc.property(body, (sent) => {
        expect(check(sent)).toEqual([]);
        const order = readContract(sent, 'EUR');
        expect(order.number).toBe(Number(sent.order_number));
        expect(order.customer.id).toBe(String(sent.customer_id));
        const placed = toProductOrder(order, {
          id: 'o1',
          caller: 'crm',
          digest: 'd',
          offeringOf: (part) => `offering of ${part}`,
        });
        expect(placed).toMatchObject({
          notificationContact: sent.customer_email,
          externalId: [{ owner: 'crm', id: String(Number(sent.order_number)) }],
          businessOrder: { number: Number(sent.order_number), paymentStatus: sent.payment_status },
          productOrderItem: sent.items.map(({ part, quantity }) => ({
            part,
            quantity,
            productOffering: { id: `offering of ${part}` },
          })),
        });
      }),
    );
  });

  it('adds prices as exact decimals: the amount of an order is right to the cent, and no other is', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cents, fc.integer({ min: 1, max: 99 })), { minLength: 1 }), (lines) => {
        const items = lines.map(([value, quantity]) => ({
          part: 'P',
          quantity,
          unitPrice: priceOf(value),
          components: [],
        }));
        const sum = lines.reduce((total, [value, quantity]) => total + BigInt(value) * BigInt(quantity), 0n);
        const exact = `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`;
        const order = { customer: { id: '1' }, payment: {}, currency: 'EUR', items };
        expect(totalOf(items)).toBe(decimalText(exact));
        expect(amountFaults({ ...order, amount: exact })).toEqual([]);
        expect(amountFaults({ ...order, amount: `${exact}1` })).toMatchObject([{ path: '/amount' }]);
      }),
    );
  });

  it.each([
    [{ order_number: 0 }, '/order_number'],
    [{ order_number: 1.5 }, '/order_number'],
    [{ order_number: '12a' }, '/order_number'],
    [{ customer_email: 'nobody' }, '/customer_email'],
    [{ items: [] }, '/items'],
    [{ amount: -1 }, '/amount'],
    [{ amount: '1,5' }, '/amount'],
  ])('refuses %j at %s, and only there', (wrong, path) => {
    const right = {
      customer_id: '1',
      order_number: 1,
      customer_email: 'a@b.example',
      payment_status: 'paid',
      items: [{ part: 'P', quantity: 1 }],
    };
    expect(check({ ...right, ...wrong }).map((fault) => fault.path)).toEqual([path]);
  });

  it.each([
    ['/productOrderItem/1/productOffering/id', '/items/1/part'],
    ['/productOrderItem/0/productOrderItem/2/productOffering', '/items/0/components/2/part'],
    ['/productOrderItem/0/quantity', '/items/0/quantity'],
  ])('a fault of the product order at %s is told at %s', (path, place) => {
    expect(placeInBody(path)).toBe(place);
  });
});
