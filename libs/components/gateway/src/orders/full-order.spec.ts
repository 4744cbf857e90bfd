import type { JsonObject } from '@quotebridge/platform/core';
import { compileSchema } from '../api/validate';
import { FULL_BODY } from './full-order';

/** A part with a structure of so many levels, itself included. */
const part = (levels: number, last: JsonObject = {}): JsonObject =>
  levels === 1
    ? { part: 'P', quantity: 1, ...last }
    : { part: 'P', quantity: 1, components: [part(levels - 1, last)] };

describe('the structure of an order', () => {
  const check = compileSchema(FULL_BODY);
  const faultsOf = (item: JsonObject) => check({ customer: { id: '1' }, items: [item] });

  it('has up to six levels; what lies deeper is refused, not taken unread', () => {
    expect(faultsOf(part(6))).toEqual([]);
    expect(faultsOf(part(7, { quantity: 'many' }))).toEqual([
      {
        path: `/items/0${'/components/0'.repeat(5)}/components`,
        message: expect.stringContaining('no more levels'),
        code: 'maxItems',
      },
    ]);
  });
});

describe('a fault of a body', () => {
  const check = compileSchema(FULL_BODY);

  it.each([
    [{ orderNumber: 0 }, '/orderNumber', 'a whole number above zero'],
    [{ customer: { id: '1', email: 'x' } }, '/customer/email', 'an e-mail address'],
    [{ customer: { id: '1', shipTo: { country: 'Germany' } } }, '/customer/shipTo/country', 'for example DE'],
    [{ currency: 'Euro' }, '/currency', 'for example EUR'],
    [{ callbackUrl: 'x' }, '/callbackUrl', 'an address such as https:'],
    [{ items: [{ part: 'P', quantity: 1.5 }] }, '/items/0/quantity', 'a whole number'],
  ])('says what is expected: %j', (wrong, path, expected) => {
    const body: JsonObject = { customer: { id: '1' }, items: [part(1)], ...wrong };
    expect(check(body)).toEqual([
      expect.objectContaining({ path, message: expect.stringContaining(expected) }),
    ]);
  });
});
